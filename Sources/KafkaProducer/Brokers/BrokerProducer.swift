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
        /// Whether no request is unanswered.
        var nothingInFlight: Bool
        /// Whether the input has nothing to read, and that is to be used.
        var inputIsIdle: Bool
        var memoryIsShort: Bool
        var isDraining: Bool
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

    /// Whether the two aggregates below are out of date.
    var isStale = true
    /// When the oldest batch that may be sent now got its first record, or `nil` if there is none.
    var oldestAppend: Instant?
    /// Whether a batch that may be sent now is closed: full, or sent before.
    var hasFullBatch = false

    init(nodeID: Int32, connection: Int) {
        self.nodeID = nodeID
        self.connection = connection
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

    private func readiness(_ circumstances: Circumstances) -> Readiness {
        assert(!isStale)
        guard let oldestAppend, circumstances.canSend else { return .idle }
        if hasFullBatch { return .ready(.batchFull) }
        if circumstances.isDraining { return .ready(.draining) }
        if circumstances.memoryIsShort { return .ready(.memoryPressure) }
        if circumstances.inputIsIdle, circumstances.nothingInFlight { return .ready(.inputIdle) }
        let deadline = oldestAppend.advanced(by: circumstances.linger)
        return deadline <= circumstances.now ? .ready(.lingerExpired) : .lingering(until: deadline)
    }
}
