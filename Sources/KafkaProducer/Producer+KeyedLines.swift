internal import KafkaProtocol

extension Producer {
    /// Appends lines that stand one behind the other, each with a key of its own in it.
    ///
    /// This is ``append(topic:key:value:origin:timestamp:now:)`` for each, in the same order and to
    /// the same partitions; only that what is the same for all is looked up once.
    ///
    /// - Parameters:
    ///   - topic: From ``topicIndex(named:now:)``.
    ///   - keys: The places in the window of the lines' keys.
    ///   - delimiterSize: How many bytes behind its key a line's value begins, or `nil` if all of
    ///     the line is its value.
    ///   - window: Where the lines are.
    ///   - start: The index in it of the first line.
    ///   - ends: The index in it of the one byte of delimiter behind each line.
    ///   - origin: Where the first line came from.
    ///   - timestamp: In milliseconds since the Unix epoch.
    ///   - now: The time of the current turn.
    /// - Returns: How many lines were taken. If not all, then there is no memory for the next one
    ///   now, or its topic is not known yet, or it can never be taken, which it is to be asked for
    ///   alone to find out.
    /// - Throws: ``AppendError`` if the first line can never be taken.
    package mutating func appendLines(
        topic: TopicIndex,
        keys: Span<Range<Int>>,
        delimiterSize: Int?,
        _ window: Span<UInt8>,
        from start: Int,
        ends: Span<Int>,
        origin: RecordOrigin,
        timestamp: Int64,
        now: Instant
    ) throws(AppendError) -> Int {
        precondition(keys.count == ends.count)
        let size = delimiterSize ?? 0
        var lines = KeyedLines(start: start, origin: origin, splitsKey: delimiterSize != nil)
        var partitions = InlineArray<128, Int32>(repeating: 0)
        let count = findPartitions(of: keys, in: window, topic, into: &partitions)
        while true {
            appendToOpenBatches(
                &lines,
                partitions.span.extracting(first: count),
                keys,
                size,
                window,
                ends,
                timestamp: timestamp
            )
            guard lines.taken < ends.count else { return lines.taken }
            // One that needs another batch or chunk; then there is a way for more.
            let key = keys[lines.taken]
            let end = ends[lines.taken]
            let valueStart = lines.valueStart(behind: key, size)
            lines.origin.size = end + 1 - lines.start
            do throws(AppendError) {
                let isTaken = try appendSlowly(
                    topic: topic,
                    key: window.extracting(key),
                    value: window.extracting(valueStart..<end),
                    origin: lines.origin,
                    timestamp: timestamp,
                    now: now
                )
                guard isTaken else { return lines.taken }
            } catch {
                guard lines.taken == 0 else { return lines.taken }
                throw error
            }
            lines.didTake(to: end)
        }
    }

    /// Finds the partitions of keys, where they depend on the key alone.
    ///
    /// In a loop of its own, so that neither this nor what follows runs out of registers.
    ///
    /// - Returns: How many keys, from the first on, have a partition.
    private func findPartitions(
        of keys: Span<Range<Int>>,
        in window: Span<UInt8>,
        _ topic: TopicIndex,
        into partitions: inout InlineArray<128, Int32>
    ) -> Int {
        let route = routes[Int(topic.value)]
        guard route.partitionCount > 0, !isStopped, configuration.fixedPartition == nil else {
            return 0
        }
        let kind = configuration.partitioner
        let count = min(keys.count, partitions.count)
        for place in 0..<count {
            guard let hash = hash(of: window.extracting(keys[place])) else { return place }
            let number = Partitioner.partition(ofHash: hash, kind, count: route.partitionCount)
            partitions[place] = Int32(truncatingIfNeeded: route.firstPartition + number)
        }
        return count
    }

    /// Appends lines for as long as each of them finds an open batch with room.
    private mutating func appendToOpenBatches(
        _ lines: inout KeyedLines,
        _ partitions: Span<Int32>,
        _ keys: Span<Range<Int>>,
        _ delimiterSize: Int,
        _ window: Span<UInt8>,
        _ ends: Span<Int>,
        timestamp: Int64
    ) {
        let recordLimit = Int32(truncatingIfNeeded: configuration.batchRecordLimit)
        // A copy, so that it stays in registers.
        var next = lines
        while next.taken < partitions.count {
            let open = queues[Int(partitions[next.taken])].open
            guard open != noBatch else { break }
            let key = keys[next.taken]
            let end = ends[next.taken]
            next.origin.size = end + 1 - next.start
            let isAppended = memory.appendLine(
                to: open,
                window,
                key: key,
                value: next.valueStart(behind: key, delimiterSize)..<end,
                timestamp: timestamp,
                origin: next.origin,
                recordLimit: recordLimit
            )
            guard isAppended else { break }
            next.didTake(to: end)
        }
        lines = next
    }
}

/// How far lines with keys were appended.
private struct KeyedLines {
    /// Where the next line begins in the window.
    private(set) var start: Int
    /// Where the next line came from; its size is set when it is known.
    var origin: RecordOrigin
    /// How many were appended.
    private(set) var taken = 0
    private let splitsKey: Bool

    init(start: Int, origin: RecordOrigin, splitsKey: Bool) {
        self.start = start
        self.origin = origin
        self.splitsKey = splitsKey
    }

    /// Where the next line's value begins.
    @inline(__always)
    func valueStart(behind key: Range<Int>, _ delimiterSize: Int) -> Int {
        splitsKey ? key.upperBound + delimiterSize : start
    }

    /// Moves on to the line behind the delimiter at `end`.
    @inline(__always)
    mutating func didTake(to end: Int) {
        start = end + 1
        origin.ordinal += 1
        origin.position += UInt64(origin.size)
        taken += 1
    }
}
