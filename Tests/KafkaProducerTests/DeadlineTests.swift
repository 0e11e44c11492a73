import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// What ends a run before everything is delivered, and what it then says of each record.
@Suite("Deadlines")
struct DeadlineTests {
    private static func scenario() -> Scenario {
        var scenario = RefusalTests.busy(records: 2000, brokers: 2, partitions: 4)
        scenario.workload.keyCount = 30
        scenario.producer.deliveryTimeout = .seconds(3)
        scenario.producer.requestTimeout = .seconds(1)
        return scenario
    }

    @Test("ends what was never answered as unknown, and the rest as failed", arguments: 1...8)
    func hangs(after: Int) {
        var simulation = Self.scenario().start()
        simulation.schedule(after: .milliseconds(after)) {
            for partition: Int32 in 0..<4 {
                $0.cluster.inject(.appendThenHang, on: "logs", partition: partition, count: 1000)
            }
        }
        simulation.run(limit: .seconds(30))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
        #expect(simulation.producer.delivery.unknownCount > 0)
        #expect(simulation.stopReason?.name == "DELIVERY_TIMEOUT")
    }

    @Test("ends what is always refused as failed, at its deadline", arguments: 1...8)
    func refused(after: Int) {
        var simulation = Self.scenario().start()
        simulation.schedule(after: .milliseconds(after)) {
            for partition: Int32 in 0..<4 {
                $0.cluster.inject(
                    .refuse(.notEnoughReplicas),
                    on: "logs",
                    partition: partition,
                    count: 10000
                )
            }
        }
        simulation.run(limit: .seconds(30))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
        #expect(simulation.producer.delivery.failedCount > 0)
        #expect(simulation.producer.delivery.unknownCount == 0)
    }

    @Test("accuses no broker where what stood before a batch ended unknown")
    func behindUnknown() {
        // Two batches are refused, and may be in the log all the same. The time of the first is
        // over before that of the second, to which the broker then answers that one is missing.
        var scenario = Scenario(records: 3)
        scenario.workload.burst = 1...1
        scenario.workload.gap = .milliseconds(700)...(.milliseconds(700))
        scenario.producer.deliveryTimeout = .seconds(2)
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(500)) {
            $0.cluster.setLatency(.milliseconds(1400), of: 0)
            $0.cluster.inject(
                .refuse(.notLeaderOrFollower),
                on: "logs",
                partition: 0,
                count: 2
            )
        }
        simulation.schedule(after: .milliseconds(2750)) { $0.cluster.setLatency(.zero, of: 0) }
        simulation.run(limit: .seconds(30))
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.unknownCount == 2)
        #expect(
            simulation.failures.map(\.name) == [
                "DELIVERY_TIMEOUT", "OUT_OF_ORDER_SEQUENCE_NUMBER",
            ]
        )
        #expect(simulation.failures.map(\.kind) == [.unavailable, .indefinite])
    }

    @Test("drains the other partitions when one is given up", arguments: 1...8)
    func onePartition(after: Int) {
        var simulation = Self.scenario().start()
        simulation.schedule(after: .milliseconds(after)) {
            $0.cluster.inject(.refuse(.notEnoughReplicas), on: "logs", partition: 1, count: 10000)
        }
        simulation.run(limit: .seconds(30))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
        #expect(simulation.producer.delivery.failedCount > 0)
        #expect(simulation.producer.delivery.ackedCount > 1000)
    }

    @Test("reports records when all brokers are gone for good", arguments: 1...8)
    func brokersGone(after: Int) {
        var simulation = Self.scenario().start()
        simulation.schedule(after: .milliseconds(after)) {
            for broker: Int32 in 0..<2 { $0.cluster.stop(broker: broker) }
        }
        simulation.run(limit: .seconds(30))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
    }

    @Test("takes a late 0 at the deadline as what it is", arguments: [900, 2500, 2900, 3100])
    func lateAnswer(milliseconds: Int) {
        var scenario = Self.scenario()
        scenario.producer.requestTimeout = .seconds(3)
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(3)) {
            $0.cluster.setLatency(.milliseconds(milliseconds), of: 0)
        }
        simulation.run(limit: .seconds(60))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
    }

    @Test("abandons a run at once, at any time", arguments: 0...10)
    func abandons(after: Int) {
        var simulation = Self.scenario().start()
        simulation.schedule(after: .microseconds(after * 700)) { $0.abandon() }
        let end = simulation.now.advanced(by: .microseconds(after * 700 + 10))
        simulation.run(until: end)
        #expect(simulation.isFinished == true)
        simulation.run()
        simulation.expectNoProblem()
    }

    @Test("holds the input back while nobody takes the failures")
    func slowFailures() {
        var scenario = Self.scenario()
        scenario.producer.bufferMemory = 128 << 10
        scenario.producer.maxRequestSize = 8 << 10
        scenario.workload.burst = 2000...2000
        scenario.workload.valueSize = 200...400
        var options = FakeTopic.Options()
        options.isCompacted = true
        scenario.workload.keyCount = 0
        var simulation = scenario.start()
        simulation.cluster.setOptions(options, of: "logs")
        simulation.failureLimit = 0
        simulation.schedule(after: .seconds(1)) { $0.failureLimit = 3 }
        simulation.schedule(after: .seconds(2)) { $0.failureLimit = .max }
        for step in 1...2000 { simulation.schedule(after: .milliseconds(1000 + step)) { _ in } }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.failedCount == 2000)
    }

    @Test("does not resend after an hour what may be in the log")
    func forgotten() {
        var scenario = Self.scenario()
        scenario.producer.deliveryTimeout = nil
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(3)) {
            $0.cluster.inject(.appendThenDisconnect, on: "logs", partition: 0)
            $0.cluster.inject(.appendThenDisconnect, on: "logs", partition: 1)
        }
        simulation.schedule(after: .milliseconds(8)) {
            for broker: Int32 in 0..<2 { $0.cluster.stop(broker: broker) }
        }
        simulation.schedule(after: .seconds(7200)) {
            for partition: Int32 in 0..<4 {
                $0.cluster.loseProducerState(of: "logs", partition: partition)
            }
            for broker: Int32 in 0..<2 { $0.cluster.start(broker: broker) }
        }
        simulation.run(limit: .seconds(8000))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
        let delivery = simulation.producer.delivery
        #expect(delivery.unknownCount > 0)
        #expect(delivery.failedCount == 0)
        #expect(delivery.ackedCount + delivery.unknownCount == 2000)
        #expect(simulation.failures.map(\.name) == ["NOT_RESENT"])
    }
}
