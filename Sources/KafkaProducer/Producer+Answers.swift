internal import KafkaProtocol

extension Producer {
    /// Takes the answer to a produce request, batch by batch.
    mutating func didReceive(
        _ response: ProduceResponse,
        to request: InFlightRequest,
        on index: Int,
        now: Instant
    ) {
        var batch = request.firstBatch
        var place = 0
        var isIncomplete = false
        update(response.nodeEndpoints, from: index, now: now)
        while batch != noBatch {
            let next = memory[batch].nextInRequest
            if let answer = answer(to: batch, in: response, at: place, request) {
                didAnswer(batch, hinted(answer, batch, in: response, request), now: now)
            } else if mutates(.takesMissingAsSuccess) {
                didAnswer(batch, .acknowledgedByNobody, now: now)
            } else {
                isIncomplete = true
                didAnswer(batch, .lost, now: now)
            }
            batch = next
            place += 1
        }
        if isIncomplete {
            // R5: a partition that the answer leaves out counts as unanswered.
            close(
                index,
                cause: "the broker left a partition out of its answer",
                isFailure: true,
                now: now
            )
        }
    }

    /// The part of a response that is about a batch, or `nil` if it is left out.
    ///
    /// It is most likely at `place`: brokers answer in the order of the request.
    private func part(
        about batch: Int32,
        in response: ProduceResponse,
        at place: Int = 0,
        version: Int16
    ) -> ProduceResponse.Partition? {
        let partition = Int(memory[batch].partition)
        let number = queues[partition].number
        let topic = Int(queues[partition].topic)
        if mutates(.trapsOnDuplicateEntry) { trapOnDuplicateEntry(in: response) }
        for index in response.topics.indices
        where version >= 13
            ? response.topics[index].id == topics[topic].id
            : response.topics[index].name == topics[topic].name
        {
            let isThere =
                response.topics[index].partitions.indices.contains(place)
                && response.topics[index].partitions[place].index == number
            if isThere { return response.topics[index].partitions[place] }
            if let found = response.topics[index].partitions.first(where: { $0.index == number }) {
                return found
            }
        }
        return nil
    }

    private func answer(
        to batch: Int32,
        in response: ProduceResponse,
        at place: Int,
        _ request: InFlightRequest
    ) -> BatchAnswer? {
        let batch = mutates(.matchesAnswersBySequence) ? namesake(of: batch) : batch
        let found =
            mutates(.matchesAnswersByPlace)
            ? part(inPlaceOf: batch, in: response, request)
            : part(about: batch, in: response, at: place, version: request.version)
        guard let part = found else { return nil }
        return BatchAnswer(
            code: part.errorCode,
            baseOffset: part.baseOffset,
            logStartOffset: part.logStartOffset,
            message: part.errorMessage,
            recordErrors: part.recordErrors
        )
    }

    /// Applies the leader that a refusal names, if it is newer than ours (KIP-951).
    private mutating func hinted(
        _ answer: BatchAnswer,
        _ batch: Int32,
        in response: ProduceResponse,
        _ request: InFlightRequest
    ) -> BatchAnswer {
        guard answer.code == .notLeaderOrFollower,
            let hint = part(about: batch, in: response, version: request.version)?.currentLeader
        else { return answer }
        let partition = Int(memory[batch].partition)
        guard hint.epoch > queues[partition].leaderEpoch || mutates(.acceptsOlderLeaderEpoch),
            let leader = brokers.firstIndex(where: { $0.nodeID == hint.nodeID })
        else { return answer }
        var answer = answer
        answer.hasNewLeader = true
        setLeader(leader, epoch: hint.epoch, of: partition)
        return answer
    }

    /// A request's connection ended: whatever was written of it may have been appended.
    mutating func didLoseRequest(_ request: InFlightRequest, now: Instant) {
        var batch = request.firstBatch
        while batch != noBatch {
            let next = memory[batch].nextInRequest
            didAnswer(batch, .lost, now: now)
            batch = next
        }
    }

