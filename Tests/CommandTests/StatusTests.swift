import Glibc
import Testing

@Suite("kpipe ends with the status")
struct StatusTests {
    /// Patience of a second, for runs that are to lose it.
    private static let impatient = [
        "-X", "request.timeout.ms=500", "-X", "delivery.timeout.ms=1000",
    ]

    private func messages(_ outcome: ChildProcess.Outcome) -> [String] {
        outcome.events("error").compactMap { $0["message"]?.text }
    }

    @Test(
        "64 for what cannot be meant, and reads nothing",
        arguments: [
            ["--nonsense"], ["-c", "x"], ["-D", ""], ["-D", "\\q"], ["--key", "field:x"],
            ["--framing", "u9"], ["--key-missing", "skip"], ["-X", "lingr.ms=1"], ["-C"], ["-L"],
            ["--job", "a"], ["--framing", "u8", "-0"], ["-z", "brotli"],
        ]
    )
    func usage(words: [String]) throws {
        let file = File("a\n")
        let descriptor = file.opened()
        let all = Kpipe.words(nil, words)
        let child = ChildProcess(all.map { Array($0.utf8) }, input: .descriptor(descriptor))
        let outcome = child.waitForEnd()
        #expect(outcome.status == 64)
        #expect(messages(outcome).count == 1)
        #expect(outcome.events.count == 1)
        #expect(lseek(descriptor, 0, SEEK_CUR) == 0)
        close(descriptor)
    }

    @Test("65 if some records failed for what they are, and the others were acknowledged")
    func recordsFailed() throws {
        let sandbox = try SandboxProcess.logs()
        let outcome = Kpipe.run(sandbox, "--max-record", "3", input: "a\nlong\nb\n")
        #expect(outcome.status == 65)
        #expect(outcome.failed.count == 1)
        let failed = try #require(outcome.failed.first)
        #expect(failed["input"] == "-" && failed["record"] == 2 && failed["offset"] == 2)
        #expect(failed["size"] == 5 && failed["topic"] == "logs" && failed["partition"] == .null)
        #expect(failed["outcome"] == "failed" && failed["attempts"] == 0)
        let summary = try #require(outcome.summary)
        #expect(summary["read"] == 3 && summary["acked"] == 2 && summary["failed"] == 1)
        #expect(summary["unknown"] == 0 && summary["skipped"] == 0 && summary["bytes"] == 9)
        #expect(summary["first_unacked"]?["record"] == 2)
        #expect(summary["first_unacked"]?["offset"] == 2)
        #expect(try sandbox.values() == ["a", "b"])
    }

    @Test("69 if no broker is there until the deadline; a notice says so within a second")
    func brokersDown() throws {
        let sandbox = try SandboxProcess.logs()
        try sandbox.obey("kill 0")
        let child = Kpipe.start(sandbox, "-X", "delivery.timeout.ms=1500")
        child.write("a\nb\nunfin")
        let notice = try #require(child.nextError(with: "waiting_for_brokers"))
        #expect(notice.contains(sandbox.bootstrap))
        // It ends although its input does not.
        let outcome = child.waitForEnd()
        #expect(outcome.status == 69)
        #expect(outcome.failed.map { $0["record"] } == [1, 2])
        #expect(outcome.failed.allSatisfy { $0["outcome"] == "failed" })
        #expect(outcome.failed.map { $0["value"] } == ["a", "b"])
        #expect(messages(outcome).count == 1)
        #expect(outcome.summary?["first_unacked"]?["record"] == 1)
        #expect(try sandbox.values() == [])
    }

    @Test("69 if a topic may not be created, and names it")
    func noTopic() throws {
        let sandbox = try SandboxProcess(["--no-auto-create", "--print"])
        let words = Self.impatient + ["-X", "allow.auto.create.topics=false"]
        let outcome = Kpipe.run(sandbox, words, input: Array("a\n".utf8))
        #expect(outcome.status == 69)
        #expect(outcome.failed.map { $0["record"] } == [1])
        #expect(messages(outcome).first?.contains("logs") == true)
        #expect(try sandbox.values() == [])
    }

