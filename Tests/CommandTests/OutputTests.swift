import Glibc
import Testing

@Suite("What kpipe says")
struct OutputTests {
    /// Lines of which each fails, with much to say of it.
    private let failing = (1...5_000).map { "line number \($0)\n" }.joined()

    @Test("with -q is failures and errors alone")
    func quiet() throws {
        let sandbox = try SandboxProcess.logs()
        let outcome = Kpipe.run(sandbox, "-q", "-K", "=", "/nonexistent/x", "-", input: "a=1\nb\n")
        #expect(outcome.status == 65)
        #expect(outcome.events.map { $0["event"] } == ["error", "record_failed"])
        #expect(try sandbox.values() == ["1"])
    }

    @Test("with -d is what was said to the broker, and nothing of what was not asked for")
    func details() throws {
        let sandbox = try SandboxProcess.logs()
        let all = Kpipe.run(sandbox, "-d", "all", input: "secret\n")
        #expect(all.status == 0)
        let names = Set(all.events("notice").compactMap { $0["notice"]?.text })
        #expect(names.isSuperset(of: ["broker", "topic", "msg", "protocol", "eos"]))
        #expect(!all.errors.contains("secret"))
        let one = Kpipe.run(sandbox, "-d", "msg", input: "2\n")
        let details = one.events("notice").filter { $0["notice"]?.text == "msg" }
        #expect(details.count == 1)
        #expect(details.first?["message"]?.text?.contains("NONE, offset 1") == true)
        #expect(!one.events("notice").contains { $0["notice"]?.text == "protocol" })
    }

    @Test("with -v is a summary too, and what it does: connections and why batches left")
    func verbose() throws {
        let sandbox = try SandboxProcess.logs()
        let outcome = Kpipe.run(sandbox, "-v", input: "a\n")
        #expect(outcome.status == 0)
        #expect(outcome.summary?["acked"] == 1)
        #expect(outcome.summary?["first_unacked"] == .null)
        let names = outcome.events("notice").compactMap { $0["notice"]?.text }
        #expect(names.contains("connected"))
        #expect(names.contains("flushed"))
        #expect(outcome.errors.contains("sent 1 request with records: 1 "))
        let quiet = Kpipe.run(sandbox, input: "a\n")
        #expect(quiet.errors == "")
    }

    @Test("on a terminal is sentences, but for failed records; JSON with --json-errors")
    func terminal() throws {
        for (words, start) in [([], "kpipe: "), (["--json-errors"], "{\"event\":\"error\"")] {
            let (typed, shown) = Descriptors.terminal()
            let all = Kpipe.words(nil, words + ["/nonexistent/x"])
            let child = ChildProcess(all.map { Array($0.utf8) }, errors: .descriptor(shown))
            child.closeInput()
            let text = String(decoding: Descriptors.read(typed, count: 4096), as: UTF8.self)
            #expect(text.hasPrefix(start), "\(text)")
            #expect(child.finish().status == 66)
            close(typed)
            close(shown)
        }
    }

    @Test("leaves values out with --omit-values")
    func omitValues() throws {
        let sandbox = try SandboxProcess.logs()
        let outcome = Kpipe.run(sandbox, "--omit-values", "-K", "=", input: "secret\n")
        #expect(outcome.status == 65)
        #expect(outcome.failed.count == 1)
        #expect(outcome.failed.first?["value"] == nil)
        #expect(!outcome.errors.contains("secret"))
    }

    @Test("with acks=0 does not claim what was not confirmed")
    func unconfirmed() throws {
        let sandbox = try SandboxProcess.logs()
        let outcome = Kpipe.run(sandbox, "-X", "acks=0", "-v", input: "a\n")
        #expect(outcome.status == 0)
        #expect(outcome.summary?["note"]?.text?.contains("acks=0") == true)
        // Nothing is confirmed: kpipe may well have ended before the sandbox reads what it sent.
        #expect(try sandbox.nextValue() == "a")
        #expect(try sandbox.values() == [])
    }

