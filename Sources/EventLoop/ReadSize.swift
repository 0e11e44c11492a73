/// How much to ask for in one read: more for as long as reads come back full.
///
/// Small portions keep a trickle's bytes in the processor's cache; large ones save calls, and
/// hops between threads, on a flood.
nonisolated struct ReadSize {
    /// What a pipe holds unless it was enlarged.
    private static let smallest = 65_536

    /// The most for a read on the loop: what it brought is still in the processor's second level of
    /// cache when it is worked on, and with larger ones that is lost again.
    static let largestOnLoop = 262_144

    /// The most for a read off the loop, which costs a hop to another thread and back.
    static let largestOffLoop = 1_048_576

    private let largest: Int

    /// The size of the next read, in bytes.
    private(set) var current = smallest

    /// Begins small.
    ///
    /// - Parameter largest: The most to ask for.
    init(largest: Int) { self.largest = largest }

    /// Learns from a read of ``current`` bytes, or of fewer where there was no room for them.
    mutating func didRead(_ count: Int) {
        if count >= current {
            current = min(current * 2, largest)
        } else if count < current / 4 {
            current = max(current / 2, Self.smallest)
        }
    }
}
