import KafkaProducer
import KafkaProtocol

/// The virtual network: bytes take their time, arrive in pieces, and connections break.
extension Simulation {
    /// Carries out what has come due.
    mutating func happen(_ event: PendingEvent) {
        switch event {
        case .connected(let link): didConnect(link)
        case .closedAtClient(let link, let reason):
            if isHeld(event, onWayToClientOf: link) { return }
            didCloseAtClient(link, reason)
        case .closedAtBroker(let link):
            if isHeld(event, onWayToBrokerOf: link) { return }
            didCloseAtBroker(link)
        case .toBroker(let link, let bytes):
            if isHeld(event, onWayToBrokerOf: link) { return }
            didReachBroker(bytes, on: link)
        case .toClient(let link, let bytes):
            if isHeld(event, onWayToClientOf: link) { return }
            didReachClient(bytes, on: link)
        case .reply(let link, let reply): perform(reply, on: link)
        case .input(let count): didBecomeReadable(count)
        case .endOfInput: inputEndedAt = now
        case .duplicate(let broker, let frame):
            note("broker \(broker) gets a request once more")
            cluster.redeliver(frame, to: broker, now: now)
            takeAttempts()
        case .action(let place):
            let action = script[place]
            action(&self)
        }
    }

    // MARK: Clogs

    private mutating func isHeld(_ event: PendingEvent, onWayToBrokerOf link: Int) -> Bool {
        guard links[link].isCloggedToBroker else { return false }
        links[link].heldToBroker.append(event)
        return true
    }

    private mutating func isHeld(_ event: PendingEvent, onWayToClientOf link: Int) -> Bool {
        guard links[link].isCloggedToClient else { return false }
        links[link].heldToClient.append(event)
        return true
    }

    /// Lets nothing more through on a connection, in either direction or one.
    mutating func clog(_ link: Int, toBroker: Bool, toClient: Bool) {
        if isTracing { note("link \(link) is clogged, \(toBroker), \(toClient)") }
        if toBroker { links[link].isCloggedToBroker = true }
        if toClient { links[link].isCloggedToClient = true }
    }

    /// Lets everything through again, and first what was held up.
    mutating func unclog(_ link: Int) {
        guard links[link].isCloggedToBroker || links[link].isCloggedToClient else { return }
        if isTracing { note("link \(link) is free again") }
        links[link].isCloggedToBroker = false
        links[link].isCloggedToClient = false
        for event in links[link].heldToBroker { events.add(event, at: now) }
        for event in links[link].heldToClient { events.add(event, at: now) }
        // What comes later must not come before it.
        links[link].lastArrivalAtBroker = max(links[link].lastArrivalAtBroker, now)
        links[link].lastArrivalAtClient = max(links[link].lastArrivalAtClient, now)
        links[link].heldToBroker.removeAll()
        links[link].heldToClient.removeAll()
    }

    // MARK: Connections

    mutating func connect(_ id: ConnectionID, to address: BrokerAddress) {
        let link = links.count
        links.append(Link(id: id, fakeID: FakeConnectionID(index: link), address: address))
        dialogue.didConnect(link)
        liveLinks.append(link)
        links[link].emptySince = now
        checkConnects()
        if let broker = broker(at: address), conditions.silentBrokers.contains(broker) { return }
        let delay = draw(conditions.connectTime)
        events.add(.connected(link: link), at: now.advanced(by: delay))
    }

    private func broker(at address: BrokerAddress) -> Int32? {
        cluster.brokers.first {
            $0.host == address.host && $0.port == Int32(address.port)
        }?.id
    }

    private mutating func didConnect(_ link: Int) {
        guard links[link].isOpenAtClient else { return }
        // Whoever is at the address by now.
        links[link].broker = broker(at: links[link].address)
        guard let broker = links[link].broker, !conditions.refusingBrokers.contains(broker),
            cluster.didConnect(links[link].fakeID, to: broker)
        else {
            didCloseAtClient(link, "connection refused")
            return
        }
        links[link].isOpenAtBroker = true
        producer.didConnect(links[link].id, now: now)
    }

    mutating func closeByClient(_ id: ConnectionID) {
        guard let link = liveLinks.first(where: { links[$0].id == id && links[$0].isOpenAtClient })
        else { return }
        forget(link)
        let losesBytes = random.below(1000) < conditions.lossAtClose
        let at = losesBytes ? now : links[link].lastArrivalAtBroker
        events.add(.closedAtBroker(link: link), at: max(at, now))
    }