    @Test("holds the input back while nobody reads it, and none of it is lost")
    func slowReader() throws {
        let sandbox = try SandboxProcess.logs()
        let errors = Descriptors.pipe()
        let child = Kpipe.start(sandbox, "-T", "-K", "=", errors: .descriptor(errors.write))
        close(errors.write)
        child.write("a=1\n")
        // Acknowledgements are not held back.
        #expect(child.nextLine() == "a=1")
        child.write(failing)
        child.write("b=2\n")
        child.closeInput()
        var text: [UInt8] = []
        while true {
            let part = Descriptors.read(errors.read, count: 65536)
            if part.isEmpty { break }
            text += part
            child.keepUp()
        }
        let outcome = child.waitForEnd()
        #expect(outcome.status == 65)
        #expect(outcome.text == "b=2\n")
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 5_001)
        let records = lines.dropLast().map { JSON($0)?["record"] }
        let isWhole = records.elementsEqual((2...5_001).map { JSON.integer($0) })
        #expect(isWhole)
        close(errors.read)
    }

    @Test("is not missed while there is nothing to say")
    func closed() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox, errors: .closed)
        child.write("a\n")
        #expect(child.finish().status == 0)
        #expect(try sandbox.values() == ["a"])
    }

    /// What could not be written at once was given up, names and summary.
    @Test("is written to its end also where a drain timeout of 0 waits for nothing")
    func noDrainTimeout() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox, "--drain-timeout", "0", "-K", "=")
        child.write((1...20_000).map { "line number \($0)\n" }.joined())
        let outcome = child.finish()
        #expect(outcome.status == 65)
        #expect(outcome.failed.count == 20_000)
        #expect(outcome.summary?["failed"] == 20_000)
    }

    @Test("at the end and nobody reads is given up after the drain timeout: 74")
    func givesUp() throws {
        let sandbox = try SandboxProcess.logs()
        let errors = Descriptors.pipe()
        let stream = ChildProcess.Stream.descriptor(errors.write)
        let words = ["--drain-timeout", "0.5", "-K", "="]
        let child = Kpipe.start(sandbox, words, errors: stream)
        // More than the pipe holds, and less than holds back the input.
        child.write((1...350).map { "line number \($0)\n" }.joined())
        #expect(child.finish().status == 74)
        close(errors.write)
        close(errors.read)
    }

    @Test("and nobody reads does not hold up the end that a signal asks for")
    func signal() throws {
        let sandbox = try SandboxProcess.logs()
        let errors = Descriptors.pipe()
        let stream = ChildProcess.Stream.descriptor(errors.write)
        let words = ["-T", "--drain-timeout", "0.5", "-K", "="]
        let child = Kpipe.start(sandbox, words, errors: stream)
        child.write("a=1\n" + failing)
        #expect(child.nextLine() == "a=1")
        child.send(SIGTERM)
        let status = child.waitForEnd().status
        #expect(status == 74 || status == 75)
        close(errors.write)
        close(errors.read)
    }

    @Test("and nobody reads does not hold up a second signal")
    func secondSignal() throws {
        let sandbox = try SandboxProcess.logs()
        let errors = Descriptors.pipe()
        let child = Kpipe.start(sandbox, "-T", "-K", "=", errors: .descriptor(errors.write))
        child.write("a=1\n" + failing)
        #expect(child.nextLine() == "a=1")
        child.send(SIGTERM)
        child.send(SIGINT)
        let status = child.waitForEnd().status
        #expect(status == 74 || status == 75)
        close(errors.write)
        close(errors.read)
    }

    @Test(
        "that cannot be written stops the reading; what was read is delivered: 74",
        arguments: ["/dev/full", "closed", "reader"]
    )
    func unwritable(kind: String) throws {
        let sandbox = try SandboxProcess.logs()
        let errors = Descriptors.pipe()
        close(errors.read)
        let stream: ChildProcess.Stream =
            switch kind {
            case "closed": .closed
            case "reader": .descriptor(errors.write)
            default: .file(kind)
            }
        let child = Kpipe.start(sandbox, "-K", "=", errors: stream)
        child.write("a=1\nfails\n")
        // It ends although its input does not.
        let outcome = child.waitForEnd()
        #expect(outcome.status == 74)
        #expect(try sandbox.values() == ["1"])
        close(errors.write)
    }
}
