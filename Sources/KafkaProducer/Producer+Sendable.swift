internal import KafkaProtocol

extension Producer {
    /// The batch that a partition may send now, or `nil`.
    ///
    /// The caller has looked at the broker: its connection is ready and takes a request.
    func sendableBatch(of partition: Int, now: Instant) -> Int32? {
        nextBatch(of: partition, now: now).flatMap { isReady($0) ? $0 : nil }
    }

    /// The batch whose turn it is in a partition, compressed or not, or `nil`: the one list of
    /// reasons not to send.
    func nextBatch(of partition: Int, now: Instant) -> Int32? {
        nextBatch(of: queues[partition], now: now)
    }

    @inline(__always)
    private func nextBatch(of queue: borrowing PartitionQueue, now: Instant) -> Int32? {
        guard let leader = queue.leader else { return nil }
        if mutates(.bumpsEpochInFlight), queue.gap != nil { return firstToSend(from: queue.head) }
        // After a rewind, the answers still to come decide what there is to send again.
        guard !queue.isMuted else { return nil }
        if let retryAt = queue.retryAt, retryAt > now { return nil }
        // A queue that moved waits for its answers from where it was.
        if queue.inFlightCount > 0, queue.inFlightConnection != brokers[leader].connection,
            !mutates(.movesWithoutWaiting)
        {
            return nil
        }
        // R3: after an error one at a time, until the head is resolved.
        if queue.isRecovering, queue.inFlightCount > 0 { return nil }
        if configuration.idempotence { return sendableInSequence(queue) }
        // R12: without idempotence one unresolved batch at a time.
        guard queue.inFlightCount == 0 || mutates(.pipelinesWithoutIdempotence) else { return nil }
        return firstToSend(from: queue.nextToSend)
    }

    @inline(__always)
    private func sendableInSequence(_ queue: borrowing PartitionQueue) -> Int32? {
        guard identity.isKnown else { return nil }
        if queue.gap != nil {
            // R8: written batches that may be in the log are first sent again as they were, alone.
            guard queue.inFlightCount == 0 else { return nil }
            if let written = firstWrittenToResolve(from: queue.head),
                !mutates(.renumbersAmbiguousBatches)
            {
                return written
            }
            guard hasEpochLeft(queue) else { return nil }
            return firstToSend(from: queue.head)
        }
        guard let batch = firstToSend(from: queue.nextToSend) else { return nil }
        // R9: until the broker keeps state of this epoch, it would take any sequence as the first.
        if !queue.hasAcknowledged, queue.inFlightCount > 0, !mutates(.pipelinesBeforeFirstSuccess) {
            return nil
        }
        guard memory[batch].hasSequence || queue.unresolvedCount < unresolvedLimit else {
            return nil
        }
        // Its chunk is not free before the answers in any case, and until then more goes in: a slow
        // broker of a thousand partitions would get batches of a record or two.
        if memoryIsScarce, batch == queue.open, queue.inFlightCount > 0 { return nil }
        return batch
    }

    /// The broker remembers the last five batches of a producer id: more must not be unresolved.
    private var unresolvedLimit: Int {
        mutates(.allowsEightUnresolved) ? 8 : min(5, configuration.maxInFlightRequests)
    }

    /// The first batch from one on that is not final, not held and not under way.
    private func firstToSend(from start: Int32) -> Int32? {
        var batch = start
        while batch != noBatch {
            let isResolved = memory[batch].isFinal && !mutates(.resendsFinalBatches)
            if !isResolved, !memory[batch].isHeld, !memory[batch].isInFlight {
                return memory[batch].pendingRebuild == .none ? batch : nil
            }
            batch = memory[batch].next
        }
        return nil
    }

    /// The oldest batch that was written and may be in the log without our knowing.
    private func firstWrittenToResolve(from start: Int32) -> Int32? {
        var batch = start
        while batch != noBatch {
            if memory[batch].hasSequence, !memory[batch].isFinal,
                memory[batch].ambiguousSince != nil
            {
                return batch
            }
            batch = memory[batch].next
        }
        return nil
    }

    private func hasEpochLeft(_ queue: borrowing PartitionQueue) -> Bool {
        queue.epoch < ProducerIdentity.lastEpoch || identity.producerID != queue.producerID
            || mutates(.overflowsEpoch)
    }

    /// Makes a batch that ``sendableBatch(of:now:)`` named ready to go: bumps the epoch where that
    /// is due, sets its sequence, and freezes its bytes.
    mutating func prepare(_ batch: Int32, of partition: Int, now: Instant) {
        if queues[partition].open == batch { closeOpenBatch(of: partition) }
        if configuration.idempotence { setSequence(of: batch, partition: partition, now: now) }
        if !memory[batch].hasSequence {
            memory[batch].hasSequence = true
            queues[partition].unresolvedCount += 1
        }
        guard !memory[batch].isSealed else { return }
        memory.seal(batch, codec: configuration.codec)
    }

