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

    /// What the values of lines that stand one behind the other count for.
    @inline(__always)
    static func size(ofLines count: Int, from start: Int, to lastEnd: Int) -> Int {
        // Each line is a byte longer than its value.
        lastEnd + 1 - start + count * (size(ofValue: 0) - 1)
    }

    /// The ends of those lines, from the first on, before which no other partition is due.
    @inline(__always)
    @_lifetime(copy ends)
    func roomForLines(from start: Int, ends: Span<Int>, _ limit: Int) -> Span<Int> {
        let room = limit - byteCount
        guard !ends.isEmpty,
            Self.size(ofLines: ends.count, from: start, to: ends[ends.count - 1]) > room
        else { return ends }
        var count = 0
        var lineStart = start
        while count < ends.count,
            Self.size(ofLines: count, from: start, to: lineStart - 1) < room
        {
            lineStart = ends[count] + 1
            count += 1
        }
        return ends.extracting(first: count)
    }

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
