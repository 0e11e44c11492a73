import Testing

/// Lines of compressed input would be garbage: until it can be read, it is refused.
@Suite("Compressed input")
struct CompressedInputTests {
    @Test(
        "is refused by its first bytes, and the other inputs are read: 66",
        arguments: [[0x1f, 0x8b, 8, 0, 10, 1, 10], [0x28, 0xb5, 0x2f, 0xfd, 0, 10]] as [[UInt8]]
    )
    func refused(_ bytes: [UInt8]) throws {
        let sandbox = try SandboxProcess.logs()
        let plain = File("1\n")
        let compressed = File(bytes)
        let outcome = Kpipe.run(sandbox, plain.path, compressed.path, plain.path)
        #expect(outcome.status == 66)
        #expect(outcome.failed.isEmpty)
        #expect(outcome.summary?["first_unacked"]?["input"]?.text == compressed.path)
        #expect(try sandbox.values() == ["1", "1"])
    }

    @Test("is not taken for what only begins like it", arguments: ["(", "(a)\n", "\u{1f}\n"])
    func alike(_ text: String) throws {
        let sandbox = try SandboxProcess.logs()
        #expect(Kpipe.run(sandbox, input: text).status == 0)
        #expect(try sandbox.values().count == 1)
    }

    @Test("is left alone where records are not lines")
    func framed() throws {
        let sandbox = try SandboxProcess.logs()
        let outcome = Kpipe.run(sandbox, ["--framing", "u16"], input: [0x1f, 0x8b])
        #expect(outcome.status == 65, "\(outcome.errors)")
        #expect(outcome.failed.count == 1)
        #expect(try sandbox.values().isEmpty)
    }
}
