/// A delay that doubles with each failure up to a limit, with jitter of a fifth (docs/PROTOCOL.md,
/// section 8).
enum Backoff {
    /// The delay after a number of failures.
    ///
    /// - Parameters:
    ///   - failureCount: Failures in a row, at least 1.
    ///   - base: The delay after the first.
    ///   - limit: The most it becomes, before jitter.
    ///   - random: Where the jitter comes from.
    /// - Returns: The delay.
    static func delay(
        failureCount: Int,
        base: Duration,
        limit: Duration,
        random: inout SplitMix64
    ) -> Duration {
        precondition(failureCount >= 1)
        var delay = base
        var doublings = failureCount - 1
        while doublings > 0, delay < limit {
            delay *= 2
            doublings -= 1
        }
        delay = min(delay, limit)
        // 80 % to 120 %, in steps of a thousandth.
        return delay * (800 + random.below(401)) / 1000
    }
}
