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
        var taken = 0
        var at = start
        var next = origin
        while true {
            let count = appendToOpenBatch(
                topic: topic,
                key: key,
                window,
                from: at,
                ends: ends.extracting(droppingFirst: taken),
                origin: next,
                timestamp: timestamp
            )
            taken += count
            if count > 0 { at = ends[taken - 1] + 1 }
            guard taken < ends.count else { return taken }
            // One that needs another partition, batch or chunk; then there is a way for more.
            next.ordinal = origin.ordinal + UInt64(taken)
            next.position = origin.position + UInt64(at - start)
            next.size = ends[taken] + 1 - at
            do throws(AppendError) {
                let isTaken = try appendSlowly(
                    topic: topic,
                    key: key,
                    value: window.extracting(at..<ends[taken]),
                    origin: next,
                    timestamp: timestamp,
                    now: now
                )
                guard isTaken else { return taken }
            } catch {
                guard taken == 0 else { return taken }
                throw error
            }
            at = ends[taken] + 1
            taken += 1
            next.ordinal += 1
            next.position += UInt64(next.size)
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
        let count = memory.appendLines(
            to: open,
            key: key,
            window,
            from: start,
            ends: ends,
            origin: origin,
            timestamp: timestamp,
            recordLimit: configuration.batchRecordLimit,
            stickyRoom: key == nil
                ? routes[Int(topic.value)].sticky.room(configuration.batchSize) : .max
        )
        if key == nil, count > 0 {
            // Each line is a byte longer than its value.
            let byteCount = ends[count - 1] + 1 - start
            routes[Int(topic.value)].sticky.didAppend(
                byteCount + count * (StickyPartition.size(ofValue: 0) - 1)
            )
        }
        return count
    }
}