    private mutating func setSequence(of batch: Int32, partition: Int, now: Instant) {
        if queues[partition].producerID < 0 {
            adoptIdentity(of: partition)
            renewIdentity(behind: partition)
            queues[partition].nextSequence = configuration.firstSequence
        }
        if queues[partition].gap != nil {
            // Written batches that may be in the log go first, as they are.
            if memory[batch].hasSequence, memory[batch].ambiguousSince != nil,
                !mutates(.renumbersAmbiguousBatches)
            {
                return
            }
            bumpEpoch(of: partition)
        } else if isStale(queues[partition], now: now) {
            bumpEpoch(of: partition)
        }
        guard !memory[batch].hasSequence else { return }
        memory[batch].producerID = queues[partition].producerID
        memory[batch].epoch = queues[partition].epoch
        memory[batch].baseSequence = queues[partition].nextSequence
        queues[partition].nextSequence = sequence(
            queues[partition].nextSequence,
            plus: memory[batch].recordCount
        )
        if mutates(.overflowsSequence) {
            queues[partition].nextSequence =
                memory[batch].baseSequence &+ memory[batch].recordCount
        }
    }

    /// R9: after a minute without anything unresolved the broker may have forgotten us.
    private func isStale(_ queue: borrowing PartitionQueue, now: Instant) -> Bool {
        queue.unresolvedCount == 0 && queue.nextSequence > 0 && hasEpochLeft(queue)
            && queue.lastActivity.advanced(by: .seconds(60)) <= now && !mutates(.keepsEpochWhenIdle)
    }

    /// Begins a new epoch and numbers what was certainly not appended from 0 (R7, R8, R11).
    ///
    /// - Precondition: Nothing is in flight, and nothing that was written may be in the log unknown
    ///   to us.
    mutating func bumpEpoch(of partition: Int) {
        precondition(queues[partition].inFlightCount == 0 || mutates(.bumpsEpochInFlight))
        if mutates(.overflowsEpoch) {
            queues[partition].epoch &+= 1
        } else if queues[partition].epoch == ProducerIdentity.lastEpoch
            || identity.producerID != queues[partition].producerID
        {
            adoptIdentity(of: partition)
        } else if !mutates(.reusesSequences), !mutates(.trustsRequestTimedOut) {
            queues[partition].epoch += 1
        }
        renewIdentity(behind: partition)
        if !mutates(.keepsSequenceInNewEpoch) { queues[partition].nextSequence = 0 }
        if mutates(.reusesSequences) || mutates(.trustsRequestTimedOut) {
            queues[partition].nextSequence = queues[partition].acknowledgedSequence
        }
        tell(.eos) {
            let queue = $0.queues[partition]
            return "partition \(queue.number) of \($0.topics[Int(queue.topic)].name) goes on with "
                + "producer id \(queue.producerID), epoch \(queue.epoch)"
        }
        queues[partition].hasAcknowledged = false
        queues[partition].gap = nil
        takeSequences(from: partition)
        if mutates(.renumbersBackwards) { renumberBackwards(partition) }
        if mutates(.bumpsEveryPartition) { renumberEverything(but: partition) }
    }

    /// Lets a partition's batches be numbered anew, all but those that are in the log.
    mutating func takeSequences(from partition: Int) {
        queues[partition].nextToSend = queues[partition].head
        var batch = queues[partition].head
        while batch != noBatch {
            let isLeft = mutates(.bumpsEpochInFlight) && memory[batch].isInFlight
            if memory[batch].hasSequence, !memory[batch].isFinal, !isLeft {
                precondition(memory[batch].isCertainlyNotInLog || mutatesRenumbering)
                memory[batch].hasSequence = false
                memory[batch].isSealed = mutates(.keepsStaleSeal) && memory[batch].isSealed
                memory[batch].isWritten = false
                queues[partition].unresolvedCount -= 1
            }
            batch = memory[batch].next
        }
    }

    /// Asks for another producer id if a partition cannot be bumped any more (R7).
    private mutating func renewIdentity(behind partition: Int) {
        guard queues[partition].epoch == ProducerIdentity.lastEpoch,
            !mutates(.neverRenewsIdentity)
        else { return }
        identity.renew(after: queues[partition].producerID)
    }

    private mutating func adoptIdentity(of partition: Int) {
        queues[partition].producerID = identity.producerID
        queues[partition].epoch = identity.epoch
        queues[partition].nextSequence = 0
        queues[partition].hasAcknowledged = false
        // An id may come with the last epoch, which leaves none to bump to.
        renewIdentity(behind: partition)
    }
}

/// A sequence some records on: it wraps from 2^31 - 1 to 0 (docs/PROTOCOL.md section 5).
func sequence(_ base: Int32, plus count: Int32) -> Int32 {
    Int32(truncatingIfNeeded: (Int64(base) + Int64(count)) & 0x7fff_ffff)
}
