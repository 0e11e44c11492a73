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
        var lines = LinesTaken(start: start, origin: origin)
        var partitions = InlineArray<128, Int32>(repeating: 0)
        let count = findPartitions(of: keys, in: window, topic, into: &partitions)
        let ahead = LinesAhead(partitions.span.extracting(first: count), in: queues)
        while true {
            appendToOpenBatches(
                &lines,
                partitions.span.extracting(first: count),
                ahead.batches,
                keys,
                delimiterSize,
                window,
                ends,
                timestamp: timestamp
            )
            guard lines.count < ends.count else { return lines.count }
            // One that needs another batch or chunk; then there is a way for more.
            let key = keys[lines.count]
            let end = ends[lines.count]
            let valueStart = Self.valueStart(of: lines, behind: key, delimiterSize)
            let isTaken = try appendSlowly(
                &lines,
                topic: topic,
                key: window.extracting(key),
                value: window.extracting(valueStart..<end),
                end: end,
                timestamp: timestamp,
                now: now
            )
            guard isTaken else { return lines.count }
        }
    }

    /// Where the value of the next line begins.
    @inline(__always)
    private static func valueStart(
        of lines: LinesTaken,
        behind key: Range<Int>,
        _ delimiterSize: Int?
    ) -> Int {
        delimiterSize.map { key.upperBound + $0 } ?? lines.start
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
        _ lines: inout LinesTaken,
        _ partitions: Span<Int32>,
        _ ahead: Span<Int32>,
        _ keys: Span<Range<Int>>,
        _ delimiterSize: Int?,
        _ window: Span<UInt8>,
        _ ends: Span<Int>,
        timestamp: Int64
    ) {
        let recordLimit = Int32(truncatingIfNeeded: configuration.batchRecordLimit)
        // A copy, so that it stays in registers.
        var next = lines
        if lines.count == 0 {
            for place in -LinesAhead.countersAhead..<0 { memory.fetch(ahead, behind: place) }
        }
        while next.count < partitions.count {
            memory.fetch(ahead, behind: next.count)
            let open = queues[Int(partitions[next.count])].open
            guard open != noBatch else { break }
            let key = keys[next.count]
            let end = ends[next.count]
            let isAppended = memory.appendLine(
                to: open,
                window,
                key: key,
                value: Self.valueStart(of: next, behind: key, delimiterSize)..<end,
                timestamp: timestamp,
                origin: next.originOfNext(to: end),
                recordLimit: recordLimit
            )
            guard isAppended else { break }
            next.didTake(1, to: end)
        }
        appendedByteCount += next.start - lines.start
        lines = next
    }
}

/// The batches that some lines most likely go to, where they are so many that what an append looks
/// at does not stay in the processor's cache: it is fetched some lines ahead.
private struct LinesAhead: ~Copyable {
    /// Of so many partitions it does stay there.
    private static let cachedPartitionCount = 16

    /// How many lines before it is appended to a batch's counters are fetched.
    static let countersAhead = 16

    /// How many lines before it is appended to a batch's end is fetched, which its counters say.
    static let endAhead = 8

    private var storage = InlineArray<128, Int32>(repeating: noBatch)
    private let count: Int

    /// Looks the batches up; in a loop of its own, as the processor then waits for many at a time.
    init(_ partitions: Span<Int32>, in queues: [PartitionQueue]) {
        guard queues.count > Self.cachedPartitionCount else {
            count = 0
            return
        }
        count = partitions.count
        for place in partitions.indices { storage[place] = queues[Int(partitions[place])].open }
    }

    /// A batch for each line, or none at all.
    var batches: Span<Int32> {
        @_lifetime(borrow self)
        borrowing get { storage.span.extracting(first: count) }
    }
}

extension BatchMemory {
    /// Fetches what the lines some places behind one will need.
    @inline(__always)
    fileprivate func fetch(_ ahead: Span<Int32>, behind place: Int) {
        let counters = place + LinesAhead.countersAhead
        if ahead.indices.contains(counters), ahead[counters] != noBatch {
            fetchCounters(of: ahead[counters])
        }
        let end = place + LinesAhead.endAhead
        if ahead.indices.contains(end), ahead[end] != noBatch { fetchEnd(of: ahead[end]) }
    }
}