    private mutating func forget(_ link: Int) {
        ambiguousCount += links[link].unansweredCount
        if isTracing, links[link].unansweredCount > 0 {
            note("link \(link) has \(links[link].unansweredCount) requests without an answer")
        }
        links[link].isOpenAtClient = false
        liveLinks.removeAll { $0 == link }
        dialogue.didClose(link, now: now)
    }

    private mutating func didCloseAtBroker(_ link: Int) {
        guard links[link].isOpenAtBroker else { return }
        links[link].isOpenAtBroker = false
        cluster.didClose(links[link].fakeID)
    }

    private mutating func didCloseAtClient(_ link: Int, _ reason: String) {
        guard links[link].isOpenAtClient else { return }
        note("link \(link) is gone: \(reason)")
        forget(link)
        producer.didClose(links[link].id, DisconnectReason(reason), now: now)
    }

    /// Breaks the connections that the cluster has closed.
    mutating func pollDisconnects() {
        while let fakeID = cluster.pollDisconnect() {
            hangUp(fakeID.index, "closed by the broker")
        }
    }

    /// Closes a connection at the broker's end, in order.
    mutating func closeAtBroker(_ link: Int, _ reason: String) {
        guard links[link].isOpenAtBroker else { return }
        cluster.didClose(links[link].fakeID)
        hangUp(link, reason)
    }

    /// The broker's end is gone; the client gets to know after what was sent before.
    mutating func hangUp(_ link: Int, _ reason: String) {
        links[link].isOpenAtBroker = false
        let delay = draw(conditions.latency)
        let at = max(now.advanced(by: delay), links[link].lastArrivalAtClient)
        events.add(.closedAtClient(link: link, reason: reason), at: at)
    }

    /// Breaks a connection at both ends; what is under way is lost.
    mutating func cut(_ link: Int) {
        note("link \(link) is cut")
        didCloseAtBroker(link)
        didCloseAtClient(link, "connection reset")
    }

    // MARK: From the client

    /// Takes the bytes that the producer has for a connection, as far as the socket has room.
    mutating func transmit(_ link: Int) {
        while links[link].isOpenAtClient {
            let room = min(
                conditions.sendBufferSize - links[link].underWayCount,
                conditions.writeLimit
            )
            guard room > 0 else { return }
            guard producer.wantsWrite(links[link].id) else {
                links[link].emptySince = now
                links[link].isFlushing = false
                return
            }
            let bytes = outbound(of: links[link].id, upTo: room)
            producer.didTransmit(bytes.count, on: links[link].id, now: now)
            didWrite(bytes, on: link)
        }
    }

    private func outbound(of id: ConnectionID, upTo limit: Int) -> [UInt8] {
        unsafe producer.withOutbound(of: id) { segments in
            var bytes: [UInt8] = []
            for index in segments.indices {
                let segment = unsafe segments[index]
                let piece = unsafe UnsafeRawBufferPointer(
                    start: unsafe segment.base,
                    count: min(unsafe segment.count, limit - bytes.count)
                )
                unsafe bytes.append(contentsOf: piece)
            }
            return bytes
        }
    }

    private mutating func didWrite(_ bytes: [UInt8], on link: Int) {
        checkWritten(bytes, on: link)
        dialogue.didWrite(bytes, on: link, endedCount: endedCount, now: now)
        var kept = bytes
        sentByteCount += bytes.count
        var isCut = false
        if let last = conditions.cutAfterSentByte, sentByteCount >= last {
            conditions.cutAfterSentByte = nil
            kept.removeLast(sentByteCount - last)
            isCut = true
        }
        if let rest = links[link].cutAfterSending {
            links[link].cutAfterSending = rest - bytes.count
            if rest < bytes.count {
                kept.removeLast(min(kept.count, bytes.count - rest))
                isCut = true
            }
        }
        links[link].underWayCount += bytes.count
        links[link].lastArrivalAtBroker = send(
            kept,
            after: links[link].lastArrivalAtBroker,
            inPiecesOf: conditions.pieceLimit
        ) { .toBroker(link: link, $0) }
        if isCut {
            let at = links[link].lastArrivalAtBroker
            events.add(.closedAtBroker(link: link), at: at)
            events.add(.closedAtClient(link: link, reason: "connection reset"), at: at)
        }
    }

