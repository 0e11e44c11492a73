import KafkaProducer
import KafkaProtocol

/// What goes wrong with brokers, topics and partitions.
extension Simulation {
    // MARK: Batches

    /// Lets something go wrong with the next batches of a partition.
    mutating func injectProduceFault(_ kind: FaultKind, _ random: inout SplitMix64) {
        // Codes after which a batch is sent again, before an append; 19 and others promise that
        // there was none, and the others may be given as well.
        let retriable: [ErrorCode] = [
            .unknownTopicOrPartition, .leaderNotAvailable, .notLeaderOrFollower, .requestTimedOut,
            .brokerNotAvailable, .replicaNotAvailable, .networkException, .kafkaStorageError,
            .notEnoughReplicas, .unknownServerError, .corruptMessage, .listenerNotFound,
            .fencedLeaderEpoch, .unknownLeaderEpoch, .throttlingQuotaExceeded, .unknownTopicID,
            .inconsistentTopicID, .notEnoughReplicasAfterAppend,
        ]
        // Codes that promise that nothing was appended are not given after an append.
        let ambiguous: [ErrorCode] = [
            .unknownTopicOrPartition, .notLeaderOrFollower, .requestTimedOut, .kafkaStorageError,
            .replicaNotAvailable, .networkException, .notEnoughReplicasAfterAppend,
            .unknownServerError,
        ]
        let losses: [ProduceFault] = [
            .disconnect, .hang, .appendThenDisconnect, .appendThenHang, .appendThenOmit,
        ]
        let fault: ProduceFault
        switch kind {
        case .refusal: fault = .refuse(retriable[random.below(retriable.count)])
        case .appendedRefusal: fault = .appendThenFail(ambiguous[random.below(ambiguous.count)])
        case .duplicateAnswer: fault = .appendThenFail(.duplicateSequenceNumber)
        case .fatalRefusal: fault = Self.fatalFault(&random)
        case .falseDisagreement:
            let codes: [ErrorCode] = [
                .outOfOrderSequenceNumber, .invalidProducerEpoch, .unknownProducerID,
            ]
            fault = .refuse(codes[random.below(3)])
            brokersLied = true
        case _: fault = losses[random.below(losses.count)]
        }
        let topic = anyTopic(&random)
        guard cluster.topic(named: topic) != nil else { return }
        if kind == .fatalRefusal, random.below(12) == 0 {
            refuseBeforeProducing(topic, &random)
            return
        }
        cluster.inject(
            fault,
            on: topic,
            partition: anyPartition(of: topic, &random),
            count: 1 + random.below(4)
        )
    }

    /// Refuses what comes before any batch for good: the topic, or a producer id.
    private mutating func refuseBeforeProducing(_ topic: String, _ random: inout SplitMix64) {
        if random.below(2) == 0 {
            let codes: [ErrorCode] = [.topicAuthorizationFailed, .invalidTopicException]
            cluster.refuseLookUp(of: topic, with: codes[random.below(2)])
        } else {
            let codes: [ErrorCode] = [
                .clusterAuthorizationFailed, .transactionalIDAuthorizationFailed,
            ]
            cluster.failInitProducerID(with: codes[random.below(2)], at: anyBroker(&random))
        }
    }

    private static func fatalFault(_ random: inout SplitMix64) -> ProduceFault {
        // Most end a batch, some the run.
        let batches: [ProduceFault] = [
            .refuse(.messageTooLarge), .refuse(.recordListTooLarge), .refuse(.invalidRecord),
            .refuse(.invalidTimestamp), .refuse(ErrorCode(rawValue: 999)),
            .appendThenFail(ErrorCode(rawValue: 999)),
        ]
        let runs: [ErrorCode] = [
            .topicAuthorizationFailed, .groupAuthorizationFailed, .clusterAuthorizationFailed,
            .transactionalIDAuthorizationFailed, .invalidTopicException, .invalidRequiredAcks,
            .unsupportedForMessageFormat, .policyViolation, .unsupportedCompressionType,
            .invalidRequest, .unsupportedVersion, .producerFenced,
        ]
        if random.below(12) == 0 { return .refuse(runs[random.below(runs.count)]) }
        return batches[random.below(batches.count)]
    }

    // MARK: Partitions

    mutating func disturbPartition(_ kind: FaultKind, _ random: inout SplitMix64) {
        let topic = anyTopic(&random)
        guard cluster.topic(named: topic) != nil else { return }
        let partition = anyPartition(of: topic, &random)
        switch kind {
        case .movedLeader: moveLeader(of: topic, partition, &random)
        case .unreplicatedTail: isolateLeader(of: topic, partition, &random)
        case .lostProducers: cluster.loseProducerState(of: topic, partition: partition)
        case .uncleanElection:
            guard let log = cluster.log(of: topic, partition: partition) else { return }
            let offset = max(log.startOffset, log.endOffset - Int64(random.below(40)))
            cluster.loseTail(of: topic, partition: partition, downTo: offset)
        case .deletedRecords:
            guard let log = cluster.log(of: topic, partition: partition) else { return }
            let span = Int(log.endOffset - log.startOffset)
            if random.below(2) == 0 {
                loseAnswerAndRecords(of: topic, partition)
                return
            }
            let isAll = random.below(2) == 0
            let offset = isAll ? log.endOffset : log.startOffset + Int64(random.below(span + 1))
            cluster.deleteRecords(of: topic, partition: partition, before: offset)
        case _: preconditionFailure("\(kind) is not a partition's.")
        }
    }

