import Testing

extension IntegrationTests {
    @Suite("The benchmark against a real Kafka")
    struct BenchmarkTests {
        private let topic = Kafka.newTopic("bench")

        /// Runs it with two hundred lines and one round.
        private func bench(_ producers: String...) -> ChildProcess.Outcome {
            let folders = #filePath.split(separator: "/").dropLast(3)
            let script = folders.map { "/" + $0 }.joined() + "/scripts/bench-kafka"
            // The topic has to be there.
            #expect(Kpipe.run(["-t", topic], text: "first\n").status == 0)
            let options = [
                "--kpipe", Kpipe.path, "--topic", topic, "--runs", "1", "--lines", "200",
            ]
            return ChildProcess(["python3", script] + options + producers).finish()
        }

        @Test("counts what every producer has sent")
        func everyProducer() {
            let outcome = bench("again=kcat -P -b {b} -t {t} -X linger.ms=1")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let rows = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
            for name in ["kpipe", "kcat", "again"] {
                #expect(rows.contains { $0.hasPrefix("| \(name) |") }, "\(rows)")
            }
            // A warm-up of three rounds, and the one that counts.
            #expect(Kafka.read(topic).count == 1 + 3 * 4 * 200)
        }

        @Test("has no time for a producer that loses records")
        func lost() {
            let outcome = bench("liar=true")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("liar: 0 of 200 records"), "\(outcome.errors)")
        }
    }
}
