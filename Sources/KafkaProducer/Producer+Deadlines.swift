internal import KafkaProtocol

/// What time alone changes, and when it does so next.
extension Producer {
    /// How long a live broker may not know a topic.
    static let unknownTopicLimit: Duration = .seconds(10)
    /// How long a batch that may be in the log is sent again (R10).
    static let ambiguityLimit: Duration = .seconds(3600)

    /// Ends the back-offs that are over.
    mutating func checkBackoffs(now: Instant) {
        guard let at = backoffCheckAt, at <= now else { return }
        backoffCheckAt = nil
        for partition in queues.indices {
            guard let retryAt = queues[partition].retryAt else { continue }
            if retryAt <= now {
                queues[partition].retryAt = nil
                markStale(partition)
            } else {
                backoffCheckAt = min(backoffCheckAt ?? retryAt, retryAt)
            }
        }
    }

    /// Ends the batches that were not acknowledged within `delivery.timeout.ms`, and those that may
    /// be in the log since too long for the broker to know.
    mutating func checkDeadlines(now: Instant) {
        guard let at = deadlineCheckAt, at <= now else { return }
        deadlineCheckAt = nil
        awaitsOverdueBatch = false
        for partition in queues.indices where !queues[partition].isEmpty {
            endForgotten(in: partition, now: now)
            if let timeout = configuration.deliveryTimeout {
                checkDeadlines(of: partition, timeout: timeout, now: now)
            }
        }
    }

    /// R10: the broker's state may have expired, and then it would append these again.
    private mutating func endForgotten(in partition: Int, now: Instant) {
        if mutates(.resendsForEver) { return }
        while let batch = oldestBatch(
            of: partition,
            where: { batch in
                guard let since = batch.ambiguousSince, !batch.isFinal, !batch.isInFlight else {
                    return false
                }
                return since.advanced(by: Self.ambiguityLimit) <= now
            }
        ) {
            end(batch, .unknown, .forgotten(last: memory[batch].lastError), now: now)
        }
        var batch = queues[partition].head
        while batch != noBatch {
            if let since = memory[batch].ambiguousSince, !memory[batch].isFinal {
                let limit = since.advanced(by: Self.ambiguityLimit)
                if limit > now {
                    deadlineCheckAt = min(deadlineCheckAt ?? limit, limit)
                } else {
                    awaitsOverdueBatch = true
                }
            }
            batch = memory[batch].next
        }
    }

    private mutating func checkDeadlines(of partition: Int, timeout: Duration, now: Instant) {
        var batch = queues[partition].head
        while batch != noBatch {
            let next = memory[batch].next
            let deadline = memory[batch].createdAt.advanced(by: timeout)
            if deadline > now {
                deadlineCheckAt = min(deadlineCheckAt ?? deadline, deadline)
                return
            }
            if mutatesExpiry, memory[batch].isInFlight { forgetRequest(of: batch, now: now) }
            if memory[batch].isInUse {
                // An attempt under way is awaited, `request.timeout.ms` at most.
                awaitsOverdueBatch = true
                return
            }
            if !memory[batch].isFinal {
                let failure = Failure.deliveryTimeout(last: memory[batch].lastError)
                let isCertain = memory[batch].isCertainlyNotInLog && !memory[batch].isHeld
                end(batch, isCertain ? .failed : .unknown, failure, now: now)
                if !mutates(.goesOnAfterDeadline) {
                    endPartition(partition, failure, now: now)
                    stopReading(failure)
                }
                return checkDeadlines(of: partition, timeout: timeout, now: now)
            }
            batch = next
        }
    }

    /// Ends the topics that were waited for long enough.
    mutating func checkTopics(now: Instant) {
        for topic in topics.indices where topics[topic].phase == .unknown {
            noteWaiting(for: topic, now: now)
            let name = topics[topic].name
            if let since = topics[topic].unknownSince,
                since.advanced(by: Self.unknownTopicLimit) <= now
            {
                failTopic(
                    topic,
                    Failure(
                        name: ErrorCode.unknownTopicOrPartition.name,
                        code: ErrorCode.unknownTopicOrPartition.rawValue,
                        message: "the brokers do not know the topic \(name); create it first "
                            + "(--create-topic will do that once it is built)",
                        kind: .unavailable
                    ),
                    now: now
                )
            } else if let since = topics[topic].waitingSince,
                let timeout = configuration.deliveryTimeout, since.advanced(by: timeout) <= now
            {
                failTopic(topic, unavailable(topic), now: now)
            }
        }
    }

    private func unavailable(_ topic: Int) -> Failure {
        let cause =
            topics[topic].lastError.map { "the broker answered \($0.name)" }
            ?? bootstrap.lastCause ?? "no broker answered"
        return Failure(
            name: "DELIVERY_TIMEOUT",
            code: topics[topic].lastError?.rawValue,
            message: "the partitions of \(topics[topic].name) could not be had within "
                + "delivery.timeout.ms: \(cause)",
            kind: .unavailable
        )
    }

    private mutating func noteWaiting(for topic: Int, now: Instant) {
        guard let code = topics[topic].lastError, !topics[topic].didNoteWaiting,
            let since = topics[topic].waitingSince, since.advanced(by: Self.noticeDelay) <= now
        else { return }
        topics[topic].didNoteWaiting = true
        note(.waitingForTopic(topics[topic].name, code.name))
    }

    /// When ``step(now:)`` does something by the passage of time alone, or `nil` if it does not:
    /// now if what was written or taken since the last step lets it go on.
    mutating func nextDeadline(now: Instant) -> Instant? {
        if isDraining, !didFinish, memory.batchCount == 0 { return now }
        if didFreeMemory, hasDeferredRebuild { return now }
        var earliest = nextConnectionDeadline(now: now)
        func consider(_ instant: Instant?) {
            guard let instant else { return }
            earliest = min(earliest ?? instant, instant)
        }
        consider(backoffCheckAt)
        consider(deadlineCheckAt)
        consider(lookupProbeAt)
        // What is due already waits for a connection, and that has deadlines of its own.
        if let due = metadata.dueAt(maxAge: configuration.metadataMaxAge), due > now {
            consider(due)
        }
        if let due = identity.dueAt, due > now { consider(due) }
        for broker in brokers.indices {
            refreshAggregates(of: broker, now: now)
            let circumstances = circumstances(of: broker, now: now)
            // What was written since the last step made room for another request.
            if brokers.span[broker].flushTrigger(circumstances) != nil { return now }
            consider(brokers.span[broker].deadline(circumstances))
        }
        for topic in topics where topic.phase == .unknown { consider(topicDeadline(topic, now)) }
        return earliest
    }

    private func topicDeadline(_ topic: TopicState, _ now: Instant) -> Instant? {
        var times: [Instant] = []
        if let since = topic.unknownSince {
            times.append(since.advanced(by: Self.unknownTopicLimit))
        }
        if let since = topic.waitingSince {
            if let timeout = configuration.deliveryTimeout {
                times.append(since.advanced(by: timeout))
            }
            if topic.lastError != nil, !topic.didNoteWaiting {
                times.append(since.advanced(by: Self.noticeDelay))
            }
        }
        return times.filter { $0 > now }.min()
    }
}
