/// The producer id, asked for once and again only when a partition's epochs run out (R7).
struct ProducerIdentity {
    /// The newest id, or -1 before the first answer.
    private(set) var producerID: Int64 = -1
    /// The epoch that came with it.
    private(set) var epoch: Int16 = 0
    /// Whether another id is needed.
    private(set) var isWanted: Bool
    /// The connection that was asked, as an index, or `nil` while none is.
    var askedConnection: Int?
    /// When the next request may be sent.
    var notBefore = Instant(nanoseconds: 0)
    /// Failures in a row.
    var failureCount = 0

    /// The last epoch of an id: the broker fences beyond it.
    static let lastEpoch: Int16 = .max

    init(isWanted: Bool) { self.isWanted = isWanted }

    var isKnown: Bool { producerID >= 0 }

    /// When a request is due, or `nil` if none is needed or one is under way.
    var dueAt: Instant? { isWanted && askedConnection == nil ? notBefore : nil }

    /// Asks for another id: a partition has used up the epochs of this one.
    ///
    /// - Parameter exhausted: The id that is used up; nothing happens if there is a newer one.
    mutating func renew(after exhausted: Int64) {
        if exhausted == producerID { isWanted = true }
    }

    /// Notes a new id.
    mutating func didReceive(producerID: Int64, epoch: Int16) {
        self.producerID = producerID
        self.epoch = epoch
        isWanted = false
        failureCount = 0
    }
}
