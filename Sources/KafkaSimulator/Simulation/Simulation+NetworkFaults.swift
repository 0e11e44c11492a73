import KafkaProducer

/// What goes wrong on the network.
extension Simulation {
    mutating func disturbNetwork(_ kind: FaultKind, _ random: inout SplitMix64) {
        switch kind {
        case .refusedConnect: refuseConnects(&random)
        case .blackHole: swallowConnects(to: anyBroker(&random), for: anyDelay(&random))
        case .slowNetwork:
            conditions.latency = .zero...(.milliseconds(random.below(2000)))
            conditions.connectTime = .zero...(.milliseconds(random.below(15_000)))
            let duration = anyDelay(&random)
            if random.below(2) == 0 { narrowSockets(for: duration, &random) }
            schedule(after: duration) {
                $0.conditions.latency = $0.healthyConditions.latency
                $0.conditions.connectTime = $0.healthyConditions.connectTime
            }
        case .changedAddress: changeAddress(&random)
        case .swappedAddresses: swapAddresses(&random)
        case .cut:
            if let link = anyLink(&random) { cut(link) }
        case .halfRequest:
            if let link = anyLink(&random) {
                links[link].cutAfterSending = random.below(1 << random.below(12))
            }
        case .halfAnswer:
            if let link = anyLink(&random) { links[link].cutAfterAnswering = random.below(300) }
        case .splitAnswer:
            if let link = anyLink(&random) { links[link].splitsAnswer = true }
        case .delay: delay(&random)
        case .duplicate:
            for link in liveLinks where random.below(2) == 0 { links[link].duplicates = true }
        case .oneWayPartition: partition(&random)
        case .swizzle: swizzle(&random)
        case .garbage: conditions.corruption = 1 + random.below(100)
        case .closedConnections: cluster.closeConnections(of: anyBroker(&random))
        case .idleClose:
            for link in liveLinks where links[link].isOpenAtBroker {
                let isIdle = links[link].awaited.isEmpty && links[link].underWayCount == 0
                if isIdle { closeAtBroker(link, "idle") }
            }
        case .refusal, .appendedRefusal, .lostAnswer, .duplicateAnswer, .fatalRefusal,
            .falseDisagreement, .outage, .restart, .upgrade, .movedLeader, .unreplicatedTail,
            .lostProducers, .uncleanElection, .deletedRecords, .staleMetadata, .unsettledTopic,
            .vanishedTopic, .recreatedTopic, .growth, .throttle, .latency, .metadataRefusal,
            .identityRefusal, .smallBatches, .clockJump, .pause, .slowFailures, .inputFailure,
            .inputCut, .signal, .secondSignal:
            preconditionFailure("\(kind) is not the network's.")
        }
    }

    private mutating func refuseConnects(_ random: inout SplitMix64) {
        let broker = anyBroker(&random)
        conditions.refusingBrokers.insert(broker)
        if random.below(2) == 0 { cluster.closeConnections(of: broker) }
        schedule(after: anyDelay(&random)) { $0.conditions.refusingBrokers.remove(broker) }
    }

    private mutating func swallowConnects(to broker: Int32, for duration: Duration) {
        conditions.silentBrokers.insert(broker)
        schedule(after: duration) { $0.conditions.silentBrokers.remove(broker) }
    }

    private mutating func changeAddress(_ random: inout SplitMix64) {
        let broker = anyBroker(&random)
        nextPort += 1
        cluster.setEndpoint(.init(host: "fake", port: nextPort), of: broker)
        if random.below(2) == 0 { cluster.closeConnections(of: broker) }
    }

    private mutating func swapAddresses(_ random: inout SplitMix64) {
        nextPort += 1
        let (one, other) = (anyBroker(&random), anyBroker(&random))
        let brokers = cluster.brokers
        let (here, there) = (brokers[Int(one)], brokers[Int(other)])
        cluster.setEndpoint(.init(host: there.host, port: there.port), of: one)
        cluster.setEndpoint(.init(host: here.host, port: here.port), of: other)
        // Nobody gets another's address while he is running.
        cluster.closeConnections(of: one)
        cluster.closeConnections(of: other)
    }

    private mutating func delay(_ random: inout SplitMix64) {
        guard let link = anyLink(&random) else { return }
        let until = now.advanced(by: anyDelay(&random))
        if random.below(2) == 0 {
            links[link].lastArrivalAtBroker = max(links[link].lastArrivalAtBroker, until)
        } else {
            links[link].lastArrivalAtClient = max(links[link].lastArrivalAtClient, until)
        }
    }

    /// Leaves sockets little room, so that requests are long half written.
    private mutating func narrowSockets(for duration: Duration, _ random: inout SplitMix64) {
        let size = 300 + random.below(1000)
        conditions.sendBufferSize = min(conditions.sendBufferSize, size)
        schedule(after: duration) {
            $0.conditions.sendBufferSize = $0.healthyConditions.sendBufferSize
        }
    }

    /// Holds up one direction of all connections to a broker, and all new ones.
    private mutating func partition(_ random: inout SplitMix64) {
        let broker = anyBroker(&random)
        let isOutward = random.below(2) == 0
        var duration = anyDelay(&random)
        if isOutward, random.below(2) == 0 {
            // Requests that are half written when their records' time is over.
            let timeout = producer.configuration.deliveryTimeout ?? .seconds(2)
            if timeout <= .seconds(10) {
                duration = timeout + .milliseconds(random.below(1000))
            }
            narrowSockets(for: duration, &random)
        }
        var clogged: [Int] = []
        for link in liveLinks where links[link].broker == broker {
            clog(link, toBroker: isOutward, toClient: !isOutward)
            clogged.append(link)
        }
        swallowConnects(to: broker, for: duration)
        schedule(after: duration) { simulation in
            for link in clogged { simulation.unclog(link) }
        }
    }

    /// Stops some connections one by one, and lets them go on in another order.
    private mutating func swizzle(_ random: inout SplitMix64) {
        var after = Duration.zero
        var stopped: [Int] = []
        for link in liveLinks where random.below(2) == 0 {
            schedule(after: after) {
                if $0.healedAt == nil { $0.clog(link, toBroker: true, toClient: true) }
            }
            after += .milliseconds(random.below(200))
            stopped.append(link)
        }
        after += .nanoseconds(anyDelay(&random).nanoseconds / 4)
        while !stopped.isEmpty {
            let link = stopped.remove(at: random.below(stopped.count))
            schedule(after: after) { $0.unclog(link) }
            after += .milliseconds(random.below(200))
        }
    }
}
