internal import KafkaProtocol

/// Which connections there are, and which of them are needed.
extension Producer {
    /// Closes what took too long, lifts throttles, and notices when no broker can be had.
    mutating func checkConnections(now: Instant) {
        for index in connections.indices {
            switch connections[index].state {
            case .closed: break
            case .connecting(let deadline):
                guard deadline <= now else { continue }
                connections[index].slowConnectCount += 1
                close(index, cause: "connecting took too long", isFailure: true, now: now)
            case .negotiating, .ready:
                checkOpenConnection(index, now: now)
            }
        }
        if let since = bootstrap.waitingSince, !bootstrap.didNote, wantsBroker,
            since.advanced(by: Self.noticeDelay) <= now
        {
            bootstrap.didNote = true
            note(.waitingForBrokers(bootstrap.addresses, bootstrap.lastCause))
        }
    }

    private mutating func checkOpenConnection(_ index: Int, now: Instant) {
        if let first = connections[index].inFlight.first(where: { $0.expectsAnswer }),
            first.deadline <= now, !mutates(.ignoresRequestTimeout)
        {
            close(
                index,
                cause: "no answer to \(first.api.name) within request.timeout.ms",
                isFailure: true,
                now: now
            )
            return
        }
        if let until = connections[index].throttledUntil, until <= now {
            connections[index].throttledUntil = nil
            if let broker = connections[index].broker { brokers[broker].isStale = true }
        }
        let isIdle = connections[index].inFlight.isEmpty && connections[index].isReady
        if isIdle, connections[index].lastActivity.advanced(by: Self.idleLimit) <= now {
            close(index, cause: "idle", isFailure: false, now: now)
        }
    }

    /// Whether there is anything to do that needs a broker.
    var needsBroker: Bool {
        memory.batchCount > 0 || topics.contains { $0.waitingSince != nil }
    }

    /// Whether a closed connection may have to be made again.
    private var wantsBroker: Bool { needsBroker || metadata.isWanted || identity.isWanted }

    /// Connects to the leaders of partitions that have something to send.
    mutating func connectBrokers(now: Instant) {
        guard !isAbandoned else { return }
        for broker in brokers.indices where brokers[broker].ready.count > 0 || hasWork(broker) {
            let index = brokers[broker].connection
            guard connections[index].state == .closed else { continue }
            if let retryAt = connections[index].retryAt, retryAt > now { continue }
            connect(index, now: now)
        }
    }

    /// Whether a partition that a broker leads has batches.
    private func hasWork(_ broker: Int) -> Bool {
        brokers[broker].active.contains { partition in
            queues[Int(partition)].leader == broker && !queues[Int(partition)].isEmpty
        }
    }

    /// A connection that takes a request for metadata or a producer id, or `nil`; connects to a
    /// bootstrap broker when there is none and none is being made.
    mutating func anyReadyConnection(now: Instant) -> Int? {
        if let ready = connections.indices.first(where: {
            acceptsRequests(on: $0, now: now)
        }) {
            return ready
        }
        guard !connections.contains(where: { $0.isReady }) else { return nil }
        connectBootstrap(now: now)
        return nil
    }

    /// Connects to the next bootstrap broker or known broker whose back-off is over, in turn; so
    /// the bootstrap list is come back to when all known brokers fail (KIP-899).
    private mutating func connectBootstrap(now: Instant) {
        guard !isAbandoned, !connections.contains(where: { $0.isBeingMade }) else { return }
        let count = bootstrap.addresses.count + brokers.count
        for step in 0..<count {
            let place = (bootstrap.next + step) % count
            let index =
                place < bootstrap.addresses.count
                ? bootstrapConnection(to: bootstrap.addresses[place])
                : brokers[place - bootstrap.addresses.count].connection
            guard connections[index].state == .closed else { continue }
            if let retryAt = connections[index].retryAt, retryAt > now { continue }
            bootstrap.next = place + 1
            connect(index, now: now)
            return
        }
    }

    /// The connection that a bootstrap address is tried with: its broker's own once that is known.
    private mutating func bootstrapConnection(to address: BrokerAddress) -> Int {
        if let known = connections.firstIndex(where: { $0.address == address }) { return known }
        connections.append(Connection(address: address, broker: nil))
        return connections.count - 1
    }

    /// The connections whose passing of time matters, and until when.
    func nextConnectionDeadline(now: Instant) -> Instant? {
        var earliest: Instant?
        func consider(_ instant: Instant?) {
            guard let instant else { return }
            earliest = min(earliest ?? instant, instant)
        }
        // By index: an element taken out of the array counts references to all that it has.
        for index in connections.indices {
            switch connections[index].state {
            case .closed:
                // A back-off that is over changed nothing: nobody needs that connection.
                let retryAt = connections[index].retryAt.flatMap { $0 > now ? $0 : nil }
                if wantsBroker { consider(retryAt) }
            case .connecting(let deadline): consider(deadline)
            case .negotiating, .ready:
                if !mutates(.ignoresRequestTimeout) {
                    consider(connections[index].inFlight.first { $0.expectsAnswer }?.deadline)
                }
                consider(connections[index].throttledUntil)
                if connections[index].inFlight.isEmpty {
                    consider(connections[index].lastActivity.advanced(by: Self.idleLimit))
                }
            }
        }
        if wantsBroker, !bootstrap.didNote {
            consider(bootstrap.waitingSince?.advanced(by: Self.noticeDelay))
        }
        return earliest
    }

    /// Takes the brokers of a metadata answer into the table.
    mutating func update(_ endpoints: [BrokerEndpoint], from asked: Int, now: Instant) {
        for endpoint in endpoints {
            let port = UInt16(clamping: endpoint.port)
            let address = BrokerAddress(host: endpoint.host, port: port)
            if let known = brokers.firstIndex(where: { $0.nodeID == endpoint.nodeID }) {
                move(known, to: address)
            } else {
                add(endpoint.nodeID, at: address, asked: asked)
            }
        }
    }

    private mutating func add(_ nodeID: Int32, at address: BrokerAddress, asked: Int) {
        let broker = brokers.count
        let isAsked = connections[asked].broker == nil && connections[asked].address == address
        if isAsked, connections[asked].isReady {
            // The bootstrap connection leads to this very broker: it becomes the broker's own.
            connections[asked].broker = broker
            brokers.append(BrokerProducer(nodeID: nodeID, connection: asked))
        } else {
            connections.append(Connection(address: address, broker: broker))
            brokers.append(BrokerProducer(nodeID: nodeID, connection: connections.count - 1))
        }
    }

    /// A broker whose address changed gets a new connection; the old one goes on until it is
    /// closed.
    private mutating func move(_ broker: Int, to address: BrokerAddress) {
        let index = brokers[broker].connection
        guard connections[index].address != address else { return }
        connections[index].broker = nil
        connections.append(Connection(address: address, broker: broker))
        brokers[broker].connection = connections.count - 1
        brokers[broker].isStale = true
    }
}
