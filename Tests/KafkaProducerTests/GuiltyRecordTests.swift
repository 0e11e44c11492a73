import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// Batches and records that are refused for what they are.
@Suite("Guilty records")
struct GuiltyRecordTests {
    @Test("splits a batch that is too large until its parts fit", arguments: [false, true])
    func split(isCompressed: Bool) {
        var scenario = Scenario(records: 3000, partitions: 2)
        scenario.producer.batchSize = 20_000
        scenario.producer.linger = .milliseconds(20)
        if isCompressed { scenario.producer.codec = .gzip }
        scenario.workload.burst = 3000...3000
        var options = FakeTopic.Options()
        options.maxMessageBytes = 1500
        scenario.expectAllDelivered { simulation in
            simulation.cluster.setOptions(options, of: "logs")
        }
    }

    @Test("splits while others are in flight, when the limit is lowered")
    func lowered() {
        var options = FakeTopic.Options()
        options.maxMessageBytes = 1000
        for after in 1...8 {
            var scenario = RefusalTests.busy(records: 3000)
            scenario.producer.batchSize = 3000
            scenario.expectAllDelivered { simulation in
                simulation.schedule(after: .milliseconds(after)) {
                    $0.cluster.setOptions(options, of: "logs")
                }
            }
        }
    }

    @Test("fails only the record that is too large alone")
    func tooLargeAlone() {
        var scenario = Scenario(records: 500)
        scenario.workload.valueSize = 10...1000
        var options = FakeTopic.Options()
        options.maxMessageBytes = 700
        var simulation = scenario.start()
        simulation.cluster.setOptions(options, of: "logs")
        simulation.run()
        simulation.expectNoProblem()
        let delivery = simulation.producer.delivery
        #expect(delivery.failedCount > 50)
        #expect(delivery.ackedCount > 200)
        #expect(delivery.failedCount + delivery.ackedCount == 500)
        #expect(simulation.failures.allSatisfy { $0.kind == .recordRefused })
    }

    @Test("fails only the records that the broker names", arguments: [false, true])
    func named(isCompressed: Bool) {
        var scenario = Scenario(records: 1000, partitions: 2)
        scenario.workload.keyCount = 0
        scenario.workload.nullValueInterval = 10
        scenario.producer.batchSize = 2000
        if isCompressed { scenario.producer.codec = .gzip }
        var options = FakeTopic.Options()
        options.isCompacted = true
        var simulation = scenario.start()
        simulation.cluster.setOptions(options, of: "logs")
        simulation.run()
        simulation.expectNoProblem()
        // Only the records with a null value have a key.
        #expect(simulation.producer.delivery.ackedCount == 100)
        #expect(simulation.producer.delivery.failedCount == 900)
    }

    @Test("finds the guilty records by halves where the broker does not name them")
    func unnamed() {
        var scenario = Scenario(records: 1000, partitions: 2)
        scenario.cluster.profile = .kafka2_1
        scenario.workload.nullValueInterval = 2
        scenario.producer.batchSize = 2000
        var options = FakeTopic.Options()
        options.isCompacted = true
        var simulation = scenario.start()
        simulation.cluster.setOptions(options, of: "logs")
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.ackedCount == 500)
        #expect(simulation.producer.delivery.failedCount == 500)
    }

    @Test("does not take a record that can never be sent")
    func neverFits() {
        var scenario = Scenario(records: 10)
        scenario.workload.valueSize = 3000...3000
        scenario.producer.maxRequestSize = 2000
        var simulation = scenario.start()
        simulation.run()
        simulation.expectNoProblem()
        guard case .recordTooLarge(let size, let limit) = simulation.appendError else {
            Issue.record("\(String(describing: simulation.appendError))")
            return
        }
        #expect(size > 3000)
        #expect(limit == 2000)
    }

    @Test(
        "halves batches that are too large also when all memory is taken",
        arguments: [(true, 700), (false, 700), (true, 300), (false, 300)]
    )
    func fullMemory(isCompressed: Bool, maxMessageBytes: Int) {
        // Every partition has a batch that has to be halved, and the input waits for memory.
        var scenario = Scenario(records: 400, brokers: 1, partitions: 6)
        scenario.cluster.maxMessageBytes = maxMessageBytes
        if isCompressed { scenario.producer.codec = .gzip }
        scenario.producer.maxRequestSize = 20_000
        scenario.producer.batchSize = 20_000
        scenario.producer.bufferMemory = 100_000
        scenario.producer.deliveryTimeout = nil
        scenario.producer.partitioner = .roundRobin
        scenario.workload.valueSize = 100...200
        scenario.workload.burst = 400...400
        scenario.expectAllDelivered()
    }
}
