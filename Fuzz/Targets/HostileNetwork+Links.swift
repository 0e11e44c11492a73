import KafkaProducer
import KafkaProtocol
import KafkaSimulator

/// The connections, and what comes over them.
extension HostileNetwork {
    /// A connection that the producer asked for.
    struct Link {
        let id: ConnectionID
        /// The port of the broker, or `nil` if there is none at the address.
        let broker: UInt16?
        var isConnected = false
        var isGone = false
        /// What the client wrote and makes no request yet.
        var toBroker: [UInt8] = []
        /// What the broker answered and was not delivered yet.
        var toClient: [UInt8] = []
        /// The requests whose answers were not delivered yet, with how much of them is left.
        var unanswered: [(request: RequestHeader, byteCount: Int)] = []

        init(id: ConnectionID, broker: UInt16?) {
            self.id = id
            self.broker = broker
        }
    }

    /// Everything that can go on over all connections goes on, honestly.
    mutating func exchange() {
        for link in links.indices where !links[link].isGone {
            connect(link, true)
            transmit(link, limit: .max)
            deliver(link, count: .max)
        }
    }

    mutating func connect(_ link: Int, _ isAnswered: Bool) {
        guard !links[link].isConnected, !links[link].isGone else { return }
        guard isAnswered, let port = links[link].broker, port == 9092 || port == 9093,
            cluster.didConnect(FakeConnectionID(index: link), to: Int32(port) - 9092)
        else {
            close(link)
            return
        }
        links[link].isConnected = true
        producer.didConnect(links[link].id, now: now)
    }

    /// The kernel takes some of what the producer wants to write.
    mutating func transmit(_ link: Int, limit: Int) {
        var rest = limit
        while links[link].isConnected, !links[link].isGone, rest > 0 {
            let bytes = outbound(of: links[link].id, upTo: rest)
            guard !bytes.isEmpty else { return }
            rest -= bytes.count
            producer.didTransmit(bytes.count, on: links[link].id, now: now)
            links[link].toBroker += bytes
            serve(link)
        }
    }

    private func outbound(of id: ConnectionID, upTo limit: Int) -> [UInt8] {
        producer.withOutbound(of: id) { segments in
            var bytes: [UInt8] = []
            for segment in segments where bytes.count < limit {
                let count = min(segment.count, limit - bytes.count)
                bytes += UnsafeRawBufferPointer(start: segment.base, count: count)
            }
            return bytes
        }
    }

    /// The broker takes the requests that have arrived.
    private mutating func serve(_ link: Int) {
        while links[link].toBroker.count >= 4, !links[link].isGone {
            let size = links[link].toBroker.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            require(size < 1 << 20, "a request of \(size) bytes")
            guard links[link].toBroker.count >= 4 + size else { return }
            let frame = Array(links[link].toBroker[4..<4 + size])
            links[link].toBroker.removeFirst(4 + size)
            var reader = ByteReader(frame)
            guard let header = try? RequestHeader.decode(&reader) else {
                fatalError("a request without a header")
            }
            let reply = cluster.receive(frame, on: FakeConnectionID(index: link), now: now)
            while cluster.pollViolation() != nil {}
            switch reply.action {
            case .none: break
            case .response(let bytes):
                links[link].toClient += bytes
                links[link].unanswered.append((header, bytes.count))
            case .close: close(link)
            }
        }
    }

    // MARK: To the client

    /// Delivers bytes of the broker's answers.
    mutating func deliver(_ link: Int, count: Int) {
        let bytes = Array(links[link].toClient.prefix(count))
        links[link].toClient.removeFirst(bytes.count)
        var rest = bytes.count
        while let first = links[link].unanswered.first, first.byteCount <= rest {
            rest -= first.byteCount
            links[link].unanswered.removeFirst()
        }
        if !links[link].unanswered.isEmpty { links[link].unanswered[0].byteCount -= rest }
        receive(link, bytes)
    }

    mutating func receive(_ link: Int, _ bytes: [UInt8]) {
        guard links[link].isConnected, !links[link].isGone, !bytes.isEmpty else { return }
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        defer { memory.deallocate() }
        _ = memory.initialize(from: bytes)
        producer.didReceive(memory.span, on: links[link].id, now: now)
    }

    /// Changes the broker's answers before they are delivered.
    mutating func spoil(_ link: Int, _ choices: inout Choices) {
        let count = links[link].toClient.count
        let place = choices.below(256)
        let value = choices.byte()
        guard place < count else { return }
        switch value & 3 {
        case 0: links[link].toClient[place] ^= value >> 2
        case 1: links[link].toClient[place] = value
        case 2: links[link].toClient.removeSubrange(place..<min(count, place + Int(value >> 2)))
        default: links[link].toClient.insert(value, at: place)
        }
    }

    /// Answers the oldest request with a body of the fuzzer's, in the place of the broker's.
    mutating func forge(_ link: Int, _ body: [UInt8]) {
        guard !links[link].unanswered.isEmpty else { return }
        let (request, byteCount) = links[link].unanswered.removeFirst()
        let honest = min(byteCount, links[link].toClient.count)
        links[link].toClient.removeFirst(honest)
        let api = APIKey(rawValue: request.apiKey)
        let isFlexible = api != .apiVersions && api?.isFlexible(request.apiVersion) == true
        let head = bigEndian(request.correlationID) + (isFlexible ? [0] : [])
        let size = bigEndian(Int32(head.count + body.count))
        receive(link, size + head + body)
    }

    private func bigEndian(_ number: Int32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> Int32(24 - 8 * $0)) }
    }

    /// The connection is gone, and the client learns of it.
    mutating func close(_ link: Int) {
        guard !links[link].isGone else { return }
        hangUp(link)
        producer.didClose(links[link].id, DisconnectReason("gone"), now: now)
    }

    /// The connection is gone for the broker.
    mutating func hangUp(_ link: Int) {
        guard !links[link].isGone else { return }
        links[link].isGone = true
        links[link].toClient = []
        if links[link].isConnected { cluster.didClose(FakeConnectionID(index: link)) }
    }
}
