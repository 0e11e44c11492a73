import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// One small run, with the connection cut after each byte that it sends or receives.
@Suite("Cut everywhere")
struct CutEverywhereTests {
    private static func scenario(_ profile: BrokerProfile = .kafka4_3) -> Scenario {
        var scenario = Scenario(records: 14, brokers: 1, partitions: 2)
        scenario.cluster.profile = profile
        scenario.producer.batchSize = 150
        scenario.producer.linger = .zero
        scenario.workload.keyCount = 10
        scenario.workload.valueSize = 10...20
        scenario.workload.burst = 5...5
        return scenario
    }

    @Test("delivers once when a connection is cut after any byte sent", arguments: [0, 1000])
    func sent(lossAtClose: Int) {
        var scenario = Self.scenario()
        scenario.conditions.lossAtClose = lossAtClose
        var whole = scenario.start()
        whole.run()
        whole.expectNoProblem()
        #expect(whole.sentByteCount > 500)
        for byte in 1...whole.sentByteCount {
            scenario.conditions.cutAfterSentByte = byte
            scenario.expectAllDelivered()
        }
    }

    @Test("delivers once when a connection is cut after any byte received")
    func received() {
        var scenario = Self.scenario()
        var whole = scenario.start()
        whole.run()
        for byte in 1...whole.receivedByteCount {
            scenario.conditions.cutAfterReceivedByte = byte
            scenario.expectAllDelivered()
        }
    }

    @Test("delivers once when a connection to an old broker is cut after any byte sent")
    func sentToOldBroker() {
        var scenario = Self.scenario(.kafka0_11)
        var whole = scenario.start()
        whole.run()
        for byte in 1...whole.sentByteCount {
            scenario.conditions.cutAfterSentByte = byte
            scenario.expectAllDelivered()
        }
    }

    @Test("loses no record without idempotence, and keeps the order of the first copies")
    func notIdempotent() {
        var scenario = Self.scenario()
        scenario.producer.idempotence = false
        var whole = scenario.start()
        whole.run()
        for byte in 1...whole.sentByteCount {
            scenario.conditions.cutAfterSentByte = byte
            scenario.expectAllDelivered()
        }
    }
}