    /// Takes what is known of one attempt to append a batch.
    mutating func didAnswer(_ batch: Int32, _ answer: BatchAnswer, now: Instant) {
        let partition = Int(memory[batch].partition)
        if mutates(.countsLateSuccess), !memory[batch].isInFlight {
            return countLateSuccess(batch, answer)
        }
        precondition(memory[batch].isInFlight)
        memory[batch].isInFlight = false
        memory[batch].nextInRequest = noBatch
        queues[partition].inFlightCount -= 1
        assert(queues[partition].inFlightCount >= 0)
        if awaitsOverdueBatch { deadlineCheckAt = now }
        tell(.msg) {
            let counters = $0.memory[batch]
            let queue = $0.queues[partition]
            let place = "partition \(queue.number) of \($0.topics[Int(queue.topic)].name)"
            return "\(place): \(counters.recordCount) records from sequence "
                + "\(counters.baseSequence) of epoch \(counters.epoch): "
                + (answer.isLost ? "no answer" : "\(answer.code.name), offset \(answer.baseOffset)")
        }
        let isDuplicate =
            answer.code == .duplicateSequenceNumber && !mutates(.refusesDuplicateSequence)
        if answer.code == .none || isDuplicate {
            didAppend(batch, answer, now: now)
        } else {
            memory[batch].lastError = answer.code
            // A request of which no byte left cannot have arrived.
            let mayBeAppended = answer.code.appendStatus != .notAppended && memory[batch].isWritten
            let isTrusted = mutates(.trustsRequestTimedOut) && answer.code == .requestTimedOut
            if mayBeAppended, !isTrusted, memory[batch].ambiguousSince == nil {
                memory[batch].ambiguousSince = now
                let limit = now.advanced(by: Self.ambiguityLimit)
                deadlineCheckAt = min(deadlineCheckAt ?? limit, limit)
            }
            didRefuse(batch, answer, now: now)
        }
        if queues[partition].inFlightCount == 0 {
            queues[partition].isMuted = false
            rebuildPending(in: partition, now: now)
        }
        if let ending = queues[partition].ending { endPartition(partition, ending, now: now) }
        markStale(partition)
    }

    func isOldestUnresolved(_ batch: Int32, of partition: Int) -> Bool {
        var oldest = queues[partition].head
        while oldest != noBatch,
            memory[oldest].isFinal || memory[oldest].isHeld
                || mutates(.passesOverAmbiguousBatch) && memory[oldest].ambiguousSince != nil
        {
            oldest = memory[oldest].next
        }
        return oldest == batch
    }

    mutating func markStale(_ partition: Int) {
        if let leader = queues[partition].leader { brokers[leader].isStale = true }
    }

    mutating func markAllStale() {
        for index in brokers.indices { brokers[index].isStale = true }
    }

    /// The broker has the batch: that is final, whatever comes of those before it (R4).
    private mutating func didAppend(_ batch: Int32, _ answer: BatchAnswer, now: Instant) {
        let partition = Int(memory[batch].partition)
        memory[batch].isFinal = true
        memory[batch].baseOffset = answer.baseOffset
        queues[partition].lastActivity = now
        queues[partition].backoffCount = 0
        queues[partition].retryAt = nil
        if memory[batch].epoch == queues[partition].epoch {
            queues[partition].hasAcknowledged = true
        }
        settleHeld(before: batch, now: now)
        acknowledgeFront(of: partition, offset: answer.baseOffset)
    }

    /// Ends the batches at the front that are in the log.
    mutating func acknowledgeFront(of partition: Int, offset: Int64) {
        while queues[partition].head != noBatch, memory[queues[partition].head].isFinal,
            !memory[queues[partition].head].isInFlight
        {
            let batch = queues[partition].head
            if memory[batch].epoch == queues[partition].epoch {
                queues[partition].acknowledgedSequence = sequence(
                    memory[batch].baseSequence,
                    plus: memory[batch].recordCount
                )
                queues[partition].acknowledgedOffset = offset
            }
            // What succeeded without an offset lies behind what was acknowledged before it.
            let start = memory[batch].baseOffset
            queues[partition].acknowledgedEnd =
                (start < 0 ? queues[partition].acknowledgedEnd : start)
                + Int64(memory[batch].recordCount)
            report.ackedCount += UInt64(memory[batch].recordCount)
            queues[partition].unresolvedCount -= 1
            queues[partition].isRecovering = false
            queues[partition].remove(batch, from: &memory)
            memory.release(batch)
        }
    }

