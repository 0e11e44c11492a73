import Testing

extension IntegrationTests {
    /// What becomes of records when the broker dies.
    ///
    /// It comes back on the same port, with its data.
    @Suite("Outage", .enabled(if: Kafka.hasTool))
    struct OutageTests {
        private let topic = Kafka.newTopic("outage")

        @Test("a broker killed while a load runs costs no record and doubles none")
        func killed() {
            let lines = IntegrationTests.lines(300_000)
            let third = lines.count / 3
            let kpipe = Kpipe.start(["-t", topic, "-p", "0"], input: .pipe, seconds: 150)
            kpipe.write(IntegrationTests.text(Array(lines[..<third])))
            Kafka.tool("kill")
            kpipe.write(IntegrationTests.text(Array(lines[third..<2 * third])))
            Kafka.tool("restart")
            kpipe.write(IntegrationTests.text(Array(lines[(2 * third)...])))
            let outcome = kpipe.finish()
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(IntegrationTests.difference(Kafka.read(topic), from: lines) == nil)
        }

        @Test("a broker that stops answering for a while costs no record and doubles none")
        func paused() {
            let lines = IntegrationTests.lines(100_000)
            let half = lines.count / 2
            let kpipe = Kpipe.start(
                ["-t", topic, "-p", "0", "-X", "request.timeout.ms=1000"],
                input: .pipe,
                seconds: 150
            )
            kpipe.write(IntegrationTests.text(Array(lines[..<half])))
            Kafka.tool("pause")
            kpipe.write(IntegrationTests.text(Array(lines[half...])))
            // The next kpipe finds nobody who answers, says so, and gives up: by then requests
            // of the first have timed out.
            let other = Kpipe.run(["-t", topic, "-X", "delivery.timeout.ms=3000"], text: "lost\n")
            #expect(other.status == 69 || other.status == 75)
            Kafka.tool("resume")
            let outcome = kpipe.finish()
            #expect(outcome.status == 0, "\(outcome.errors)")
            let records = Kafka.read(topic).filter { $0.text != "lost" }
            #expect(IntegrationTests.difference(records, from: lines) == nil)
        }
    }
}
