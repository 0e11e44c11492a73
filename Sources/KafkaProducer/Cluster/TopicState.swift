internal import KafkaProtocol

/// What is known of a topic that records go to.
struct TopicState {
    enum Phase: Equatable {
        /// No answer has named its partitions yet.
        case unknown
        /// Its partitions are known.
        case ready
        /// Nothing can be produced to it.
        case failed(Failure)
    }

    let name: String
    var phase = Phase.unknown
    /// Its id, or zero where brokers have none.
    var id = TopicID.zero
    /// The most bytes a batch may have here: lowered when a broker refuses one as too large.
    var batchLimit: Int

    /// When it was first asked for.
    var askedSince: Instant
    /// When a record first waited for it, or `nil`.
    var waitingSince: Instant?
    /// Since when live brokers have not known it, or `nil`.
    var unknownSince: Instant?
    /// Whether a broker once said that it does not exist.
    var wasMissing = false
    /// What the last answer said of it, if not 0.
    var lastError: ErrorCode?
    /// Whether a notice was given that it is waited for.
    var didNoteWaiting = false
    /// Whether a notice was given that it has more partitions now.
    var didNoteGrowth = false
    /// Whether metadata showed another topic of that name.
    var wasRecreated = false

    init(name: String, batchLimit: Int, now: Instant) {
        self.name = name
        self.batchLimit = batchLimit
        askedSince = now
    }
}
