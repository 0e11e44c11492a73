import Testing

extension IntegrationTests {
    @Suite("Failures")
    struct FailureTests {
        private let topic = Kafka.newTopic("failures")

        @Test("names a record that no broker would take, and delivers the others")
        func tooLargeForUs() {
            let large = String(repeating: "x", count: 1_100_000)
            let outcome = Kpipe.run(["-t", topic, "-p", "0"], text: "a\n\(large)\nb\n")
            #expect(outcome.status == 65)
            let failures = outcome.errorLines(with: "record_failed")
            #expect(failures.count == 1)
            for part in [
                #""record":2"#, #""offset":2"#, #""size":1100001"#, "MESSAGE_TOO_LARGE",
                #""outcome":"failed""#, #""attempts":0"#,
            ] {
                #expect(failures.first?.contains(part) == true, "\(part)")
            }
            #expect(outcome.errorLines(with: "summary").count == 1)
            #expect(Kafka.read(topic).map(\.text) == ["a", "b"])
        }

        @Test(
            "splits a batch that its topic finds too large until the guilty record stands alone",
            .enabled(if: Kafka.hasTool)
        )
        func tooLargeForTheTopic() {
            Kafka.tool(
                "topics",
                "--create",
                "--topic",
                topic,
                "--partitions",
                "1",
                "--config",
                "max.message.bytes=2000"
            )
            var lines = IntegrationTests.lines(2000)
            let large = String(repeating: "x", count: 3000)
            lines.insert(large, at: 1000)
            let outcome = Kpipe.run(["-t", topic], text: IntegrationTests.text(lines))
            #expect(outcome.status == 65)
            let failures = outcome.errorLines(with: "record_failed")
            #expect(failures.count == 1)
            #expect(failures.first?.contains(#""record":1001"#) == true)
            #expect(failures.first?.contains(#""error":"MESSAGE_TOO_LARGE","code":10"#) == true)
            lines.remove(at: 1000)
            #expect(IntegrationTests.difference(Kafka.read(topic), from: lines) == nil)
        }

        @Test("names a record that a compacted topic refuses", .enabled(if: Kafka.hasTool))
        func compacted() {
            Kafka.tool(
                "topics",
                "--create",
                "--topic",
                topic,
                "--partitions",
                "1",
                "--config",
                "cleanup.policy=compact"
            )
            let outcome = Kpipe.run(
                ["-t", topic, "-K", ":", "--key-missing", "null"],
                text: "a:1\nno key\nb:2\n"
            )
            #expect(outcome.status == 65)
            let failures = outcome.errorLines(with: "record_failed")
            #expect(failures.count == 1)
            #expect(failures.first?.contains(#""record":2"#) == true)
            #expect(failures.first?.contains("INVALID_RECORD") == true)
            #expect(Kafka.read(topic).map(\.keyText) == ["a", "b"])
        }

        @Test("reads on after an input that is not there")
        func missingFile() {
            let file = TemporaryFile("a\n")
            let kpipe = Kpipe.start(["-t", topic, "/nowhere/to/be/found", file.path])
            let outcome = kpipe.finish()
            #expect(outcome.status == 66)
            #expect(outcome.errors.contains("/nowhere/to/be/found"))
            #expect(Kafka.read(topic).map(\.text) == ["a"])
        }

        @Test("ends with what was not delivered named when no broker is there")
        func noBroker() {
            let file = TemporaryFile("a\nb\n")
            let kpipe = ChildProcess([
                Kpipe.path, "-F", "none", "-b", "127.0.0.1:1", "-t", topic, "-X",
                "delivery.timeout.ms=2000", file.path,
            ])
            let outcome = kpipe.finish()
            #expect(outcome.status == 69)
            #expect(!outcome.errorLines(with: "notice").isEmpty)
            #expect(outcome.errorLines(with: "record_failed").count == 2)
        }

        @Test("ends when a live broker does not know the topic, and names it")
        func noTopic() {
            let outcome = Kpipe.run(
                ["-t", topic, "-X", "allow.auto.create.topics=false"],
                text: "a\n"
            )
            #expect(outcome.status == 69)
            #expect(outcome.errors.contains(topic))
            #expect(outcome.errors.contains("--create-topic"))
        }

        @Test("refuses a topic's name that Kafka refuses")
        func invalidTopic() {
            let outcome = Kpipe.run(["-t", "no blanks"], text: "a\n")
            #expect(outcome.status == 64)
        }
    }
}
