import KafkaProducer
import KafkaProtocol

/// What goes wrong, drawn from a seed.
extension Simulation {
    /// Lets something go wrong now.
    mutating func cause(_ kind: FaultKind, seed: UInt64) {
        guard !isFinished else { return }
        faultCounts[kind.rawValue] += 1
        if isTracing { note("fault: \(kind)") }
        var random = SplitMix64(seed: seed)
        switch kind {
        case .refusedConnect, .blackHole, .slowNetwork, .changedAddress, .swappedAddresses, .cut,
            .halfRequest, .halfAnswer, .splitAnswer, .delay, .duplicate, .oneWayPartition,
            .swizzle, .garbage, .closedConnections, .idleClose:
            disturbNetwork(kind, &random)
        case .refusal, .appendedRefusal, .lostAnswer, .duplicateAnswer, .fatalRefusal,
            .falseDisagreement:
            injectProduceFault(kind, &random)
        case .outage, .restart, .upgrade: stopBroker(kind, &random)
        case .movedLeader, .unreplicatedTail, .lostProducers, .uncleanElection, .deletedRecords:
            disturbPartition(kind, &random)
        case .staleMetadata, .unsettledTopic, .vanishedTopic, .recreatedTopic, .growth,
            .throttle, .latency, .metadataRefusal, .identityRefusal, .smallBatches:
            disturbCluster(kind, &random)
        case .clockJump, .pause, .slowFailures, .signal, .secondSignal:
            disturbHost(kind, &random)
        case .inputFailure, .inputCut: break  // The input was made so.
        }
        pollDisconnects()
        followLogs()
    }

    /// Lets everything be well again.
    mutating func heal(_ endpoints: [BrokerEndpoint]) {
        note("everything heals")
        healedAt = now
        conditions = healthyConditions
        for link in links.indices {
            unclog(link)
            links[link].cutAfterSending = nil
            links[link].cutAfterAnswering = nil
        }
        cluster.removeFaults()
        for endpoint in endpoints
        where cluster.endpoint(of: endpoint.nodeID) != endpoint {
            cluster.closeConnections(of: endpoint.nodeID)
            cluster.setEndpoint(
                .init(host: endpoint.host, port: endpoint.port),
                of: endpoint.nodeID
            )
        }
        for broker in cluster.brokers where !broker.isAvailable { cluster.start(broker: broker.id) }
        for topic in cluster.topics where !topic.isDeleted {
            for (partition, state) in topic.partitions.enumerated() where state.leader < 0 {
                cluster.moveLeader(
                    of: topic.name,
                    partition: Int32(partition),
                    to: state.replicas.first ?? 0
                )
            }
        }
        failureLimit = .max
        pollDisconnects()
        followLogs()
    }

    // MARK: Choices

    func anyBroker(_ random: inout SplitMix64) -> Int32 {
        Int32(random.below(cluster.brokers.count))
    }

    func anyTopic(_ random: inout SplitMix64) -> String {
        workload.topics[random.below(workload.topics.count)]
    }

    func anyPartition(of topic: String, _ random: inout SplitMix64) -> Int32 {
        Int32(random.below(cluster.topic(named: topic)?.partitions.count ?? 1))
    }

    /// A connection of the client's, or `nil` if it has none.
    func anyLink(_ random: inout SplitMix64) -> Int? {
        liveLinks.isEmpty ? nil : liveLinks[random.below(liveLinks.count)]
    }

    /// Up to ten times as long as an answer is waited for.
    func anyDelay(_ random: inout SplitMix64) -> Duration {
        let timeout = min(producer.configuration.requestTimeout, .seconds(5))
        let tenths = [1, 3, 10, 30, 100][random.below(5)]
        return .nanoseconds(timeout.nanoseconds / 1000 * Int64(random.below(101) * tenths))
    }

    // MARK: The host

    private mutating func disturbHost(_ kind: FaultKind, _ random: inout SplitMix64) {
        switch kind {
        case .clockJump:
            let minutes = [1, 50, 24 * 60, 365 * 24 * 60][random.below(4)]
            // Brokers refuse what lies more than an hour ahead; sometimes that is tried.
            let isBack = minutes > 50 && random.below(20) > 0 || random.below(2) == 0
            let jump = Int64(minutes) * 60_000 * Int64(1 + random.below(10)) / 10
            clockOffsetMilliseconds = isBack ? -jump : jump
        case .pause: standStill(anyDelay(&random))
        case .slowFailures:
            failureLimit = 1
            tick()
        case .signal: stop(times: 1, &random)
        case .secondSignal: stop(times: 2, &random)
        case .refusedConnect, .blackHole, .slowNetwork, .changedAddress, .swappedAddresses, .cut,
            .halfRequest, .halfAnswer, .splitAnswer, .delay, .duplicate, .oneWayPartition,
            .swizzle, .garbage, .closedConnections, .idleClose, .refusal, .appendedRefusal,
            .lostAnswer, .duplicateAnswer, .fatalRefusal, .falseDisagreement, .outage, .restart,
            .upgrade, .movedLeader, .unreplicatedTail, .lostProducers, .uncleanElection,
            .deletedRecords, .staleMetadata, .unsettledTopic, .vanishedTopic, .recreatedTopic,
            .growth, .throttle, .latency, .metadataRefusal, .identityRefusal, .smallBatches,
            .inputFailure, .inputCut:
            preconditionFailure("\(kind) is not the host's.")
        }
    }

    private mutating func stop(times: Int, _ random: inout SplitMix64) {
        note("a signal")
        if intake == nil {
            if times > 1 { abandon() } else { endInput() }
            return
        }
        didReceiveSignal()
        guard times > 1 else { return }
        schedule(after: .milliseconds(random.below(3000))) { $0.didReceiveSignal() }
    }

    /// Looks at the producer again and again while failures are taken one by one.
    private mutating func tick() {
        guard failureLimit != .max else { return }
        schedule(after: .milliseconds(5)) { $0.tick() }
    }
}
