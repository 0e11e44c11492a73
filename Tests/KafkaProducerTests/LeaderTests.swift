import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// Leaders that move, brokers that stop and start, and metadata that is wrong.
@Suite("Leaders")
struct LeaderTests {
    /// A run over three brokers of which the leader of partition 0 is broker 0.
    private static func scenario() -> Scenario {
        var scenario = RefusalTests.busy(records: 2000, brokers: 3, partitions: 3)
        scenario.workload.keyCount = 30
        return scenario
    }

    @Test("follows a leader that moves, with and without hints", arguments: [false, true], 1...6)
    func moves(hasHints: Bool, after: Int) {
        var scenario = Self.scenario()
        scenario.cluster.sendsLeaderHints = hasHints
        scenario.expectAllDelivered { simulation in
            for step in 0..<6 {
                simulation.schedule(after: .microseconds(after * 1000 + step * 1300)) {
                    $0.cluster.moveLeader(of: "logs", partition: 0, to: Int32((step + 1) % 3))
                }
            }
        }
    }

    @Test("follows a leader although the first broker's metadata is stale")
    func staleMetadata() {
        Self.scenario().expectAllDelivered { simulation in
            simulation.schedule(after: .milliseconds(2)) {
                $0.cluster.freezeMetadata(of: 0)
                $0.cluster.moveLeader(of: "logs", partition: 0, to: 1)
            }
            simulation.schedule(after: .seconds(20)) { $0.cluster.thawMetadata(of: 0) }
        }
    }

