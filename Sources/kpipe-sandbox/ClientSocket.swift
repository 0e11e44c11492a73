import KafkaProducer
import KafkaSimulator

/// One connection of a client: cuts what arrives into requests, and sends answers in order.
final class ClientSocket {
    let id: FakeConnectionID
    let broker: Int32
    let descriptor: Descriptor

    private struct Pending {
        var action: FakeReply.Action
        var due: Instant
    }

    /// Whether the next Produce request is read by half and then given up.
    var halvesNextProduce = false

    /// The size that precedes a request, then the request.
    private var frame = [UInt8](repeating: 0, count: 4)
    private var filledCount = 0
    private var readsSize = true
    private var pending: [Pending] = []
    private var outbound: [UInt8] = []
    private var writtenCount = 0
    /// Whether nothing more is read: the connection is over once all is written.
    private(set) var isEnding = false

    init(id: FakeConnectionID, broker: Int32, descriptor: Descriptor) {
        self.id = id
        self.broker = broker
        self.descriptor = descriptor
    }

    /// Whether there are bytes that the socket did not take.
    var wantsWrite: Bool { writtenCount < outbound.count }

    /// When the next answer is due, or `nil` if none waits.
    var deadline: Instant? { pending.first?.due }

    /// What reading came to.
    enum Input {
        /// A request, without its size.
        case request([UInt8])
        /// Half of a Produce request, where ``halvesNextProduce`` is set; the rest was not read.
        case half
        /// Nothing more for now.
        case nothing
        /// The connection is over.
        case ended
    }

    /// Reads until there is a request.
    func pollRequest() -> Input {
        while true {
            let isHalved = halvesNextProduce && !readsSize && filledCount < frame.count / 2
            let end = isHalved ? frame.count / 2 : frame.count
            switch descriptor.read(into: &frame, at: filledCount..<end) {
            case .bytes(0), .failed: return .ended
            case .bytes(let count): filledCount += count
            case .blocked: return .nothing
            }
            if isHalved && filledCount == end && isProduce { return .half }
            if filledCount < frame.count { continue }
            filledCount = 0
            if !readsSize {
                let request = frame
                frame = [UInt8](repeating: 0, count: 4)
                readsSize = true
                return .request(request)
            }
            let size = frame.reduce(0) { $0 << 8 | Int($1) }
            guard (1...FakeCluster.largestRequest).contains(size) else { return .ended }
            frame = [UInt8](repeating: 0, count: size)
            readsSize = false
        }
    }

    /// Whether what was read begins as a Produce request does.
    private var isProduce: Bool { filledCount >= 2 && frame[0] == 0 && frame[1] == 0 }

    /// Puts what a broker decided behind what waits already.
    func enqueue(_ reply: FakeReply, now: Instant) {
        if reply.action == .none { return }
        let due = now.advanced(by: reply.delay)
        pending.append(Pending(action: reply.action, due: max(due, pending.last?.due ?? due)))
        if case .close = reply.action { isEnding = true }
    }

    /// Writes what is due.
    ///
    /// - Returns: Whether the connection lives on.
    func flush(now: Instant) -> Bool {
        while let first = pending.first, first.due <= now {
            switch first.action {
            case .none: break
            case .response(let bytes): outbound.append(contentsOf: bytes)
            case .close: return writeOut() && wantsWrite
            }
            pending.removeFirst()
        }
        return writeOut()
    }

    private func writeOut() -> Bool {
        while wantsWrite {
            switch descriptor.write(outbound, from: writtenCount) {
            case .bytes(let count): writtenCount += count
            case .blocked: return true
            case .failed: return false
            }
        }
        outbound.removeAll(keepingCapacity: true)
        writtenCount = 0
        return true
    }
}
