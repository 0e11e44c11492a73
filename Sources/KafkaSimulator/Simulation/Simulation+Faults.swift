import KafkaProducer
import KafkaProtocol

/// What goes wrong, drawn from a seed.
extension Simulation {
    /// Lets something go wrong now.
    mutating func cause(_ kind: FaultKind, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        faultCounts[kind.rawValue] += 1
        if isTracing { note("fault: \(kind)") }
        switch kind {
        case .refusal, .appendedRefusal, .lostAnswer, .fatalRefusal:
            injectProduceFault(kind, &random)
        case .cut:
            if !liveLinks.isEmpty { cut(liveLinks[random.below(liveLinks.count)]) }
        case .closedConnections: cluster.closeConnections(of: anyBroker(&random))
        case .outage, .restart, .upgrade: stopBroker(kind, &random)
        case .movedLeader: moveLeader(&random)
        case .staleMetadata: cluster.freezeMetadata(of: anyBroker(&random))
        case .unsettledTopic:
            cluster.unsettle(topic: anyTopic(&random), lookUps: 1 + random.below(4))
        case .throttle:
            cluster.throttle(
                broker: anyBroker(&random),
                milliseconds: Int32(1 + random.below(3000)),
                count: 1 + random.below(3)
            )
        case .latency:
            let most = random.below(10) == 0 ? 60_000 : 500
            cluster.setLatency(.milliseconds(random.below(most)), of: anyBroker(&random))
        case .slowNetwork:
            conditions.latency = .zero...(.milliseconds(random.below(2000)))
            conditions.connectTime = .zero...(.milliseconds(random.below(15_000)))
        case .identityRefusal:
            let codes: [ErrorCode] = [.coordinatorLoadInProgress, .coordinatorNotAvailable]
            cluster.failInitProducerID(with: codes[random.below(2)], at: anyBroker(&random))
        case .smallBatches: lowerLimit(&random)
        case .growth: cluster.addPartitions(to: anyTopic(&random), count: 1 + random.below(3))
        case .slowFailures:
            failureLimit = 1
            tick()
        case .abandonment: abandon()
        }
    }

    /// Lets everything be well again.
    mutating func heal(_ healthy: NetworkConditions) {
        note("everything heals")
        healedAt = now
        conditions = healthy
        cluster.removeFaults()
        for broker in cluster.brokers where !broker.isAvailable { cluster.start(broker: broker.id) }
        for topic in cluster.topics {
            for (partition, state) in topic.partitions.enumerated() where state.leader < 0 {
                cluster.moveLeader(
                    of: topic.name,
                    partition: Int32(partition),
                    to: state.replicas.first ?? 0
                )
            }
        }
        failureLimit = .max
    }

    /// Looks at the producer again and again while failures are taken one by one.
    private mutating func tick() {
        guard failureLimit != .max else { return }
        schedule(after: .milliseconds(5)) { $0.tick() }
    }

    private func anyBroker(_ random: inout SplitMix64) -> Int32 {
        Int32(random.below(cluster.brokers.count))
    }

    private func anyTopic(_ random: inout SplitMix64) -> String {
        workload.topics[random.below(workload.topics.count)]
    }

    private func anyPartition(of topic: String, _ random: inout SplitMix64) -> Int32 {
        Int32(random.below(cluster.topic(named: topic)?.partitions.count ?? 1))
    }

    private mutating func injectProduceFault(_ kind: FaultKind, _ random: inout SplitMix64) {
        let retriable: [ErrorCode] = [
            .unknownTopicOrPartition, .leaderNotAvailable, .notLeaderOrFollower, .requestTimedOut,
            .notEnoughReplicas, .kafkaStorageError, .unknownServerError, .corruptMessage,
            .notEnoughReplicasAfterAppend,
        ]
        // Codes that promise that nothing was appended are not given after an append.
        let ambiguous: [ErrorCode] = [
            .unknownTopicOrPartition, .notLeaderOrFollower, .requestTimedOut, .kafkaStorageError,
            .notEnoughReplicasAfterAppend, .unknownServerError,
        ]
        let losses: [ProduceFault] = [
            .disconnect, .appendThenDisconnect, .appendThenHang, .appendThenOmit,
        ]
        let fatal: [ProduceFault] = [
            .refuse(.messageTooLarge), .refuse(.recordListTooLarge), .refuse(.invalidRecord),
            .refuse(.invalidTimestamp), .refuse(ErrorCode(rawValue: 999)),
            .appendThenFail(ErrorCode(rawValue: 999)),
        ]
        // These end the run.
        let final: [ProduceFault] = [.refuse(.topicAuthorizationFailed), .refuse(.invalidRequest)]
        let fault: ProduceFault
        switch kind {
        case .refusal: fault = .refuse(retriable[random.below(retriable.count)])
        case .appendedRefusal: fault = .appendThenFail(ambiguous[random.below(ambiguous.count)])
        case .fatalRefusal:
            let isFinal = random.below(30) == 0
            fault = isFinal ? final[random.below(2)] : fatal[random.below(fatal.count)]
        case .lostAnswer, .cut, .closedConnections, .outage, .restart, .upgrade, .movedLeader,
            .staleMetadata, .unsettledTopic, .throttle, .latency, .slowNetwork, .identityRefusal,
            .smallBatches, .growth, .slowFailures, .abandonment:
            fault = losses[random.below(losses.count)]
        }
        let topic = anyTopic(&random)
        cluster.inject(
            fault,
            on: topic,
            partition: anyPartition(of: topic, &random),
            count: 1 + random.below(4)
        )
    }

    private mutating func stopBroker(_ kind: FaultKind, _ random: inout SplitMix64) {
        let broker = anyBroker(&random)
        guard cluster.brokers[Int(broker)].isAvailable else { return }
        if kind == .restart {
            cluster.restart(broker: broker)
            return
        }
        cluster.stop(broker: broker, electsLeaders: random.below(2) == 0)
        if kind == .upgrade {
            let profile = BrokerProfile.all[random.below(BrokerProfile.all.count)]
            cluster.setProfile(profile, of: broker)
        }
        schedule(after: .milliseconds(random.below(5000))) {
            if !$0.cluster.brokers[Int(broker)].isAvailable { $0.cluster.start(broker: broker) }
        }
    }

    private mutating func moveLeader(_ random: inout SplitMix64) {
        let topic = anyTopic(&random)
        let partition = anyPartition(of: topic, &random)
        if random.below(4) == 0 {
            cluster.moveLeader(of: topic, partition: partition, to: -1)
            let next = anyBroker(&random)
            schedule(after: .milliseconds(random.below(5000))) {
                $0.cluster.moveLeader(of: topic, partition: partition, to: next)
            }
            return
        }
        cluster.moveLeader(of: topic, partition: partition, to: anyBroker(&random))
    }

    private mutating func lowerLimit(_ random: inout SplitMix64) {
        let topic = anyTopic(&random)
        guard var options = cluster.topic(named: topic)?.options else { return }
        options.maxMessageBytes = 200 + random.below(2000)
        cluster.setOptions(options, of: topic)
    }
}