    @Test("finds the new leader of what is unresolved of a topic that takes no more")
    func failedTopic() {
        // One partition's refusal ends the topic while another's batch may be in the log.
        var scenario = Scenario(records: 60, brokers: 2, partitions: 2)
        scenario.cluster.sendsLeaderHints = false
        scenario.workload.keyCount = 30
        scenario.workload.burst = 1...1
        scenario.workload.gap = .milliseconds(5)...(.milliseconds(5))
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(100)) {
            $0.cluster.inject(.appendThenFail(.requestTimedOut), on: "logs", partition: 1)
        }
        simulation.schedule(after: .milliseconds(130)) {
            $0.cluster.inject(.refuse(.topicAuthorizationFailed), on: "logs", partition: 0)
            $0.cluster.moveLeader(of: "logs", partition: 1, to: 0)
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.stopReason?.name == "TOPIC_AUTHORIZATION_FAILED")
        #expect(simulation.producer.delivery.unknownCount == 0)
        #expect(simulation.producer.delivery.ackedCount > 0)
    }

    @Test("says that a topic was made anew also after the reading has stopped")
    func recreatedAfterStop() {
        var scenario = Scenario(records: 40, brokers: 2, partitions: 2)
        scenario.workload.keyCount = 30
        scenario.workload.burst = 10...10
        scenario.workload.gap = .milliseconds(500)...(.milliseconds(500))
        scenario.producer.deliveryTimeout = .seconds(2)
        scenario.producer.metadataMaxAge = .milliseconds(200)
        var simulation = scenario.start()
        // The first records of partition 0 are overdue after two seconds; what is ambiguous of
        // partition 1 is younger, and is still sent again then.
        let fault = ProduceFault.appendThenFail(.requestTimedOut)
        simulation.cluster.inject(fault, on: "logs", partition: 0, count: 100)
        simulation.schedule(after: .milliseconds(800)) {
            $0.cluster.inject(fault, on: "logs", partition: 1, count: 100)
        }
        simulation.schedule(after: .milliseconds(2300)) {
            $0.cluster.recreateTopic(named: "logs")
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.stopReason?.name == "DELIVERY_TIMEOUT")
        #expect(simulation.producer.delivery.failureClasses.contains(.protocolBroken))
        #expect(simulation.notices.contains { $0.name == "topic_recreated" })
    }

    @Test("waits for a partition without a leader, and pauses the looking up")
    func noLeader() {
        var scenario = Self.scenario()
        scenario.workload.gap = .milliseconds(1)...(.seconds(2))
        scenario.workload.burst = 40...80
        var simulation = scenario.start()
        simulation.schedule(after: .seconds(11)) {
            $0.cluster.moveLeader(of: "logs", partition: 0, to: -1)
        }
        simulation.schedule(after: .seconds(60)) {
            $0.cluster.moveLeader(of: "logs", partition: 0, to: 2)
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.ackedCount == 2000)
        #expect(simulation.notices.contains { $0.name == "leader_unknown" })
    }

    /// Found by seed 107 of the simulator, which waited for `metadata.max.age.ms`.
    @Test("asks again for a leader when an answer says nothing of the topic")
    func metadataRefused() {
        var scenario = Self.scenario()
        // All records are there before, as new ones would be a reason of their own to ask.
        scenario.workload.burst = 2000...2000
        var simulation = scenario.start()
        simulation.cluster.moveLeader(of: "logs", partition: 0, to: -1)
        simulation.schedule(after: .milliseconds(300)) {
            for broker: Int32 in 0..<3 {
                $0.cluster.failMetadata(with: .unknownServerError, at: broker, count: 2)
            }
        }
        simulation.schedule(after: .seconds(5)) {
            $0.cluster.moveLeader(of: "logs", partition: 0, to: 1)
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.ackedCount == 2000)
        #expect(simulation.now < Instant(nanoseconds: 60_000_000_000))
    }

    @Test("survives a broker that is down for a while", arguments: [false, true], 1...6)
    func brokerDown(electsLeaders: Bool, after: Int) {
        Self.scenario().expectAllDelivered { simulation in
            simulation.schedule(after: .milliseconds(after)) {
                $0.cluster.stop(broker: 0, electsLeaders: electsLeaders)
            }
            simulation.schedule(after: .seconds(after)) { $0.cluster.start(broker: 0) }
        }
    }

    @Test("survives brokers that restart one after another and forget", arguments: 1...12)
    func rollingRestart(after: Int) {
        Self.scenario().expectAllDelivered { simulation in
            for step in 0..<9 {
                simulation.schedule(after: .microseconds(after * 500 + step * 1700)) {
                    $0.cluster.restart(broker: Int32(step % 3))
                }
            }
        }
    }

    @Test("begins with every broker down, and with a first address that is dead")
    func downAtTheStart() {
        var scenario = Self.scenario()
        scenario.producer.bootstrap.insert(BrokerAddress(host: "dead", port: 1), at: 0)
        var simulation = scenario.start()
        for broker: Int32 in 0..<3 {
            simulation.cluster.stop(broker: broker)
            simulation.schedule(after: .seconds(5)) { $0.cluster.start(broker: broker) }
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.ackedCount == 2000)
        #expect(simulation.notices.contains { $0.name == "waiting_for_brokers" })
    }

    @Test("gives a run up when no broker comes within the delivery timeout")
    func neverUp() {
        var scenario = Self.scenario()
        scenario.producer.deliveryTimeout = .seconds(10)
        var simulation = scenario.start()
        for broker: Int32 in 0..<3 { simulation.cluster.stop(broker: broker) }
        simulation.run(limit: .seconds(40))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
        #expect(simulation.stopReason?.kind == .unavailable)
        #expect(simulation.producer.delivery.ackedCount == 0)
    }

    @Test("gives a topic up that live brokers do not know for ten seconds")
    func unknownTopic() {
        var scenario = Self.scenario()
        scenario.hasTopics = false
        scenario.cluster.createsTopics = false
        var simulation = scenario.start()
        simulation.run(limit: .seconds(40))
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
        #expect(simulation.stopReason?.name == "UNKNOWN_TOPIC_OR_PARTITION")
        #expect(simulation.now < Instant(nanoseconds: 12_500_000_000))
    }

    @Test("stops when the topic was deleted and created anew")
    func recreated() {
        var scenario = Self.scenario()
        scenario.producer.deliveryTimeout = .seconds(20)
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(4)) { $0.cluster.recreateTopic(named: "logs") }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.isFinished == true)
        #expect(simulation.stopReason?.kind == .protocolBroken)
    }

    @Test("waits for a topic that metadata loses sight of")
    func vanished() {
        var scenario = Self.scenario()
        scenario.cluster.firstLookUp = .unknownTopic
        scenario.producer.metadataMaxAge = .milliseconds(2)
        scenario.expectAllDelivered { simulation in
            simulation.schedule(after: .milliseconds(4)) {
                $0.cluster.unsettle(topic: "logs", lookUps: 20)
                $0.cluster.moveLeader(of: "logs", partition: 0, to: 1)
            }
        }
    }

    /// Found by seed 1292 of the simulator, which saw batches go to a leader of old.
    @Test("resends what may be in the log of a refused topic to where its leader is by then")
    func followsTheLeaderOfARefusedTopic() {
        var scenario = Self.scenario()
        scenario.producer.requestTimeout = .seconds(2)
        scenario.workload.gap = .milliseconds(20)...(.milliseconds(20))
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(4)) {
            $0.cluster.inject(.appendThenHang, on: "logs", partition: 0)
        }
        simulation.schedule(after: .milliseconds(100)) {
            $0.cluster.inject(.refuse(.topicAuthorizationFailed), on: "logs", partition: 1)
        }
        simulation.schedule(after: .seconds(1)) {
            $0.cluster.moveLeader(of: "logs", partition: 0, to: 2)
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.stopReason?.name == "TOPIC_AUTHORIZATION_FAILED")
        #expect(simulation.producer.delivery.unknownCount == 0)
        #expect(simulation.now < Instant(nanoseconds: 10_000_000_000))
    }

    @Test("goes on with the partitions it began with")
    func partitionsGrow() {
        var scenario = Self.scenario()
        scenario.producer.metadataMaxAge = .milliseconds(2)
        scenario.expectAllDelivered { simulation in
            simulation.schedule(after: .milliseconds(4)) {
                $0.cluster.addPartitions(to: "logs", count: 3)
            }
        }
    }

    @Test("follows brokers that get other addresses")
    func newAddresses() {
        var scenario = Self.scenario()
        scenario.workload.gap = .milliseconds(300)...(.milliseconds(600))
        scenario.expectAllDelivered { simulation in
            for broker: Int32 in 0..<3 {
                simulation.schedule(after: .milliseconds(500 + Int(broker) * 1500)) {
                    $0.cluster.setEndpoint(.init(host: "moved", port: 100 + broker), of: broker)
                    $0.cluster.restart(broker: broker)
                }
            }
        }
    }

    @Test("starts over when a broker asks for that")
    func rebootstrap() {
        Self.scenario().expectAllDelivered { simulation in
            simulation.cluster.failMetadata(with: .rebootstrapRequired, at: 0, count: 2)
            simulation.schedule(after: .milliseconds(4)) {
                $0.cluster.failMetadata(with: .rebootstrapRequired, at: 1, count: 2)
                $0.cluster.moveLeader(of: "logs", partition: 0, to: 1)
            }
        }
    }

    @Test("sends nothing to another cluster behind the same addresses")
    func otherCluster() {
        var scenario = Self.scenario()
        scenario.producer.deliveryTimeout = .seconds(20)
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(4)) {
            $0.cluster.configuration.clusterID = "another"
            for broker: Int32 in 0..<3 { $0.cluster.restart(broker: broker) }
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.stopReason?.name == "OTHER_CLUSTER")
        #expect(simulation.stopReason?.kind == .protocolBroken)
        #expect(simulation.isFinished == true)
    }

    @Test("closes connections that are idle for long, and makes them again without a word")
    func idle() {
        var scenario = Self.scenario()
        scenario.workload.burst = 1000...1000
        scenario.workload.gap = .seconds(1200)...(.seconds(1200))
        var simulation = scenario.start()
        simulation.run(limit: .seconds(4000))
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.ackedCount == 2000)
        #expect(simulation.notices.isEmpty)
    }
}
