/// How much to ask for in one read: more for as long as reads come back full.
///
/// Small portions keep a trickle's bytes in the processor's cache; large ones save calls, and
/// hops between threads, on a flood.
nonisolated struct ReadSize {
    /// What a pipe holds unless it was enlarged.
    private static let smallest = 65_536

    /// What a pipe holds after `F_SETPIPE_SZ` without privilege; measured, 256 KiB gives nearly
    /// all of what 1 MiB gives on pipes, and 1 MiB a fifth more on files.
    private static let largest = 1_048_576

    /// The size of the next read, in bytes.
    private(set) var current = smallest

    /// Learns from a read of ``current`` bytes, or of fewer where there was no room for them.
    mutating func didRead(_ count: Int) {
        if count >= current {
            current = min(current * 2, Self.largest)
        } else if count < current / 4 {
            current = max(current / 2, Self.smallest)
        }
    }
}
