/// When to ask for metadata: at most one request at a time, with back-off, and before it is too
/// old.
struct MetadataRefresh {
    /// Whether something needs a newer answer than the last.
    var isWanted = true
    /// The connection that was asked, as an index, or `nil` while none is.
    var askedConnection: Int?
    /// When the next request may be sent.
    var notBefore = Instant(nanoseconds: 0)
    /// Answers in a row that did not help.
    var failureCount = 0
    /// When the last answer came, or `nil` before the first.
    var lastAnswer: Instant?
    /// The cluster's id, once known.
    var clusterID: String?

    /// Notes that something needs a newer answer.
    mutating func want() { isWanted = true }

    /// When a request is due, or `nil` while one is under way.
    ///
    /// `maxAge` is `metadata.max.age.ms`.
    func dueAt(maxAge: Duration) -> Instant? {
        guard askedConnection == nil else { return nil }
        if isWanted { return notBefore }
        return lastAnswer?.advanced(by: maxAge)
    }
}
