/// Sends one broker's batches, keeping a bounded number of requests unanswered.
///
/// This is the article's `brokerProducer.run` turned inside out: its `select` is the event loop,
/// and its nil channel, `output`, is ``flushTrigger(_:)``. Batches stay open, and keep filling,
/// until that arm is both enabled and taken: a slow broker gets larger batches, not more of them.
struct BrokerProducer {
    /// What decides besides the broker's own batches.
    struct Circumstances {
        var now: Instant
        var linger: Duration
        /// Whether the connection takes a request now: ready, not throttled, nothing unwritten, and
        /// fewer unanswered than allowed.
        var canSend: Bool
        /// From how many bytes on all batches together are a full request, or `nil` if only a full
        /// batch is one.
        var fullRequest: Int?
        /// From how many bytes on, before they were compressed, batches do not wait for others that
        /// are being compressed.
        var compressedRequest: Int
        /// Whether no request is unanswered.
        var nothingInFlight: Bool
        /// Whether the input has nothing to read, and that is to be used.
        var inputIsIdle: Bool
        var memoryIsShort: Bool
        var isDraining: Bool
    }

    /// The batches that may be sent now, as they were last counted.
    struct ReadyBatches {
        /// ``Producer/appendedByteCount`` at that time.
        var countedAt: Int
        var count = 0
        var byteCount = 0
        /// Bytes, before they were compressed, of those that are closed: full, compressed, or sent
        /// before.
        var closedByteCount = 0

        /// Below this size, in bytes, a batch costs more than it saves to send it early.
        private static let smallest = 32_768

        /// Whether they are a request's worth, with more that may have been appended since.
        ///
        /// They leave together then, though none of them is full, while they are in the processor's
        /// cache: the first limit of Sarama's `wouldOverflow`. Not if there are so many that each
        /// would be small; and one alone waits until it is full itself.
        func makeFullRequest(of limit: Int, with more: Int = 0) -> Bool {
            count > 1 && byteCount + more >= max(limit, count * Self.smallest)
        }
    }

    /// Whether there is something to send, and if so, when.
    private enum Readiness {
        case idle
        case lingering(until: Instant)
        case ready(FlushTrigger)
    }

    /// The broker's id in the cluster.
    let nodeID: Int32
    /// Its connection, as an index.
    var connection: Int
    /// Partitions it leads that have batches; some may have ended since.
    var active: [Int32] = []
    /// Where in ``active`` the next request begins, so that a full one does not starve the last.
    var rotation = 0

    /// Whether the aggregates below are out of date.
    var isStale = true
    /// When the oldest open batch that may be sent now got its first record, or `nil` if there is
    /// none.
    var oldestAppend: Instant?
    /// Partitions whose turn it is with a batch that is not compressed yet.
    var compressingCount = 0
    /// What may be sent now.
    var ready = ReadyBatches(countedAt: 0)

    init(nodeID: Int32, connection: Int) {
        self.nodeID = nodeID
        self.connection = connection
    }

    /// Counts a batch that may be sent now.
    ///
    /// - Parameters:
    ///   - batch: Its counters.
    ///   - isOpen: Whether records still go to it.
    mutating func count(_ batch: borrowing ProducerBatch, isOpen: Bool) {
        if isOpen {
            let createdAt = batch.createdAt
            oldestAppend = min(oldestAppend ?? createdAt, createdAt)
        } else {
            ready.closedByteCount += max(batch.byteCount, batch.uncompressedByteCount)
        }
        ready.count += 1
        ready.byteCount += batch.byteCount
    }

    /// Why the send arm is enabled, or `nil` while it is not.
    func flushTrigger(_ circumstances: Circumstances) -> FlushTrigger? {
        guard case .ready(let trigger) = readiness(circumstances) else { return nil }
        return trigger
    }

    /// When ``flushTrigger(_:)`` becomes non-`nil` by the passage of time alone, or `nil` if time
    /// alone will not do it.
    func deadline(_ circumstances: Circumstances) -> Instant? {
        guard case .lingering(let deadline) = readiness(circumstances) else { return nil }
        return deadline
    }

    /// Whether closed batches wait for others of their broker that are being compressed.
    ///
    /// They are closed together, for a thousand partitions a thousand at a time, and are done one
    /// by one: each would make a request.
    private func waitsForCompression(_ circumstances: Circumstances) -> Bool {
        compressingCount > 0 && ready.closedByteCount < circumstances.compressedRequest
    }

    private func readiness(_ circumstances: Circumstances) -> Readiness {
        assert(!isStale)
        guard circumstances.canSend else { return .idle }
        if ready.closedByteCount > 0, !waitsForCompression(circumstances) {
            return .ready(.batchFull)
        }
        guard let oldestAppend else { return .idle }
        if let limit = circumstances.fullRequest, ready.makeFullRequest(of: limit) {
            return .ready(.batchFull)
        }
        if circumstances.isDraining { return .ready(.draining) }
        if circumstances.memoryIsShort { return .ready(.memoryPressure) }
        if circumstances.inputIsIdle, circumstances.nothingInFlight { return .ready(.inputIdle) }
        let deadline = oldestAppend.advanced(by: circumstances.linger)
        return deadline <= circumstances.now ? .ready(.lingerExpired) : .lingering(until: deadline)
    }
}
