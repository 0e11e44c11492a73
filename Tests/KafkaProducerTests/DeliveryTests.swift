import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// Runs in which nothing goes wrong: every record is acknowledged and in the log, byte for byte.
@Suite("Delivery")
struct DeliveryTests {
    @Test("delivers every record to one partition", arguments: [0, 1, 2, 100, 5000])
    func onePartition(records: Int) {
        Scenario(records: records).expectAllDelivered()
    }

    @Test("places keys on six partitions of three brokers")
    func keys() {
        var scenario = Scenario(records: 3000, brokers: 3, partitions: 6)
        scenario.workload.keyCount = 50
        scenario.workload.nullValueInterval = 17
        scenario.expectAllDelivered()
    }

    @Test("delivers records compressed with each codec", arguments: CompressionCodec.builtIn)
    func codecs(codec: CompressionCodec) {
        var scenario = Scenario(records: 3000, brokers: 3, partitions: 6)
        scenario.producer.codec = codec
        scenario.workload.keyCount = 50
        scenario.expectAllDelivered()
    }

    @Test("delivers with fewer acknowledgements asked for", arguments: [Acks.leader, .none])
    func acks(acks: Acks) {
        var scenario = Scenario(records: 3000, brokers: 3, partitions: 6)
        scenario.producer.acks = acks
        scenario.producer.idempotence = false
        scenario.expectAllDelivered()
    }

    @Test("delivers without idempotence, one batch of a partition at a time")
    func notIdempotent() {
        var scenario = Scenario(records: 3000, brokers: 3, partitions: 6)
        scenario.producer.idempotence = false
        scenario.expectAllDelivered()
    }

    @Test("delivers whatever the linger is", arguments: [0, 5, 1000])
    func linger(milliseconds: Int) {
        var scenario = Scenario(records: 2000)
        scenario.producer.linger = .milliseconds(milliseconds)
        scenario.producer.flushesWhenInputIsIdle = milliseconds == 0
        scenario.expectAllDelivered()
    }

    @Test("sends what two partitions have as soon as it fills a request, long before they linger")
    func fullRequests() {
        var scenario = Scenario(records: 20_000, partitions: 2)
        scenario.workload.keyCount = 50
        scenario.producer.linger = .seconds(60)
        scenario.producer.flushesWhenInputIsIdle = false
        scenario.producer.maxRequestSize = 100_000
        var simulation = scenario.start()
        simulation.run(limit: .seconds(600))
        simulation.expectNoProblem()
        let report = simulation.producer.delivery
        #expect(report.ackedCount == 20_000)
        #expect(report.flushes.batchFull > 3)
        #expect(report.flushes.lingerExpired == 0)
    }

    @Test("closes batches that are full, by bytes and by records")
    func smallBatches() {
        var scenario = Scenario(records: 3000, partitions: 2)
        scenario.producer.batchSize = 1000
        scenario.producer.batchRecordLimit = 7
        scenario.expectAllDelivered()
    }

    @Test("delivers large records, alone in their batches")
    func largeRecords() {
        var scenario = Scenario(records: 12, partitions: 2)
        scenario.workload.valueSize = 10...900_000
        scenario.producer.batchSize = 100_000
        scenario.expectAllDelivered()
    }

    @Test("delivers with little memory")
    func littleMemory() {
        var scenario = Scenario(records: 4000, brokers: 3, partitions: 20)
        scenario.producer.bufferMemory = 128 << 10
        scenario.producer.maxRequestSize = 16 << 10
        scenario.producer.batchSize = 8 << 10
        scenario.producer.linger = .seconds(10)
        scenario.producer.flushesWhenInputIsIdle = false
        scenario.workload.keyCount = 1000
        scenario.workload.burst = 4000...4000
        scenario.expectAllDelivered()
    }

    @Test("delivers to thousands of partitions")
    func manyPartitions() {
        var scenario = Scenario(records: 6000, brokers: 3, partitions: 3000)
        scenario.workload.keyCount = 100_000
        scenario.workload.burst = 3000...3000
        scenario.expectAllDelivered()
    }

    @Test("gives a slow broker larger batches, not more of them, while memory is short")
    func slowBroker() {
        var scenario = Scenario(records: 60_000, partitions: 120)
        scenario.workload.keyCount = 10_000
        scenario.workload.burst = 4000...4000
        // Two chunks a partition, and a fifth of the input.
        scenario.producer.bufferMemory = 1 << 20
        scenario.producer.maxRequestSize = 16 << 10
        scenario.producer.batchSize = 16 << 10
        let simulation = scenario.expectAllDelivered {
            $0.cluster.setLatency(.milliseconds(100), of: 0)
        }
        #expect(simulation.attempts.count < 3500, "\(simulation.attempts.count) batches")
    }

    @Test("delivers to several topics")
    func severalTopics() {
        var scenario = Scenario(records: 2000, brokers: 3, partitions: 3)
        scenario.workload.topics = ["one", "two", "three"]
        scenario.expectAllDelivered()
    }

    @Test("delivers when every write is short and every byte arrives alone")
    func pieces() {
        var scenario = Scenario(records: 300, brokers: 2, partitions: 2)
        scenario.conditions.pieceLimit = 3
        scenario.conditions.sendBufferSize = 50
        scenario.conditions.writeLimit = 7
        scenario.expectAllDelivered()
    }

    @Test("delivers to every kind of broker", arguments: BrokerProfile.all.map(\.name))
    func profiles(name: String) throws {
        var scenario = Scenario(records: 500, brokers: 3, partitions: 6)
        scenario.cluster.profile = try #require(BrokerProfile.all.first { $0.name == name })
        scenario.expectAllDelivered()
    }

    @Test("waits for a topic that the first look-up creates")
    func createdTopic() {
        for answer: FakeClusterConfiguration.FirstLookUp in [
            .settled, .leaderNotAvailable, .unknownTopic,
        ] {
            var scenario = Scenario(records: 500)
            scenario.hasTopics = false
            scenario.cluster.firstLookUp = answer
            scenario.expectAllDelivered()
        }
    }
}
