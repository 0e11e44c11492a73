import Glibc
import Testing

@Suite("kpipe -T")
struct TeeTests {
    /// Lines that go to many partitions by their keys.
    private func lines(_ count: Int) -> String {
        (0..<count).map { "k\($0 % 97)=line \($0)\n" }.joined()
    }

    @Test("copies what was acknowledged, in input order over all partitions, byte for byte")
    func copies() throws {
        let sandbox = try SandboxProcess.logs(partitions: 6)
        let input = lines(10_000) + "last=\0\u{ff}"
        let outcome = Kpipe.run(sandbox, "-T", "-K", "=", input: input)
        #expect(outcome.status == 0)
        #expect(outcome.output == Array(input.utf8))
        #expect(sandbox.recordCount() == 10_001)
    }

    @Test("keeps the framing")
    func framing() throws {
        let sandbox = try SandboxProcess.logs()
        for (words, input) in [
            (["--crlf"], "a\r\nb\nc\r\n"), (["-D", "--"], "a--b--"), (["-0"], "a\0b"),
            (["--framing", "u16"], "\0\u{1}a\0\0"), (["--framing", "whole"], "a\nb"),
        ] {
            let outcome = Kpipe.run(sandbox, words + ["-T"], input: Array(input.utf8))
            #expect(outcome.status == 0)
            #expect(outcome.text == input)
        }
    }

    @Test("leaves out failed and skipped records")
    func leavesOut() throws {
        let sandbox = try SandboxProcess.logs(partitions: 3)
        let outcome = Kpipe.run(
            sandbox,
            "-T",
            "-K",
            "=",
            "--key-missing",
            "skip",
            "--skip-empty",
            "--max-record",
            "6",
            input: "a=1\nskip\n\nb=2\nc=toolong\n\nd=3\nskip"
        )
        #expect(outcome.status == 65)
        #expect(outcome.text == "a=1\nb=2\nd=3\n")
        #expect(outcome.summary?["skipped"] == 4 && outcome.summary?["failed"] == 1)
        #expect(outcome.summary?["acked"] == 3)
    }

    /// What is too long is discarded as it comes: none of it may count as acknowledged meanwhile.
    @Test("copies nothing of a record that is too long, however it comes")
    func tooLong() throws {
        let sandbox = try SandboxProcess.logs()
        let large = String(repeating: "x", count: 3_000_000)
        let lines = File("good1\n\(large)\ngood2\n")
        let first = Kpipe.run(sandbox, "-T", lines.path, input: "")
        #expect(first.status == 65)
        #expect(first.text == "good1\ngood2\n")
        let wholes = [File(large), File("small")]
        let second = Kpipe.run(
            sandbox,
            ["-T", "--framing", "whole"] + wholes.map(\.path),
            input: []
        )
        #expect(second.status == 65)
        #expect(second.text == "small")

        let child = Kpipe.start(sandbox, "-T", "--max-record", "100")
        child.write("good1\n" + large.prefix(10_000))
        #expect(child.nextLine() == "good1")
        child.write("xxx\ngood2\nyyy" + large.prefix(10_000))
        #expect(child.nextLine() == "good2")
        child.send(SIGTERM)
        let outcome = child.waitForEnd()
        #expect(outcome.status == 65)
        #expect(outcome.text == "")
    }

    @Test("leaves out what the broker refused, and what follows it is copied")
    func refused() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox, "-T", "-K", "=")
        try sandbox.obey("compact logs")
        child.write("a=1\n")
        #expect(child.nextLine() == "a=1")
        try sandbox.obey("error logs 0 87")
        child.write("b=2\n")
        #expect(child.nextError(with: "record_failed")?.contains("\"record\":2") == true)
        child.write("c=3\n")
        #expect(child.nextLine() == "c=3")
        let outcome = child.finish()
        #expect(outcome.status == 65)
        #expect(try sandbox.values() == ["1", "3"])
    }

    @Test("ends with 74 if nobody reads it, but not the delivery", arguments: [false, true])
    func closedReader(isClosedAtStart: Bool) throws {
        let sandbox = try SandboxProcess.logs()
        let output = Descriptors.pipe()
        close(output.read)
        let child = Kpipe.start(
            sandbox,
            "-T",
            output: isClosedAtStart ? .closed : .descriptor(output.write)
        )
        child.write("a\n")
        #expect(try sandbox.nextValue() == "a")
        let error = try #require(child.nextError(with: "\"error\""))
        #expect(error.contains("standard output"))
        child.write("b\n")
        #expect(try sandbox.nextValue() == "b")
        let outcome = child.finish()
        #expect(outcome.status == 74)
        #expect(outcome.summary?["acked"] == 2 && outcome.summary?["first_unacked"] == .null)
        close(output.write)
    }

    @Test("ends with 74 on a disk that is full")
    func fullDisk() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox, "-T", output: .file("/dev/full"))
        child.write("a\nb\n")
        let outcome = child.finish()
        #expect(outcome.status == 74)
        #expect(outcome.summary?["acked"] == 2)
        #expect(try sandbox.values() == ["a", "b"])
    }

    @Test("holds the input back for a slow reader, and loses nothing")
    func slowReader() throws {
        let sandbox = try SandboxProcess(["--topic", "logs:3", "--null"])
        let output = Descriptors.pipe()
        let child = Kpipe.start(
            sandbox,
            "-T",
            "-X",
            "buffer.memory=4194304",
            "--drain-timeout",
            "600",
            output: .descriptor(output.write)
        )
        close(output.write)
        let input = Array(lines(300_000).utf8)
        child.write(input)
        // While nobody reads the copy, far from all of it is read. A record is acknowledged.
        var copy = Descriptors.read(output.read, count: 1000)
        child.send(SIGUSR1)
        let summary = try child.nextEvent(with: "summary")
        #expect(summary["read"] != .integer(300_000))
        #expect(child.unwrittenCount > 0)
        child.closeInput()
        while true {
            let part = Descriptors.read(output.read, count: 1 << 20)
            if part.isEmpty { break }
            copy += part
            child.keepUp()
        }
        let outcome = child.waitForEnd()
        #expect(outcome.status == 0)
        let isIdentical = copy == input
        #expect(isIdentical, "\(copy.count) of \(input.count)")
        close(output.read)
    }

    @Test("gives up output that nobody reads for the drain timeout: 74")
    func givesUp() throws {
        let sandbox = try SandboxProcess(["--topic", "logs:3", "--null"])
        let output = Descriptors.pipe()
        let child = Kpipe.start(
            sandbox,
            "-T",
            "--drain-timeout",
            "0.5",
            output: .descriptor(output.write)
        )
        child.write(lines(20_000))
        let outcome = child.finish()
        #expect(outcome.status == 74)
        #expect(outcome.summary?["acked"] == 20_000)
        close(output.write)
        close(output.read)
    }
}