    private mutating func moveLeader(
        of topic: String,
        _ partition: Int32,
        _ random: inout SplitMix64
    ) {
        if random.below(4) == 0 {
            cluster.moveLeader(of: topic, partition: partition, to: -1)
            let next = anyBroker(&random)
            schedule(after: .milliseconds(random.below(5000))) {
                guard $0.healedAt == nil, $0.hasPartition(partition, of: topic) else { return }
                $0.cluster.moveLeader(of: topic, partition: partition, to: next)
                $0.followLogs()
            }
            return
        }
        cluster.moveLeader(of: topic, partition: partition, to: anyBroker(&random))
    }

    private func hasPartition(_ partition: Int32, of topic: String) -> Bool {
        cluster.topic(named: topic)?.partitions.indices.contains(Int(partition)) ?? false
    }

    /// Lets a leader append alone, and then either the others copy it or its log is cut back, by
    /// an election or with its own crash.
    private mutating func isolateLeader(
        of topic: String,
        _ partition: Int32,
        _ random: inout SplitMix64
    ) {
        let answers: [ErrorCode] = [.requestTimedOut, .notEnoughReplicasAfterAppend]
        cluster.isolateLeader(of: topic, partition: partition, answer: answers[random.below(2)])
        let keepsTail = random.below(2) == 0
        let next = anyBroker(&random)
        schedule(after: .milliseconds(random.below(1 << (6 + random.below(7))))) {
            guard $0.healedAt == nil, $0.hasPartition(partition, of: topic) else { return }
            $0.cluster.endIsolation(of: topic, partition: partition, keepsTail: keepsTail)
            if !keepsTail { $0.cluster.moveLeader(of: topic, partition: partition, to: next) }
            $0.followLogs()
        }
    }

    // MARK: Brokers

    mutating func stopBroker(_ kind: FaultKind, _ random: inout SplitMix64) {
        let broker = anyBroker(&random)
        guard cluster.brokers[Int(broker)].isAvailable else { return }
        if kind == .restart {
            if random.below(2) == 0 {
                forgetUnanswered(&random)
            } else {
                cluster.restart(broker: broker)
            }
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

    mutating func disturbCluster(_ kind: FaultKind, _ random: inout SplitMix64) {
        let broker = anyBroker(&random)
        let topic = anyTopic(&random)
        guard let state = cluster.topic(named: topic) else { return }
        switch kind {
        case .staleMetadata:
            cluster.freezeMetadata(of: broker)
            if random.below(2) == 0 { moveBehindTheBack(of: broker, &random) }
            schedule(after: anyDelay(&random)) { $0.cluster.thawMetadata(of: broker) }
        case .unsettledTopic: cluster.unsettle(topic: topic, lookUps: 1 + random.below(4))
        case .vanishedTopic:
            cluster.setHidden(true, topic: topic)
            schedule(after: .milliseconds(random.below(3000))) {
                if $0.cluster.topic(named: topic) != nil {
                    $0.cluster.setHidden(false, topic: topic)
                }
            }
        case .recreatedTopic: cluster.recreateTopic(named: topic)
        case .growth: cluster.addPartitions(to: topic, count: 1 + random.below(3))
        case .throttle:
            cluster.throttle(
                broker: broker,
                milliseconds: Int32(1 + random.below(3000)),
                count: 1 + random.below(3)
            )
        case .latency:
            cluster.setLatency(anyDelay(&random), of: broker)
            schedule(after: anyDelay(&random)) { $0.cluster.setLatency(.zero, of: broker) }
        case .metadataRefusal:
            let codes: [ErrorCode] = [.rebootstrapRequired, .unknownServerError, .requestTimedOut]
            cluster.failMetadata(
                with: codes[random.below(3)],
                at: broker,
                count: 1 + random.below(3)
            )
        case .identityRefusal:
            let codes: [ErrorCode] = [
                .coordinatorLoadInProgress, .coordinatorNotAvailable, .unknownServerError,
            ]
            cluster.failInitProducerID(with: codes[random.below(3)], at: broker)
        case .smallBatches:
            var options = state.options
            options.maxMessageBytes = 200 + random.below(2000)
            cluster.setOptions(options, of: topic)
        case _: preconditionFailure("\(kind) is not the cluster's.")
        }
    }
}
