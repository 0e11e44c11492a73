internal import KafkaProtocol

extension Producer {
    /// How long a connect may take: doubled, up to the second, while it keeps taking too long.
    static let connectTimeouts: [Duration] = [.seconds(10), .seconds(20), .seconds(30)]
    /// Brokers close idle connections after ten minutes; we do so a little before.
    static let idleLimit: Duration = .seconds(540)
    /// After how long without a broker the user is told.
    static let noticeDelay: Duration = .milliseconds(700)

    // MARK: Facts

    /// The connection is up: negotiate.
    package mutating func didConnect(_ id: ConnectionID, now: Instant) {
        guard isCurrent(id), case .connecting = connections[id.index].state else { return }
        connections[id.index].state = .negotiating
        connections[id.index].slowConnectCount = 0
        let version = connections[id.index].negotiationVersion
        let correlationID = nextCorrelationID(on: id.index)
        let request = ApiVersionsRequest(
            softwareName: "kpipe",
            softwareVersion: configuration.softwareVersion
        )
        queue(
            request.encode(
                version: version,
                correlationID: correlationID,
                clientID: configuration.clientID
            ),
            of: .apiVersions,
            version: version,
            correlationID,
            on: id.index,
            now: now
        )
    }

    /// The connection could not be made, or is gone.
    package mutating func didClose(_ id: ConnectionID, _ why: DisconnectReason, now: Instant) {
        guard isCurrent(id), connections[id.index].state != .closed else { return }
        let state = connections[id.index].state
        // With acks=0 a closed connection is the only way a broker has to refuse a batch.
        let wasIdle =
            state == .ready && connections[id.index].inFlight.isEmpty
            && configuration.acks != .none
        if case .negotiating = state { fallBackToVersion0(id.index) }
        disconnect(id.index, cause: why.message, isFailure: !wasIdle, now: now)
    }

    /// The kernel took bytes.
    package mutating func didTransmit(_ byteCount: Int, on id: ConnectionID, now: Instant) {
        guard isCurrent(id), byteCount > 0 else { return }
        connections[id.index].outbound.advance(byteCount)
        connections[id.index].lastActivity = now
        if connections[id.index].outbound.isEmpty { scratch.removeAll(for: id.index) }
        var rest = byteCount
        var place = 0
        while rest > 0, place < connections[id.index].inFlight.count {
            let unsent = connections[id.index].inFlight[place].unsentByteCount
            let taken = min(rest, unsent)
            if taken > 0 { didStart(place, on: id.index) }
            connections[id.index].inFlight[place].unsentByteCount = unsent - taken
            rest -= taken
            place += 1
        }
        finishUnansweredRequests(on: id.index, now: now)
    }

    // MARK: Decisions

    /// Closes a connection: what it carried is ambiguous now.
    ///
    /// `isFailure` says whether to wait before connecting again.
    mutating func disconnect(_ index: Int, cause: String, isFailure: Bool, now: Instant) {
        let wasReady = connections[index].isReady
        tell(.broker) { "closed \($0.connections[index].address): \(cause)" }
        connections[index].state = .closed
        connections[index].generation += 1
        connections[index].outbound.removeAll()
        scratch.removeAll(for: index)
        connections[index].received.removeAll()
        connections[index].throttledUntil = nil
        let lost = connections[index].inFlight
        connections[index].inFlight.removeAll(keepingCapacity: true)
        if metadata.askedConnection == index {
            metadata.askedConnection = nil
            metadata.want()
        }
        if identity.askedConnection == index { identity.askedConnection = nil }
        if isFailure { didFail(index, cause: cause, now: now) }
        if wasReady, isFailure, !lost.isEmpty {
            note(.brokerLost(connections[index].address, cause))
        }
        for request in lost where request.isProduce {
            didLoseRequest(request, now: now)
        }
        if isFailure { metadata.want() }
        if let broker = connections[index].broker { brokers[broker].isStale = true }
    }

