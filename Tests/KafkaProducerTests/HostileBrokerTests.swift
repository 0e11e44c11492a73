import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// Answers that no broker of good faith sends: nothing from the network may trap.
@Suite("Hostile brokers")
struct HostileBrokerTests {
    @Test("accounts for every record when answers are corrupt", arguments: 0..<60)
    func corrupt(seed: Int) {
        var scenario = RefusalTests.busy(records: 400, brokers: 2, partitions: 3)
        scenario.seed = UInt64(seed)
        scenario.cluster.profile = BrokerProfile.all[seed % BrokerProfile.all.count]
        scenario.conditions.corruption = [30, 300, 1000][seed % 3]
        scenario.conditions.pieceLimit = 60
        scenario.producer.deliveryTimeout = .seconds(4)
        scenario.producer.requestTimeout = .seconds(1)
        var simulation = scenario.start()
        simulation.run(limit: .seconds(60))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
    }
}