    @Test("70 if the broker calls a request invalid")
    func bug() throws {
        let sandbox = try SandboxProcess.logs()
        try sandbox.obey("error logs 0 42")
        let outcome = Kpipe.run(sandbox, input: "a\n")
        #expect(outcome.status == 70)
        #expect(outcome.failed.first?["error"] == "INVALID_REQUEST")
        #expect(outcome.failed.first?["code"] == 42)
        #expect(outcome.failed.first?["attempts"] == 1)
        #expect(try sandbox.values() == [])
    }

    @Test("74 if reading fails; what was read is delivered, the next input too")
    func readFails() throws {
        let sandbox = try SandboxProcess.logs()
        let unreadable = File("lost\n")
        let descriptor = Descriptors.open(unreadable.path, O_WRONLY)
        let file = File("a\n")
        let child = Kpipe.start(sandbox, file.path, "-", file.path, input: .descriptor(descriptor))
        let outcome = child.waitForEnd()
        #expect(outcome.status == 74)
        #expect(messages(outcome).first?.contains("standard input") == true)
        #expect(outcome.summary?["first_unacked"]?["input"] == "-")
        #expect(try sandbox.values() == ["a", "a"])
        close(descriptor)
    }

    @Test("75 if the outcome of records is unknown")
    func unknown() throws {
        let sandbox = try SandboxProcess.logs()
        try sandbox.obey("hang logs 0 100")
        let outcome = Kpipe.run(sandbox, Self.impatient, input: Array("a\nb\n".utf8))
        #expect(outcome.status == 75)
        #expect(outcome.failed.map { $0["outcome"] } == ["unknown", "unknown"])
        #expect(outcome.summary?["unknown"] == 2)
        #expect(outcome.summary?["acked"] == 0)
        // It is in the log, and at most once.
        #expect(try sandbox.values() == ["a", "b"])
    }

    @Test("69 if who answers is no broker")
    func noBroker() throws {
        let server = try GarbageServer()
        let words =
            [Kpipe.executable, "-b", server.address, "-t", "logs"] + Self.impatient
        let child = ChildProcess(words.map { Array($0.utf8) })
        child.write("a\n")
        server.answer(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        let outcome = child.finish()
        #expect(outcome.status == 69)
        #expect(outcome.failed.map { $0["record"] } == [1])
    }

    @Test("76 if the broker calls what we send corrupt, however often it is sent")
    func protocolBroken() throws {
        let sandbox = try SandboxProcess.logs()
        try sandbox.obey("error logs 0 2 100")
        let outcome = Kpipe.run(sandbox, input: "a\n")
        #expect(outcome.status == 76)
        #expect(outcome.failed.map { $0["error"] } == ["CORRUPT_MESSAGE"])
        #expect(outcome.failed.map { $0["attempts"] } == [4])
        #expect(try sandbox.values() == [])
    }

    @Test("77 if we may not write to the topic")
    func denied() throws {
        let sandbox = try SandboxProcess.logs()
        try sandbox.obey("error logs 0 29")
        let outcome = Kpipe.run(sandbox, input: "a\n")
        #expect(outcome.status == 77)
        #expect(outcome.failed.first?["error"] == "TOPIC_AUTHORIZATION_FAILED")
        #expect(try sandbox.values() == [])
    }

    @Test(
        "78 for a configuration that cannot be in force",
        arguments: [
            ["acks=1", "enable.idempotence=true"], ["linger.ms=soon"], ["buffer.memory=1000000"],
            ["security.protocol=nonsense"],
        ]
    )
    func configuration(settings: [String]) {
        let outcome = Kpipe.run(nil, settings.flatMap { ["-X", $0] }, input: [])
        #expect(outcome.status == 78)
        #expect(messages(outcome).count == 1)
    }
}
