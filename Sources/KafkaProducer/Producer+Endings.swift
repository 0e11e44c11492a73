internal import KafkaProtocol

/// How batches end that are not acknowledged, and what ends with them.
extension Producer {
    /// Ends a batch failed or unknown: its records wait to be taken by ``pollFailure(_:)``.
    mutating func end(
        _ batch: Int32,
        _ outcome: Outcome,
        _ failure: Failure,
        messages: [String?] = [],
        now: Instant
    ) {
        let partition = Int(memory[batch].partition)
        let outcome = mutates(.failsAmbiguousBatches) ? .failed : outcome
        precondition(!memory[batch].isInUse && !memory[batch].isFinal)
        forgetCompression(of: batch)
        if memory[batch].hasSequence {
            queues[partition].unresolvedCount -= 1
            noteGap(of: batch, outcome, in: partition)
        }
        if queues[partition].head == batch { queues[partition].isRecovering = false }
        queues[partition].remove(batch, from: &memory)
        fail(batch, outcome, failure, messages: messages)
        acknowledgeFront(of: partition, offset: -1)
        markStale(partition)
    }

    /// Hands a batch that is in no queue to the failure lines.
    mutating func fail(
        _ batch: Int32,
        _ outcome: Outcome,
        _ failure: Failure,
        messages: [String?] = []
    ) {
        let queue = queues[Int(memory[batch].partition)]
        report.didFail(memory[batch], outcome, failure.kind)
        if mutatesReport { misreport(batch) }
        failures.append(
            FailureQueue.Entry(
                batch: batch,
                topic: topics[Int(queue.topic)].name,
                partition: queue.number,
                outcome: outcome,
                failure: failure,
                messages: messages
            )
        )
    }

    /// R11: the sequences of a batch that ended so are not used again; the epoch is bumped.
    private mutating func noteGap(of batch: Int32, _ outcome: Outcome, in partition: Int) {
        guard !mutates(.keepsEpochAfterGap) else { return }
        guard configuration.idempotence, memory[batch].epoch == queues[partition].epoch,
            memory[batch].producerID == queues[partition].producerID
        else { return }
        switch outcome {
        case .unknown: queues[partition].gap = .unknown
        case .failed: if queues[partition].gap == nil { queues[partition].gap = .failed }
        }
    }

    /// Ends what was certainly not appended of a partition that takes no more; what may be in the
    /// log is sent again, as it is, until its own deadline (docs/PROTOCOL.md 8.1).
    mutating func endPartition(_ partition: Int, _ failure: Failure, now: Instant) {
        queues[partition].ending = failure
        closeOpenBatch(of: partition)
        while let batch = oldestBatch(
            of: partition,
            where: { $0.isCertainlyNotInLog && !$0.isHeld && !$0.isInUse }
        ) {
            end(batch, .failed, failure, now: now)
        }
    }

    /// The oldest batch of a partition of which something holds, or `nil` if it holds of none.
    ///
    /// Whoever ends batches asks again after each: those behind it that are in the log may have
    /// ended with it, and be others by now.
    func oldestBatch(of partition: Int, where holds: (ProducerBatch) -> Bool) -> Int32? {
        var batch = queues[partition].head
        while batch != noBatch, !holds(memory[batch]) { batch = memory[batch].next }
        return batch == noBatch ? nil : batch
    }

    /// Nothing can be written to a topic: ends its records, and the reading.
    mutating func failTopic(_ topic: Int, _ failure: Failure, now: Instant) {
        if case .failed = topics[topic].phase { return }
        topics[topic].phase = .failed(failure)
        topics[topic].waitingSince = nil
        report.note(failure.kind)
        let route = routes[topic]
        for partition in route.firstPartition..<route.firstPartition + route.partitionCount {
            endPartition(partition, failure, now: now)
        }
        stopReading(failure)
    }

    /// Nothing can be written at all.
    mutating func failEverything(_ failure: Failure, now: Instant) {
        for topic in topics.indices { failTopic(topic, failure, now: now) }
        report.note(failure.kind)
        stopReading(failure)
    }

    /// Stops the reading; what is under way goes on.
    mutating func stopReading(_ failure: Failure) {
        guard stopReason == nil else { return }
        stopReason = failure
        markAllStale()
        emit(.stopReading(failure))
    }

    /// Stops at once: whatever is not acknowledged ends failed or unknown.
    package mutating func abandon(now: Instant) {
        guard !isAbandoned else { return }
        isAbandoned = true
        isDraining = true
        for index in connections.indices where connections[index].state != .closed {
            close(index, cause: "the run was stopped", isFailure: false, now: now)
        }
        for partition in queues.indices {
            // One that a worker has ends when that is over.
            while let batch = oldestBatch(of: partition, where: { !$0.isFinal && !$0.isInUse }) {
                let isCertain = memory[batch].isCertainlyNotInLog && !memory[batch].isHeld
                end(batch, isCertain ? .failed : .unknown, .abandoned, now: now)
            }
        }
        for topic in topics.indices where topics[topic].phase == .unknown {
            topics[topic].phase = .failed(.abandoned)
        }
    }

    /// Takes the next record that ended failed or unknown.
    ///
    /// Not taking them keeps their memory, so that a slow reader of failures holds back the input.
    ///
    /// - Parameter body: Is given the record, and its key and value, `nil` for null.
    /// - Returns: Whether there was one.
    package mutating func pollFailure(
        _ body: (FailedRecord, _ key: Span<UInt8>?, _ value: Span<UInt8>?) -> Void
    ) -> Bool {
        let largest = configuration.largestBatch
        let isTaken = failures.poll(
            &memory,
            codec: configuration.codec,
            largest: largest,
            body
        )
        if isTaken { didFreeMemory = true }
        return isTaken
    }
}
