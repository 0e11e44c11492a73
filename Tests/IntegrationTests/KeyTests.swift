import Testing

extension IntegrationTests {
    @Suite("Keys")
    struct KeyTests {
        private let topic = Kafka.newTopic("keys")

        @Test("gives every record the key of -k")
        func fixedKey() {
            let outcome = Kpipe.run(["-t", topic, "-k", "ada"], text: "a\nb\n")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let records = Kafka.read(topic)
            #expect(records.map(\.keyText) == ["ada", "ada"])
            #expect(records.map(\.text) == ["a", "b"])
            #expect(records.first?.partition == records.last?.partition)
        }

        @Test("splits at the first delimiter of -K")
        func delimiter() {
            let outcome = Kpipe.run(["-t", topic, "-p", "0", "-K", ":"], text: "a:1\nb:2:3\n:4\n")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let records = Kafka.read(topic)
            #expect(records.map(\.keyText) == ["a", "b", ""])
            #expect(records.map(\.text) == ["1", "2:3", "4"])
        }

        @Test("takes the key out of JSON, and leaves the value whole")
        func json() {
            let values = [
                #"{"user":{"id":"ada"}}"#, #"{"user":{"id":7}}"#, #"{"user":{"id":"ä"}}"#,
            ]
            let outcome = Kpipe.run(
                ["-t", topic, "-p", "0", "--key", "json:/user/id"],
                text: IntegrationTests.text(values)
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            let records = Kafka.read(topic)
            #expect(records.map(\.keyText) == ["ada", "7", "ä"])
            #expect(records.map(\.text) == values)
        }

        @Test("tells an empty value from a null one")
        func tombstones() {
            let empty = Kpipe.run(["-t", topic, "-p", "0", "-K", ":"], text: "a:\n\n:\n")
            // The second line has no key: it fails, and the other two are delivered.
            #expect(empty.status == 65)
            let null = Kpipe.run(["-t", topic, "-p", "0", "-K", ":", "-Z"], text: "a:\n:\nb:x\n")
            #expect(null.status == 0, "\(null.errors)")
            let records = Kafka.read(topic)
            #expect(records.map(\.keyText) == ["a", "", "a", "", "b"])
            #expect(records.map(\.text) == ["", "", nil, nil, "x"])
        }

        @Test("tells a missing key from an empty one")
        func missingKey() {
            let outcome = Kpipe.run(
                ["-t", topic, "-p", "0", "-K", ":", "--key-missing", "null"],
                text: "a\n:b\n"
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(Kafka.read(topic).map(\.keyText) == [nil, ""])
        }

        @Test(
            "places each key where other clients place it",
            arguments: [
                ([], ["-X", "partitioner=murmur2"]),
                (["--partitioner", "crc32"], ["-X", "partitioner=consistent"]),
                (["--partitioner", "fnv1a"], ["-X", "partitioner=fnv1a"]),
            ] as [([String], [String])]
        )
        func partitioner(options: [String], kcatOptions: [String]) {
            let keys = (0..<500).map { "key \($0)" } + ["a", "kafka", "foobar", "ä", "21", "x y z"]
            let text = IntegrationTests.text(keys.map { "\($0):value" })
            let outcome = Kpipe.run(["-t", topic, "-K", ":"] + options, text: text)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let reference = Kafka.newTopic("reference")
            Kafka.produceByKcat(text, to: reference, ["-K", ":"] + kcatOptions)

            let ours = Kafka.read(topic)
            #expect(ours.count == keys.count)
            #expect(places(ours) == places(Kafka.read(reference)))
        }

        private func places(_ records: [Kafka.Record]) -> [String?: Int] {
            var places: [String?: Int] = [:]
            for record in records { places[record.keyText] = record.partition }
            return places
        }
    }
}
