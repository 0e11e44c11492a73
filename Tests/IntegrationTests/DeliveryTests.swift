import KafkaProtocol
import Testing

extension IntegrationTests {
    @Suite("Delivery")
    struct DeliveryTests {
        private let topic = Kafka.newTopic("delivery")

        @Test("says nothing when every line of a file was delivered, in order")
        func file() {
            let lines = IntegrationTests.lines(50_000)
            let outcome = Kpipe.run(["-t", topic, "-p", "0"], text: IntegrationTests.text(lines))
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.errorLines(with: "record_failed") == [])
            #expect(outcome.errorLines(with: "\"summary\"") == [])
            #expect(IntegrationTests.difference(Kafka.read(topic), from: lines) == nil)
        }

        @Test("delivers what comes through a pipe, spread over the partitions, in order in each")
        func pipe() {
            let lines = IntegrationTests.lines(50_000)
            let kpipe = Kpipe.start(["-t", topic], input: .pipe)
            kpipe.write(IntegrationTests.text(lines))
            let outcome = kpipe.finish()
            #expect(outcome.status == 0, "\(outcome.errors)")

            let records = Kafka.read(topic)
            #expect(records.count == lines.count)
            let isComplete = Set(records.compactMap(\.text)) == Set(lines)
            #expect(isComplete)
            for (before, after) in zip(records, records.dropFirst())
            where before.partition == after.partition {
                #expect(index(before) < index(after))
            }
        }

        @Test("reads several files in order, standard input among them, and no newline at the end")
        func files() {
            let first = TemporaryFile("a\nb")
            let last = TemporaryFile("e\n\nf\n")
            let outcome = Kpipe.run(
                ["-t", topic, "-p", "0", first.path, "-", last.path],
                text: "c\nd\n"
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(Kafka.read(topic).map(\.text) == ["a", "b", "c", "d", "e", "", "f"])
        }

        @Test("delivers bytes as they are")
        func bytes() {
            let values: [[UInt8]] = [
                [0], [0xff, 0xfe, 0], [0xc3], [13], Array(0...9), Array(11...255), [0x1f, 0x8b],
            ]
            // A length of four bytes before each: every byte may stand in a value.
            let frames: [[UInt8]] = values.map { [0, 0, 0, UInt8($0.count)] + $0 }
            let outcome = Kpipe.run(
                ["-t", topic, "-p", "0", "--framing", "u32"],
                bytes: frames.flatMap { $0 }
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(Kafka.read(topic).map(\.value) == values)
        }

        @Test("delivers a record as large as a broker takes by default")
        func large() {
            let value = [UInt8](repeating: UInt8(ascii: "x"), count: 1_048_000)
            let outcome = Kpipe.run(["-t", topic, "-p", "0"], bytes: value + [10] + value)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let isWhole = Kafka.read(topic).map(\.value) == [value, value]
            #expect(isWhole)
        }

        @Test("reads an empty input to its end", arguments: ["/dev/null", ""])
        func empty(path: String) {
            let file = TemporaryFile()
            let input = ChildProcess.Input.file(path.isEmpty ? file.path : path)
            let outcome = Kpipe.start(["-t", topic], input: input).finish()
            #expect(outcome.status == 0, "\(outcome.errors)")
        }

        @Test(
            "compresses what others can read, with each codec",
            arguments: CompressionCodec.builtIn
        )
        func codecs(codec: CompressionCodec) {
            let lines = IntegrationTests.lines(20_000)
            let outcome = Kpipe.run(
                ["-t", topic, "-p", "0", "-z", codec.name],
                text: IntegrationTests.text(lines)
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(IntegrationTests.difference(Kafka.read(topic), from: lines) == nil)
        }

        @Test("delivers with fewer acknowledgements asked for", arguments: ["0", "1"])
        func acknowledgements(acks: String) {
            let lines = IntegrationTests.lines(1000)
            let outcome = Kpipe.run(
                ["-t", topic, "-p", "0", "-X", "acks=\(acks)"],
                text: IntegrationTests.text(lines)
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(IntegrationTests.difference(Kafka.read(topic), from: lines) == nil)
        }

        @Test("stops after as many records as asked for")
        func count() {
            let outcome = Kpipe.run(["-t", topic, "-p", "0", "-c", "2"], text: "a\nb\nc\n")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(Kafka.read(topic).map(\.text) == ["a", "b"])
        }

        private func index(_ record: Kafka.Record) -> Int {
            record.text.flatMap { Int($0.dropFirst("line ".count)) } ?? -1
        }
    }
}
