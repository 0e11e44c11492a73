import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// Producer ids, epochs and sequences at their ends, and brokers that forgot them.
@Suite("Sequences")
struct SequenceTests {
    private static func scenario() -> Scenario {
        var scenario = RefusalTests.busy(records: 2000, brokers: 2, partitions: 2)
        scenario.workload.keyCount = 30
        return scenario
    }

    @Test("wraps sequences from 2147483647 to 0, also in the middle of a batch")
    func sequencesWrap() {
        for first in [Int32(2_147_483_000), 2_147_482_999, 2_147_483_646] {
            var scenario = Self.scenario()
            scenario.producer.firstSequence = first
            scenario.expectAllDelivered { simulation in
                for after in 1...8 {
                    simulation.schedule(after: .milliseconds(after)) {
                        $0.cluster.inject(.appendThenDisconnect, on: "logs", partition: 0)
                    }
                }
            }
        }
    }

    @Test("asks for another producer id when epochs run out", arguments: [32764, 32766, 32767])
    func epochsRunOut(first: Int16) {
        var scenario = Self.scenario()
        scenario.cluster.firstProducerEpoch = first
        var simulation = scenario.start()
        for after in 1...8 {
            // Each leaves a batch refused for good, and so a gap.
            simulation.schedule(after: .milliseconds(after)) {
                $0.cluster.inject(.refuse(.messageTooLarge), on: "logs", partition: 0, count: 9)
            }
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
        #expect(simulation.stopReason == nil)
        let delivery = simulation.producer.delivery
        #expect(delivery.ackedCount + delivery.failedCount == 2000)
    }

    @Test("ends what stands around batches that the broker took too early", arguments: 20...40)
    func forgotten(after: Int) {
        // Of four batches in flight the first and the third are refused, and the broker forgets the
        // producer each time, so that it takes the second and the fourth. The first then comes too
        // late, and ends with what stands behind it: of that, each second one is in the log.
        var scenario = Scenario(records: 80)
        scenario.producer.linger = .zero
        scenario.workload.burst = 1...1
        scenario.workload.gap = .milliseconds(1)...(.milliseconds(1))
        scenario.conditions.latency = .milliseconds(2)...(.milliseconds(2))
        var simulation = scenario.start()
        for step in [0, 2] {
            simulation.schedule(after: .milliseconds(after + step)) {
                $0.cluster.inject(.refuse(.notEnoughReplicas), on: "logs", partition: 0)
            }
            simulation.schedule(after: .microseconds((after + step) * 1000 + 500)) {
                $0.cluster.loseProducerState(of: "logs", partition: 0)
            }
        }
        simulation.run(limit: .seconds(300))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
        #expect(simulation.stopReason?.name == "DATA_LOST")
    }

    @Test("finds what a restarted broker has forgotten", arguments: 1...16)
    func restarted(after: Int) {
        // The answers of several batches are lost, and then the broker knows only the last of them.
        var scenario = RefusalTests.busy(records: 2000)
        scenario.conditions.latency = .milliseconds(2)...(.milliseconds(2))
        scenario.workload.burst = 400...400
        scenario.expectAllDelivered { simulation in
            for step in 0..<4 {
                simulation.schedule(after: .microseconds(after * 700 + step * 15_000)) {
                    $0.cluster.restart(broker: 0)
                }
            }
        }
    }

    @Test("says that acknowledged records were lost when a leader lost its end")
    func lostTail() {
        var scenario = RefusalTests.busy(records: 2000)
        scenario.producer.deliveryTimeout = .seconds(5)
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(8)) {
            let end = $0.cluster.log(of: "logs", partition: 0)?.endOffset ?? 0
            $0.cluster.loseTail(of: "logs", partition: 0, downTo: end - 100)
        }
        simulation.run(until: simulation.now.advanced(by: .seconds(60)))
        #expect(simulation.problems.isEmpty)
        #expect(simulation.isFinished == true)
        #expect(simulation.stopReason?.name == "DATA_LOST")
        #expect(simulation.notices.contains { $0.name == "data_lost" })
    }

    @Test("bumps the epoch after a minute of silence, when the broker may have forgotten")
    func idle() {
        var scenario = Self.scenario()
        scenario.workload.gap = .seconds(61)...(.seconds(100))
        scenario.workload.burst = 300...300
        scenario.cluster.producerIDExpiration = .seconds(60)
        var simulation = scenario.start()
        simulation.run(limit: .seconds(2000))
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.ackedCount == 2000)
        let epochs = simulation.attempts.compactMap { $0.identity?.producerEpoch }
        #expect((epochs.max() ?? 0) >= 4)
    }

    @Test("retries an InitProducerId that a fresh broker refuses")
    func loading() {
        Self.scenario().expectAllDelivered { simulation in
            simulation.cluster.failInitProducerID(
                with: .coordinatorLoadInProgress,
                at: 0,
                count: 3
            )
            simulation.cluster.failInitProducerID(
                with: .coordinatorNotAvailable,
                at: 1,
                count: 3
            )
        }
    }

    @Test("names the permission that a producer id needs")
    func notAuthorized() {
        var simulation = Self.scenario().start()
        for broker: Int32 in 0..<2 {
            simulation.cluster.failInitProducerID(
                with: .clusterAuthorizationFailed,
                at: broker,
                count: 100
            )
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.stopReason?.kind == .denied)
        #expect(simulation.stopReason?.message.contains("IdempotentWrite") ?? false)
        #expect(simulation.producer.delivery.ackedCount == 0)
    }
}
