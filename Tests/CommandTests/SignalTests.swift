import Glibc
import Testing

@Suite("A signal to kpipe")
struct SignalTests {
    @Test(
        "ends an idle run: an unfinished record is not sent, and its offset is named",
        arguments: [SIGTERM, SIGINT, SIGHUP]
    )
    func idle(signal: Int32) throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox)
        child.write("a\nb\nunfinished")
        #expect(try sandbox.nextValue() == "a")
        #expect(try sandbox.nextValue() == "b")
        child.send(signal)
        let outcome = child.waitForEnd()
        #expect(outcome.status == 128 + signal)
        let summary = try #require(outcome.summary)
        #expect(summary["read"] == 2 && summary["acked"] == 2 && summary["bytes"] == 4)
        #expect(summary["first_unacked"]?["offset"] == 4)
        #expect(summary["first_unacked"]?["record"] == 3)
        #expect(try sandbox.values() == [])
    }

    @Test("before anything was read ends the run")
    func early() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox, "-v")
        #expect(child.nextError(with: "connected") != nil)
        child.send(SIGUSR1)
        #expect(child.nextError(with: "summary") != nil)
        child.send(SIGTERM)
        let outcome = child.waitForEnd()
        #expect(outcome.status == 128 + SIGTERM)
        #expect(outcome.summary?["read"] == 0)
        #expect(outcome.summary?["first_unacked"]?["offset"] == 0)
    }

    @Test("in the middle of a load sends the whole records that were read, and no others")
    func busy() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox)
        child.write((1...100_000).map { "\($0)\n" }.joined())
        #expect(try sandbox.nextValue() == "1")
        child.send(SIGTERM)
        let outcome = child.waitForEnd()
        let arrived = sandbox.recordCount() + 1
        let summary = try #require(outcome.summary)
        #expect(summary["acked"] == .integer(arrived))
        #expect(summary["read"] == .integer(arrived))
        if outcome.status == 0 {
            #expect(arrived == 100_000)
        } else {
            #expect(outcome.status == 128 + SIGTERM)
            #expect(summary["first_unacked"]?["record"] == .integer(arrived + 1))
        }
    }

    @Test("after the end of the input changes no status")
    func afterTheEnd() throws {
        let sandbox = try SandboxProcess.logs()
        try sandbox.obey("latency 0 300")
        let child = Kpipe.start(sandbox)
        child.write("a\n")
        child.closeInput()
        #expect(try sandbox.nextValue() == "a")
        child.send(SIGTERM)
        let outcome = child.waitForEnd()
        #expect(outcome.status == 0)
        #expect(outcome.summary?["acked"] == 1)
    }

    @Test("that comes twice stops at once, and what is unacknowledged is named: 75")
    func twice() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox)
        try sandbox.obey("hang logs 0 9")
        child.write("a\n")
        #expect(try sandbox.nextValue() == "a")
        child.write("b\nc")
        child.send(SIGINT)
        child.send(SIGUSR1)
        #expect(child.nextError(with: "summary") != nil)
        child.send(SIGINT)
        let outcome = child.waitForEnd()
        #expect(outcome.status == 75)
        #expect(outcome.failed.first?["value"] == "a")
        #expect(outcome.failed.first?["outcome"] == "unknown")
        #expect(outcome.summary?["unknown"] == 1)
        #expect(outcome.summary?["first_unacked"]?["record"] == 1)
    }

    @Test("waits no longer than the drain timeout: 75")
    func drainTimeout() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox, "--drain-timeout", "0.3")
        try sandbox.obey("hang logs 0 9")
        child.write("a\n")
        #expect(try sandbox.nextValue() == "a")
        child.send(SIGTERM)
        let outcome = child.waitForEnd()
        #expect(outcome.status == 75)
        #expect(outcome.failed.map { $0["outcome"] } == ["unknown"])
    }

    @Test("while brokers are away gives up what was never sent: 75, failed")
    func neverSent() throws {
        let sandbox = try SandboxProcess.logs()
        try sandbox.obey("kill 0")
        let child = Kpipe.start(sandbox, "--drain-timeout", "0.3")
        child.write("a\nb\n")
        #expect(child.nextError(with: "waiting_for_brokers") != nil)
        child.send(SIGTERM)
        let outcome = child.waitForEnd()
        #expect(outcome.status == 75)
        #expect(outcome.failed.map { $0["outcome"] } == ["failed", "failed"])
        #expect(outcome.failed.map { $0["attempts"] } == [0, 0])
    }

    @Test("that was ignored at the start stays ignored")
    func ignored() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.shell("trap '' HUP; exec \"$@\"", sandbox)
        child.write("a\n")
        #expect(try sandbox.nextValue() == "a")
        child.send(SIGHUP)
        child.write("b\n")
        #expect(try sandbox.nextValue() == "b")
        let outcome = child.finish()
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
    }

    @Test("that is SIGUSR1 prints a summary, and the run goes on")
    func summary() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox, "-T")
        child.write("a\n")
        #expect(child.nextLine() == "a")
        child.send(SIGUSR1)
        let summary = try child.nextEvent(with: "summary")
        #expect(summary["read"] == 1 && summary["acked"] == 1)
        child.write("b\n")
        #expect(child.nextLine() == "b")
        #expect(child.finish().status == 0)
    }
}
