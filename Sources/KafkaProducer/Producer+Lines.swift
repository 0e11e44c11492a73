extension Producer {
    /// Appends plain lines that stand one behind the other, all with the same key or none.
    ///
    /// This is ``append(topic:key:value:origin:timestamp:now:)`` for each, in the same order and to
    /// the same partitions; only that what is the same for all is looked up once.
    ///
    /// - Parameters:
    ///   - topic: From ``topicIndex(named:now:)``.
    ///   - key: The bytes that choose the partition, or `nil` for a null key.
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
        key: Span<UInt8>?,
        _ window: Span<UInt8>,
        from start: Int,
        ends: Span<Int>,
        origin: RecordOrigin,
        timestamp: Int64,
        now: Instant
    ) throws(AppendError) -> Int {
        var lines = LinesTaken(start: start, origin: origin)
        while true {
            let count = appendToOpenBatch(
                topic: topic,
                key: key,
                window,
                from: lines.start,
                ends: ends.extracting(droppingFirst: lines.count),
                origin: lines.origin,
                timestamp: timestamp
            )
            if count > 0 { lines.didTake(count, to: ends[lines.count + count - 1]) }
            guard lines.count < ends.count else { return lines.count }
            // One that needs another partition, batch or chunk; then there is a way for more.
            let end = ends[lines.count]
            let isTaken = try appendSlowly(
                &lines,
                topic: topic,
                key: key,
                value: window.extracting(lines.start..<end),
                end: end,
                timestamp: timestamp,
                now: now
            )
            guard isTaken else { return lines.count }
        }
    }

    /// Appends one of many lines for which the fast path found no partition or no room.
    ///
    /// - Parameters:
    ///   - lines: The lines before it; with it, if it is taken.
    ///   - topic: From ``topicIndex(named:now:)``.
    ///   - key: The line's key, or `nil` for a null key.
    ///   - value: The line's value.
    ///   - end: The index of the delimiter behind the line.
    ///   - timestamp: In milliseconds since the Unix epoch.
    ///   - now: The time of the current turn.
    /// - Returns: Whether it was taken.
    /// - Throws: ``AppendError`` if it can never be taken and is the first; another one is not
    ///   taken, so that it is asked for alone.
    mutating func appendSlowly(
        _ lines: inout LinesTaken,
        topic: TopicIndex,
        key: Span<UInt8>?,
        value: Span<UInt8>,
        end: Int,
        timestamp: Int64,
        now: Instant
    ) throws(AppendError) -> Bool {
        do throws(AppendError) {
            let isTaken = try appendSlowly(
                topic: topic,
                key: key,
                value: value,
                origin: lines.originOfNext(to: end),
                timestamp: timestamp,
                now: now
            )
            if isTaken { lines.didTake(1, to: end) }
            return isTaken
        } catch {
            guard lines.count == 0 else { return false }
            throw error
        }
    }

    /// Appends lines for as long as they go to the same open batch.
    private mutating func appendToOpenBatch(
        topic: TopicIndex,
        key: Span<UInt8>?,
        _ window: Span<UInt8>,
        from start: Int,
        ends: Span<Int>,
        origin: RecordOrigin,
        timestamp: Int64
    ) -> Int {
        guard let partition = partition(of: topic, key: key) else { return 0 }
        let open = queues[partition].open
        guard open != noBatch else { return 0 }
        let limit = configuration.batchSize
        let sticky = routes[Int(topic.value)].sticky
        let count = memory.appendLines(
            to: open,
            key: key,
            window,
            from: start,
            ends: key == nil ? sticky.roomForLines(from: start, ends: ends, limit) : ends,
            origin: origin,
            timestamp: timestamp,
            recordLimit: configuration.batchRecordLimit
        )
        if count > 0 { appendedByteCount += ends[count - 1] + 1 - start }
        if key == nil, count > 0 {
            routes[Int(topic.value)].sticky.didAppend(
                StickyPartition.size(ofLines: count, from: start, to: ends[count - 1])
            )
        }
        return count
    }
}

/// How far lines were appended that stand one behind the other.
struct LinesTaken {
    /// How many were.
    private(set) var count = 0
    /// Where the next one begins in the window.
    private(set) var start: Int
    /// Where the next one came from, but for its size.
    private(set) var origin: RecordOrigin

    init(start: Int, origin: RecordOrigin) {
        self.start = start
        self.origin = origin
    }

    /// Where the next one came from, if its delimiter stands at `end`.
    @inline(__always)
    func originOfNext(to end: Int) -> RecordOrigin {
        RecordOrigin(ordinal: origin.ordinal, position: origin.position, size: end + 1 - start)
    }

    /// Moves on by some lines, behind the delimiter of the last of them.
    @inline(__always)
    mutating func didTake(_ lineCount: Int, to end: Int) {
        count += lineCount
        origin.ordinal += UInt64(lineCount)
        origin.position += UInt64(end + 1 - start)
        start = end + 1
    }
}
