import Glibc
import Testing

@Suite("kpipe -c N and --max-record")
struct CountTests {
    @Test("leave a seekable input behind the N-th record, for who reads it next")
    func seekable() throws {
        let sandbox = try SandboxProcess.logs()
        let file = File("a\n\nb\nc\nd\ne\n")
        let descriptor = file.opened()
        let child = Kpipe.shell(
            "{ \"$@\" -c 3 --skip-empty; echo $?; cat; }",
            sandbox,
            input: .descriptor(descriptor)
        )
        let outcome = child.finish()
        #expect(outcome.text == "0\nd\ne\n")
        #expect(outcome.errors == "")
        #expect(try sandbox.values() == ["a", "b", "c"])
        close(descriptor)
    }

    @Test("end a run over a pipe that stays open, with 0 when these were acknowledged")
    func pipe() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox, "-c", "2", "-v")
        child.write("a\nb\nc\n")
        let outcome = child.waitForEnd()
        #expect(outcome.status == 0)
        #expect(outcome.summary?["read"] == 2 && outcome.summary?["first_unacked"] == .null)
        #expect(try sandbox.values() == ["a", "b"])
    }

    @Test("count over all FILEs, failed records too")
    func files() throws {
        let sandbox = try SandboxProcess.logs()
        let first = File("a\nlong\n")
        let second = File("b\nc\n")
        let words = ["-c", "3", "--max-record", "2", first.path, second.path]
        let outcome = Kpipe.run(sandbox, words, input: [])
        #expect(outcome.status == 65)
        #expect(outcome.failed.map { $0["record"] } == [2])
        #expect(try sandbox.values() == ["a", "b"])
    }

    @Test("with a number that the input does not reach, or that is 0, end well")
    func ends() throws {
        let sandbox = try SandboxProcess.logs()
        #expect(Kpipe.run(sandbox, "-c", "5", input: "a\n").status == 0)
        let file = File("x\ny\n")
        let descriptor = file.opened()
        let child = Kpipe.start(sandbox, "-c", "0", input: .descriptor(descriptor))
        let outcome = child.waitForEnd()
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(lseek(descriptor, 0, SEEK_CUR) == 0)
        #expect(try sandbox.values() == ["a"])
        close(descriptor)
    }

    @Test("pass over a line of any length in bounded memory, and go on after it")
    func hugeLine() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox)
        child.write("a\n")
        #expect(try sandbox.nextValue() == "a")
        let before = child.peakMemory
        let size = 30_000_000
        child.write([UInt8](repeating: 0x78, count: size))
        child.write("\nb\n")
        let failed = try child.nextEvent(with: "record_failed")
        let grown = child.peakMemory - before
        #expect(grown < 8 << 20, "\(before) and \(grown)")
        #expect(failed["record"] == 2 && failed["offset"] == 2)
        #expect(failed["size"] == .integer(size + 1))
        #expect(failed["error"] == "MESSAGE_TOO_LARGE" && failed["code"] == 10)
        #expect(failed["value"] == .null)
        #expect(failed["message"]?.text?.contains("max.request.size") == true)
        #expect(try sandbox.nextValue() == "b")
        #expect(child.finish().status == 65)
    }

    @Test("name a record that is over the limit by what limited it")
    func limits() throws {
        let sandbox = try SandboxProcess.logs()
        let long = String(repeating: "x", count: 1_048_577) + "\n"
        let request = Kpipe.run(sandbox, "--omit-values", input: long)
        #expect(request.status == 65)
        #expect(request.failed.map { $0["error"] } == ["MESSAGE_TOO_LARGE"])
        #expect(request.failed.map { $0["attempts"] } == [0])
        let own = Kpipe.run(sandbox, "--max-record", "4", input: "12345\n1234\n")
        #expect(own.failed.map { $0["error"] } == ["RECORD_TOO_LONG"])
        #expect(own.failed.map { $0["code"] } == [.null])
        #expect(try sandbox.values() == ["1234"])
    }

    @Test("take records that max.request.size allows, near the limit and beyond the default")
    func large() throws {
        let sandbox = try SandboxProcess.logs("--max-message-bytes", "30000000")
        let million = String(repeating: "x", count: 1_048_000) + "\n"
        #expect(Kpipe.run(sandbox, input: million).status == 0)
        let words = ["-X", "max.request.size=12000000", "--max-record", "11000000"]
        let ten = [UInt8](repeating: 0x78, count: 10_000_000) + [10]
        #expect(Kpipe.run(sandbox, words, input: ten + ten).status == 0)
        #expect(
            try sandbox.records().map { $0.value?.count } == [1_048_000, 10_000_000, 10_000_000]
        )
    }

    @Test("refuse a --max-record that max.request.size cannot carry")
    func tooLarge() {
        let outcome = Kpipe.run(nil, "--max-record", "2000000", input: "")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("max.request.size"))
    }
}
