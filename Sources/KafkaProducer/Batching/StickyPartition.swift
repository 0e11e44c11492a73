/// Keeps records without a key on one partition until `batch.size` bytes went there (KIP-794).
///
/// That is the uniform sticky partitioner without its adaptive part, so a slow `tail -f` keeps
/// neighbours together.
struct StickyPartition {
    /// The partition, or -1 before the first record.
    private(set) var current: Int32 = -1
    private var byteCount = 0

    /// What a value counts for: its bytes, and about what its record takes around them.
    @inline(__always)
    static func size(ofValue count: Int) -> Int { count + 8 }

    /// Notes records that went to the current partition.
    @inline(__always)
    mutating func didAppend(_ size: Int) { byteCount += size }

    /// How many bytes may go to the current partition before another is due.
    @inline(__always)
    func room(_ limit: Int) -> Int { limit - byteCount }

    /// Whether another partition is due.
    @inline(__always)
    func isDue(_ limit: Int) -> Bool { byteCount >= limit }

    /// Moves on to a partition.
    mutating func move(to partition: Int32) {
        current = partition
        byteCount = 0
    }
}

/// Where a topic's records go: what the hot path needs to know of it, and nothing with a reference.
struct TopicRoute {
    /// The first of its partitions, as a dense index.
    var firstPartition = 0
    /// How many it had when the run began to use it, or 0 while they are not known: pinned, so that
    /// keys stay where they are.
    var partitionCount = 0
    var sticky = StickyPartition()
    /// The next partition of the partitioner `roundrobin`.
    var nextRoundRobin = 0
}
