import KafkaProtocol
import Testing

extension IntegrationTests {
    /// What stands in the partitions' logs, as Kafka's own tool reads it.
    @Suite("Log", .enabled(if: Kafka.hasTool))
    struct LogTests {
        private let topic = Kafka.newTopic("log")

        @Test("batches carry one producer id, an epoch and sequences without a gap")
        func idempotence() throws {
            let lines = IntegrationTests.lines(200_000)
            let outcome = Kpipe.run(["-t", topic, "-p", "0"], text: IntegrationTests.text(lines))
            #expect(outcome.status == 0, "\(outcome.errors)")

            let batches = Kafka.logged(topic, partition: 0)
            let first = try #require(batches.first)
            #expect(first.number("producerId") >= 0)
            var sequence = 0
            for batch in batches {
                #expect(batch.number("producerId") == first.number("producerId"))
                #expect(batch.number("producerEpoch") == 0)
                #expect(batch.number("baseSequence") == sequence)
                #expect(batch.fields["isvalid"] == "true")
                #expect(batch.fields["magic"] == "2")
                #expect(batch.fields["compresscodec"] == "none")
                sequence = batch.number("lastSequence") + 1
            }
            #expect(sequence == lines.count)
            // A load is batched: some 2.7 MB in batches of up to a megabyte.
            #expect(batches.count < 100)
        }

        @Test(
            "batches are compressed where it was asked for and helps",
            arguments: CompressionCodec.builtIn.filter { $0 != .none }
        )
        func codec(codec: CompressionCodec) {
            let lines = IntegrationTests.lines(10_000)
            let level = codec.levels.map { ":\(min($0.upperBound, 9))" } ?? ""
            let outcome = Kpipe.run(
                ["-t", topic, "-p", "0", "-z", codec.name + level],
                text: IntegrationTests.text(lines)
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            let batches = Kafka.logged(topic, partition: 0)
            #expect(!batches.isEmpty)
            for batch in batches {
                #expect(batch.fields["compresscodec"] == codec.name)
                #expect(batch.fields["isvalid"] == "true")
            }
        }

        @Test("batches carry no producer id where idempotence is off")
        func withoutIdempotence() {
            let outcome = Kpipe.run(
                ["-t", topic, "-p", "0", "-X", "enable.idempotence=false"],
                text: "a\nb\n"
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            let batches = Kafka.logged(topic, partition: 0)
            #expect(!batches.isEmpty)
            for batch in batches {
                #expect(batch.number("producerId") == -1)
                #expect(batch.number("baseSequence") == -1)
            }
        }
    }
}