    /// The batch was refused, or its answer was lost.
    private mutating func didRefuse(_ batch: Int32, _ answer: BatchAnswer, now: Instant) {
        let partition = Int(memory[batch].partition)
        let isRest = queues[partition].isMuted && !answer.isLost
        let isOldest = isOldestUnresolved(batch, of: partition)
        rewind(partition)
        if mutatesOrder { requeue(batch, answer, in: partition) }
        if answer.code.refreshesMetadata, !answer.hasNewLeader { metadata.want() }
        if isAbandoned { return }
        // After a rewind, an answer other than 0 for a later batch says nothing that the resend
        // will not say again.
        if isRest, !isOldest { return }
        if mutates(.givesUpOnStorageError), answer.code == .kafkaStorageError {
            return endRefused(batch, Failure(answer.code), now: now)
        }
        let reaction = ErrorReaction.reaction(
            to: answer.code,
            idempotent: configuration.idempotence
        )
        switch reaction {
        case .retry: retry(batch, answer, limit: nil, now: now)
        case .retryAtMost(let limit): retry(batch, answer, limit: limit, now: now)
        case .split: refuseForSize(batch, answer, now: now)
        case .removeGuilty: refuseRecords(batch, answer, now: now)
        case .sequence: didDisagree(batch, answer, now: now)
        case .failTopic:
            let failure = Failure(answer.code, message: answer.message)
            endRefused(batch, failure, now: now)
            failTopic(Int(queues[partition].topic), failure, now: now)
        case .failAll:
            let failure = Failure(answer.code, message: answer.message)
            endRefused(batch, failure, now: now)
            failEverything(failure, now: now)
        case .endUnknown:
            end(batch, .unknown, Failure(answer.code, message: answer.message), now: now)
        }
    }

    /// Sends the batch again after a back-off, unless it had its share of attempts.
    mutating func retry(_ batch: Int32, _ answer: BatchAnswer, limit: Int32?, now: Instant) {
        let partition = Int(memory[batch].partition)
        memory[batch].failedAttempts += 1
        let allowed = configuration.retries.map { Int32(clamping: $0) } ?? .max
        let isSpent =
            memory[batch].failedAttempts > allowed
            || limit.map { memory[batch].failedAttempts > $0 } ?? false
        if isSpent {
            var failure = Failure(answer.code, message: answer.message)
            if answer.isLost { failure.message = "the connection was lost before the answer came" }
            endRefused(batch, failure, now: now)
            return
        }
        if mutates(.rebuildsOnRetry) { rebuildForRetry(batch) }
        if mutates(.reopensWrittenBatch) { reopen(batch, in: partition) }
        if answer.hasNewLeader || mutates(.retriesAtOnce) { return }
        // Several batches may come back from one lost connection: that is one failure.
        if let retryAt = queues[partition].retryAt, retryAt > now { return }
        queues[partition].backoffCount += 1
        let delay = Backoff.delay(
            failureCount: queues[partition].backoffCount,
            base: configuration.retryBackoff,
            limit: configuration.retryBackoffMax,
            random: &random
        )
        let retryAt = now.advanced(by: delay)
        queues[partition].retryAt = retryAt
        backoffCheckAt = min(backoffCheckAt ?? retryAt, retryAt)
        if queues[partition].backoffCount == 3 {
            note(
                .retrying(
                    topics[Int(queues[partition].topic)].name,
                    partition: queues[partition].number,
                    answer.code.name
                )
            )
        }
    }

    /// Ends a batch that will not be accepted: failed, unless an attempt may have got through
    /// (R10).
    mutating func endRefused(_ batch: Int32, _ failure: Failure, now: Instant) {
        let outcome: Outcome = memory[batch].ambiguousSince == nil ? .failed : .unknown
        if mutates(.resendsUnknownBatches), outcome == .unknown { queueAgain(batch) }
        end(batch, outcome, failure, now: now)
    }
}