    private mutating func didFail(_ index: Int, cause: String, now: Instant) {
        connections[index].failureCount += 1
        let delay = Backoff.delay(
            failureCount: connections[index].failureCount,
            base: configuration.reconnectBackoff,
            limit: .seconds(1),
            random: &random
        )
        connections[index].retryAt = now.advanced(by: delay)
        bootstrap.lastCause = "\(connections[index].address): \(cause)"
        guard !connections.contains(where: { $0.isReady }) else { return }
        // Only what a live broker says of a topic counts against it.
        for topic in topics.indices { topics[topic].unknownSince = nil }
        if bootstrap.waitingSince == nil {
            bootstrap.waitingSince = now
            bootstrap.didNote = false
        }
    }

    /// Asks the event loop to connect.
    mutating func connect(_ index: Int, now: Instant) {
        let slow = min(connections[index].slowConnectCount, Self.connectTimeouts.count - 1)
        connections[index].state = .connecting(
            deadline: now.advanced(by: Self.connectTimeouts[slow])
        )
        connections[index].retryAt = nil
        connections[index].nextCorrelationID = 1
        emit(.connect(connectionID(index), connections[index].address))
    }

    /// Closes a connection on our own account.
    mutating func close(_ index: Int, cause: String, isFailure: Bool, now: Instant) {
        emit(.close(connectionID(index)))
        disconnect(index, cause: cause, isFailure: isFailure, now: now)
    }

    func connectionID(_ index: Int) -> ConnectionID {
        ConnectionID(index: index, generation: connections[index].generation)
    }

    func isCurrent(_ id: ConnectionID) -> Bool {
        id.index < connections.count && connections[id.index].generation == id.generation
    }

    mutating func nextCorrelationID(on index: Int) -> Int32 {
        defer { connections[index].nextCorrelationID &+= 1 }
        return connections[index].nextCorrelationID
    }

    /// Queues a whole request.
    mutating func queue(
        _ bytes: [UInt8],
        of api: APIKey,
        version: Int16,
        _ correlationID: Int32,
        on index: Int,
        now: Instant
    ) {
        tell(.protocol) {
            "\(api.name) v\(version) #\(correlationID) to \($0.connections[index].address), "
                + "\(bytes.count) bytes"
        }
        let start = scratch.append(bytes, for: index)
        connections[index].outbound.append(
            .init(isScratch: true, offset: start, count: bytes.count)
        )
        connections[index].inFlight.append(
            InFlightRequest(
                correlationID: correlationID,
                api: api,
                version: version,
                deadline: now.advanced(by: requestTimeout),
                unsentByteCount: bytes.count
            )
        )
        connections[index].lastActivity = now
    }

    /// A broker that closes on ApiVersions 3 is asked with 0 (docs/PROTOCOL.md section 3).
    private mutating func fallBackToVersion0(_ index: Int) {
        connections[index].negotiationVersion = 0
    }

    private mutating func didStart(_ place: Int, on index: Int) {
        guard !connections[index].inFlight[place].isStarted else { return }
        connections[index].inFlight[place].isStarted = true
        var batch = connections[index].inFlight[place].firstBatch
        while batch != noBatch {
            memory[batch].isWritten = true
            batch = memory[batch].nextInRequest
        }
    }

    /// With acks=0 a request is finished when its last byte is on the socket (D7).
    private mutating func finishUnansweredRequests(on index: Int, now: Instant) {
        // Requests for metadata may stand before it, which wait for their answers.
        while let place = connections[index].inFlight.firstIndex(where: {
            !$0.expectsAnswer && $0.unsentByteCount == 0
        }) {
            let request = connections[index].inFlight.remove(at: place)
            var batch = request.firstBatch
            while batch != noBatch {
                let next = memory[batch].nextInRequest
                didAnswer(batch, .acknowledgedByNobody, now: now)
                batch = next
            }
        }
    }
}
