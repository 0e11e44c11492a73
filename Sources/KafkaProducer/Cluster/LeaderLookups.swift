/// The circuit breaker on look-ups of one partition's leader (D13).
///
///     closed ──3 failures──▶ open ──10 s──▶ one probe ──failure──▶ open
///        ▲                                      │
///        └──────────────success────────────────┘
///
/// A dead partition must not turn into a storm of metadata requests. The breaker never fails a
/// record: deadlines run on.
struct LeaderLookups {
    /// Failed look-ups in a row that open it: the article's producer has the same number.
    static let failureLimit = 3
    /// How long it stays open.
    static let pause: Duration = .seconds(10)

    private(set) var failureCount = 0

    /// Until when no look-up is made, or `nil` while it is closed.
    private(set) var openUntil: Instant?

    /// Whether a look-up may be made now.
    func allows(now: Instant) -> Bool {
        guard let openUntil else { return true }
        return openUntil <= now
    }

    /// Notes a look-up that found no leader.
    ///
    /// - Parameters:
    ///   - now: The time of the current turn.
    ///   - remaining: The time to the oldest waiting record's deadline, or `nil` for ever.
    ///   - mayOpen: Whether the topic is past its first ten seconds.
    /// - Returns: Whether the breaker was closed and is open now.
    mutating func didFail(now: Instant, remaining: Duration?, mayOpen: Bool) -> Bool {
        failureCount += 1
        guard mayOpen, failureCount >= Self.failureLimit else { return false }
        let wasClosed = openUntil == nil
        let pause = remaining.map { min(Self.pause, max($0 / 2, .milliseconds(100))) } ?? Self.pause
        openUntil = now.advanced(by: pause)
        return wasClosed
    }

    /// Closes it: a leader is known, or there is a new reason to hope for one.
    mutating func reset() {
        failureCount = 0
        openUntil = nil
    }
}
