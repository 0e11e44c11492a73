internal import KafkaProtocol

extension Producer {
    /// Appends a record to the open batch of the partition its key chooses.
    ///
    /// The record is encoded at once; `key` and `value` may be reused when this returns.
    ///
    /// - Parameters:
    ///   - topic: From ``topicIndex(named:now:)``.
    ///   - key: The bytes that choose the partition, or `nil` for a null key.
    ///   - value: The bytes to deliver, or `nil` for null.
    ///   - origin: Where the record came from, behind the record before it.
    ///   - timestamp: In milliseconds since the Unix epoch.
    ///   - now: The time of the current turn.
    /// - Returns: Whether it was taken. If not, there is no memory for it now or its topic is not
    ///   known yet: nothing happened, and it is to be appended again in a later turn.
    /// - Throws: ``AppendError`` if it can never be taken.
    @inline(__always)
    package mutating func append(
        topic: TopicIndex,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        origin: RecordOrigin,
        timestamp: Int64,
        now: Instant
    ) throws(AppendError) -> Bool {
        if let partition = partition(of: topic, key: key) {
            let open = queues[partition].open
            if open != noBatch {
                let result = memory.append(
                    to: open,
                    key: key,
                    value: value,
                    timestamp: timestamp,
                    origin: origin,
                    recordLimit: Int32(truncatingIfNeeded: configuration.batchRecordLimit)
                )
                if case .appended = result {
                    appendedByteCount += origin.size
                    if key == nil {
                        routes[Int(topic.value)].sticky.didAppend(
                            StickyPartition.size(ofValue: value?.count ?? 0)
                        )
                    }
                    return true
                }
            }
        }
        return try appendSlowly(
            topic: topic,
            key: key,
            value: value,
            origin: origin,
            timestamp: timestamp,
            now: now
        )
    }

    /// The partition of a record where that is plain, or `nil` for the slow path to find out.
    @inline(__always)
    func partition(of topic: TopicIndex, key: Span<UInt8>?) -> Int? {
        let route = routes[Int(topic.value)]
        guard route.partitionCount > 0, !isStopped else { return nil }
        if let key, configuration.fixedPartition == nil {
            guard let hash = hash(of: key) else { return nil }
            return route.firstPartition
                + Partitioner.partition(
                    ofHash: hash,
                    configuration.partitioner,
                    count: route.partitionCount
                )
        }
        guard route.sticky.current >= 0, !route.sticky.isDue(configuration.batchSize),
            configuration.fixedPartition == nil
        else { return nil }
        return route.firstPartition + Int(route.sticky.current)
    }
}

extension Producer {
    /// Appends a record for which the fast path found no partition or no room.
    @inline(never)
    mutating func appendSlowly(
        topic: TopicIndex,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        origin: RecordOrigin,
        timestamp: Int64,
        now: Instant
    ) throws(AppendError) -> Bool {
        let index = Int(topic.value)
        if case .failed(let failure) = topics[index].phase { throw .topicFailed(failure) }
        if let stopReason { throw .topicFailed(stopReason) }
        let size = recordBatchHeaderSize + Self.encodedSizeLimit(key: key, value: value)
        guard size <= configuration.maxRequestSize else {
            throw .recordTooLarge(byteCount: size, limit: configuration.maxRequestSize)
        }
        guard topics[index].phase == .ready else {
            if topics[index].waitingSince == nil { topics[index].waitingSince = now }
            return false
        }
        let partition = try choosePartition(of: index, key: key)
        let taken = appendToBatch(
            of: partition,
            key: key,
            value: value,
            origin: origin,
            timestamp: timestamp,
            now: now,
            recordSize: size - recordBatchHeaderSize
        )
        if taken, key == nil {
            routes[index].sticky.didAppend(StickyPartition.size(ofValue: value?.count ?? 0))
        }
        return taken
    }

    /// The size of a record as the first of a batch, in bytes.
    static func encodedSizeLimit(key: Span<UInt8>?, value: Span<UInt8>?) -> Int {
        let keyCount = key?.count ?? -1
        let valueCount = value?.count ?? -1
        let body =
            4 + zigzagSize(Int64(keyCount)) + max(keyCount, 0) + zigzagSize(Int64(valueCount))
            + max(valueCount, 0)
        return zigzagSize(Int64(body)) + body
    }

    private mutating func appendToBatch(
        of partition: Int,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        origin: RecordOrigin,
        timestamp: Int64,
        now: Instant,
        recordSize: Int
    ) -> Bool {
        var open = queues[partition].open
        for _ in 0..<2 {
            if open == noBatch {
                guard
                    let new = openBatch(
                        of: partition,
                        origin: origin,
                        timestamp: timestamp,
                        now: now,
                        recordSize: recordSize
                    )
                else { return didRunShort() }
                open = new
            }
            let result = memory.append(
                to: open,
                key: key,
                value: value,
                timestamp: timestamp,
                origin: origin,
                recordLimit: Int32(truncatingIfNeeded: configuration.batchRecordLimit)
            )
            switch result {
            case .appended:
                if memory[open].recordCount == 1 { didAppendFirst(open, to: partition, now: now) }
                return true
            case .noMemory:
                if memory[open].recordCount == 0 { memory.release(open) }
                return didRunShort()
            case .full:
                closeOpenBatch(of: partition)
                open = noBatch
            }
        }
        preconditionFailure("A record that fits in max.request.size fits in an empty batch.")
    }

    private mutating func didRunShort() -> Bool {
        memoryIsShort = true
        memoryIsScarce = true
        markAllStale()
        return false
    }

    /// A new batch for a partition; it joins the queue with its first record.
    private mutating func openBatch(
        of partition: Int,
        origin: RecordOrigin,
        timestamp: Int64,
        now: Instant,
        recordSize: Int
    ) -> Int32? {
        guard let batch = memory.allocateBatch() else { return nil }
        let limit = topics[Int(queues[partition].topic)].batchLimit
        memory[batch].partition = Int32(partition)
        memory[batch].byteLimit = max(limit, recordBatchHeaderSize + recordSize)
        memory[batch].begin(with: origin, timestamp: timestamp)
        memory[batch].createdAt = now
        return batch
    }

    private mutating func didAppendFirst(_ batch: Int32, to partition: Int, now: Instant) {
        queues[partition].append(batch, in: &memory)
        queues[partition].open = batch
        if let leader = list(partition), !brokers[leader].isStale {
            countOpenBatch(of: partition, on: leader, now: now)
        }
        if let timeout = configuration.deliveryTimeout {
            let deadline = now.advanced(by: timeout)
            deadlineCheckAt = min(deadlineCheckAt ?? deadline, deadline)
        }
    }

    /// Ends the filling of a partition's open batch: it is full, or it is sent.
    mutating func closeOpenBatch(of partition: Int) {
        let open = queues[partition].open
        queues[partition].open = noBatch
        if open != noBatch { wantCompression(of: open) }
        if let leader = queues[partition].leader { brokers[leader].isStale = true }
    }

    /// Lets a partition that has batches take part in its leader's readiness.
    mutating func activate(_ partition: Int) {
        if let leader = list(partition) { brokers[leader].isStale = true }
    }

    /// Puts a partition that has batches on its leader's list.
    ///
    /// - Returns: The leader, if there is one.
    private mutating func list(_ partition: Int) -> Int? {
        guard let leader = queues[partition].leader else {
            // Nobody to send to: a look-up is due.
            metadata.want()
            return nil
        }
        if !queues[partition].isListed {
            queues[partition].isListed = true
            brokers[leader].active.append(Int32(partition))
        }
        return leader
    }
}