    /// Puts bytes under way in pieces, each no sooner than the one before.
    ///
    /// - Returns: When the last of them arrives.
    private mutating func send(
        _ bytes: [UInt8],
        after before: Instant,
        inPiecesOf pieceLimit: Int,
        _ event: ([UInt8]) -> PendingEvent
    ) -> Instant {
        var last = before
        var start = 0
        while start < bytes.count {
            let limit = min(pieceLimit, bytes.count - start)
            let count = pieceLimit == .max ? limit : 1 + random.below(limit)
            let delay = draw(conditions.latency)
            last = max(last, now.advanced(by: delay))
            let piece = count == bytes.count ? bytes : Array(bytes[start..<start + count])
            events.add(event(piece), at: last)
            start += count
        }
        return last
    }

    // MARK: At the broker

    private mutating func didReachBroker(_ bytes: [UInt8], on link: Int) {
        links[link].underWayCount -= bytes.count
        guard links[link].isOpenAtBroker else { return }
        links[link].received.append(contentsOf: bytes)
        while links[link].isOpenAtBroker, links[link].received.count >= 4 {
            let size = Self.size(of: links[link].received)
            guard links[link].received.count >= 4 + size else { return }
            let frame = Array(links[link].received[4..<4 + size])
            links[link].received.removeFirst(4 + size)
            receive(frame, on: link)
        }
    }

    static func size(of head: [UInt8]) -> Int {
        Int(head[0]) << 24 | Int(head[1]) << 16 | Int(head[2]) << 8 | Int(head[3])
    }

    private mutating func receive(_ frame: [UInt8], on link: Int) {
        let queuedSince =
            links[link].queuedSince.isEmpty ? now : links[link].queuedSince.removeFirst()
        let reply = cluster.receive(frame, on: links[link].fakeID, now: now)
        let isAppended = takeAttempts(queuedSince: queuedSince)
        if isAppended, links[link].duplicates, let broker = links[link].broker {
            links[link].duplicates = false
            let most = producer.configuration.requestTimeout.nanoseconds * 2
            let delay = Duration.nanoseconds(most / 1000 * Int64(random.below(1001)))
            events.add(.duplicate(broker: broker, frame), at: now.advanced(by: delay))
        }
        if case .close(let reason) = reply.action {
            links[link].isOpenAtBroker = false
            note("broker \(links[link].broker ?? -1) closes link \(link): \(reason)")
        }
        links[link].lastReply = max(links[link].lastReply, now.advanced(by: reply.delay))
        let at = links[link].lastReply
        events.add(.reply(link: link, reply), at: at)
    }

    private mutating func perform(_ reply: FakeReply, on link: Int) {
        switch reply.action {
        case .none: break
        case .response(let bytes):
            guard links[link].isOpenAtBroker else { return }
            links[link].silences.append(reply.silence)
            links[link].namedLeaders.append(reply.leaders)
            let isCorrupt = random.below(1000) < conditions.corruption
            answer(isCorrupt ? corrupted(bytes) : bytes, on: link)
        case .close(let reason): hangUp(link, reason)
        }
    }

    /// An answer with some bytes changed, left out or added.
    private mutating func corrupted(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(3) where !bytes.isEmpty {
            let place = random.below(bytes.count)
            switch random.below(4) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(UInt8(random.below(256)), at: place)
            case 2: bytes[place] = [0, 0x7f, 0x80, 0xff][random.below(4)]
            case _: bytes[place] ^= 1 << UInt8(random.below(8))
            }
        }
        didCorrupt = true
        return bytes
    }

    private mutating func answer(_ bytes: [UInt8], on link: Int) {
        var kept = bytes
        receivedByteCount += bytes.count
        var isCut = false
        if let last = conditions.cutAfterReceivedByte, receivedByteCount >= last {
            conditions.cutAfterReceivedByte = nil
            kept.removeLast(min(receivedByteCount - last, bytes.count))
            isCut = true
        }
        if let rest = links[link].cutAfterAnswering {
            links[link].cutAfterAnswering = rest - bytes.count
            if rest < bytes.count {
                kept.removeLast(min(kept.count, bytes.count - rest))
                isCut = true
            }
        }
        let isSplit = links[link].splitsAnswer && kept.count < 500
        if isSplit { links[link].splitsAnswer = false }
        links[link].lastArrivalAtClient = send(
            kept,
            after: links[link].lastArrivalAtClient,
            inPiecesOf: isSplit ? 1 : conditions.pieceLimit
        ) { .toClient(link: link, $0) }
        if isCut {
            didCloseAtBroker(link)
            hangUp(link, "connection reset")
        }
    }

    private mutating func didReachClient(_ bytes: [UInt8], on link: Int) {
        guard links[link].isOpenAtClient else { return }
        checkRead(bytes, on: link)
        dialogue.didRead(bytes, on: link, now: now)
        producer.didReceive(bytes.span, on: links[link].id, now: now)
    }
}
