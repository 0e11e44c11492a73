import Testing

@Suite("An outage under kpipe")
struct OutageTests {
    @Test("of all brokers at the start is waited out")
    func atStart() throws {
        let sandbox = try SandboxProcess.logs()
        try sandbox.obey("kill 0")
        let child = Kpipe.start(sandbox)
        child.write("a\nb\n")
        #expect(child.nextError(with: "waiting_for_brokers") != nil)
        try sandbox.obey("revive 0")
        #expect(try sandbox.nextValue() == "a")
        let outcome = child.finish()
        #expect(outcome.status == 0)
        #expect(outcome.failed.isEmpty)
        #expect(try sandbox.values() == ["b"])
    }

    @Test("in the middle loses nothing, doubles nothing and keeps the order")
    func inTheMiddle() throws {
        let sandbox = try SandboxProcess.logs(partitions: 2)
        let child = Kpipe.start(sandbox, "-T", "-p", "0")
        child.write("first\n")
        #expect(child.nextLine() == "first")
        try sandbox.obey("drop-answer logs 0")
        child.write((0..<5_000).map { "\($0)\n" }.joined())
        try sandbox.obey("kill 0")
        child.write((5_000..<10_000).map { "\($0)\n" }.joined())
        try sandbox.obey("revive 0")
        let outcome = child.finish()
        #expect(outcome.status == 0)
        #expect(outcome.failed.isEmpty)
        let expected = (0..<10_000).map { "\($0)" }
        let isCopied = outcome.text == expected.map { $0 + "\n" }.joined()
        #expect(isCopied)
        let arrived = try sandbox.values().dropFirst()
        let isWhole = arrived.elementsEqual(expected.map { $0 })
        #expect(isWhole, "\(arrived.count) arrived")
    }

    @Test("of one broker of three lets the others go on")
    func oneOfThree() throws {
        let sandbox = try SandboxProcess(
            "--brokers",
            "3",
            "--topic",
            "logs:3",
            "--print",
            "--do",
            "move logs 1 1"
        )
        #expect(sandbox.nextError() == "ok move logs 1 1")
        let child = Kpipe.start(sandbox, "-T")
        child.write("a\n")
        #expect(child.nextLine() == "a")
        try sandbox.obey("elect 1")
        child.write((0..<9000).map { "\($0)\n" }.joined())
        let outcome = child.finish()
        #expect(outcome.status == 0)
        #expect(sandbox.recordCount() == 9001)
    }

    @Test("that outlasts the deadline in the middle ends the reading: 69, and each is named")
    func lasting() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(
            sandbox,
            "-T",
            "-X",
            "request.timeout.ms=500",
            "-X",
            "delivery.timeout.ms=1000"
        )
        child.write("a\n")
        #expect(child.nextLine() == "a")
        try sandbox.obey("kill 0")
        child.write("b\nc\n")
        let outcome = child.waitForEnd()
        #expect(outcome.status == 69)
        #expect(outcome.failed.map { $0["value"] } == ["b", "c"])
        #expect(outcome.failed.allSatisfy { $0["outcome"] == "failed" })
        #expect(outcome.summary?["acked"] == 1)
        #expect(outcome.summary?["first_unacked"]?["record"] == 2)
        #expect(try sandbox.records().count == 1)
    }
}
