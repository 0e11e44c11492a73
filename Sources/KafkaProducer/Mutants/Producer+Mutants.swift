internal import KafkaProtocol

/// What mutants do where that takes more than leaving something out; see ``Mutant``.
///
/// Nothing here is called without the trait `Mutants`, and nothing of it is in a binary.
extension Producer {
    /// Marks every batch of a partition unsent, so that they are sent again in order.
    mutating func rewind(_ partition: Int) {
        queues[partition].rewind()
        if mutates(.sendsWhileMuted) || mutates(.sendsFreelyAfterError) {
            queues[partition].isMuted = false
        }
        if mutates(.pipelinesWhileRecovering) || mutates(.sendsFreelyAfterError) {
            queues[partition].isRecovering = false
        }
    }

    // MARK: Sequences

    /// Whether batches may be renumbered that are not certainly absent.
    var mutatesRenumbering: Bool {
        mutates(.renumbersAmbiguousBatches) || mutates(.bumpsEveryPartition)
    }

    /// T03: numbers the batches that a bump left without a number, from the last to the first.
    mutating func renumberBackwards(_ partition: Int) {
        var renumbered: [Int32] = []
        var batch = queues[partition].head
        while batch != noBatch {
            if !memory[batch].hasSequence, memory[batch].attempts > 0 { renumbered.append(batch) }
            batch = memory[batch].next
        }
        for batch in renumbered.reversed() {
            memory[batch].hasSequence = true
            memory[batch].producerID = queues[partition].producerID
            memory[batch].epoch = queues[partition].epoch
            memory[batch].baseSequence = queues[partition].nextSequence
            queues[partition].nextSequence += memory[batch].recordCount
            queues[partition].unresolvedCount += 1
        }
    }

    /// T19: bumps the epoch of every other partition, whatever may be in its log.
    mutating func renumberEverything(but bumped: Int) {
        for partition in queues.indices
        where partition != bumped && queues[partition].inFlightCount == 0
            && queues[partition].producerID == queues[bumped].producerID
            && queues[partition].epoch < ProducerIdentity.lastEpoch
        {
            queues[partition].epoch += 1
            queues[partition].nextSequence = 0
            queues[partition].hasAcknowledged = false
            queues[partition].gap = nil
            takeSequences(from: partition)
            markStale(partition)
        }
    }

    /// T12: begins the sequences of a topic's partitions at 0 again.
    mutating func forgetSequences(of topic: Int) {
        let first = routes[topic].firstPartition
        for partition in first..<first + routes[topic].partitionCount
        where queues[partition].unresolvedCount == 0 {
            queues[partition].nextSequence = 0
            queues[partition].acknowledgedSequence = 0
            queues[partition].hasAcknowledged = false
        }
    }

    // MARK: Order

    /// Whether a refused batch comes back in another place.
    var mutatesOrder: Bool {
        mutates(.requeuesAtFront) || mutates(.requeuesAtBack) || mutates(.unmutesBeforeRetry)
            || mutates(.numbersBeforeRetry)
    }

    /// Puts a refused batch where a mutant wants it.
    mutating func requeue(_ batch: Int32, _ answer: BatchAnswer, in partition: Int) {
        if configuration.idempotence {
            if mutates(.requeuesAtFront), queues[partition].head != batch {
                moveToFront(batch, in: partition)
            }
            if mutates(.numbersBeforeRetry), !answer.isLost, isLastNumbered(batch, in: partition) {
                memory[batch].hasSequence = false
                memory[batch].isSealed = false
                queues[partition].unresolvedCount -= 1
                queues[partition].nextSequence = memory[batch].baseSequence
                move(batch, behind: memory[batch].next, in: partition)
            }
        } else if mutates(.requeuesAtBack), !answer.isLost {
            move(batch, behind: queues[partition].tail, in: partition)
        } else if mutates(.unmutesBeforeRetry), answer.isLost {
            move(batch, behind: memory[batch].next, in: partition)
        }
        queues[partition].nextToSend = queues[partition].head
    }

    /// Whether a batch is absent, and the last that has a sequence, with another behind it.
    private func isLastNumbered(_ batch: Int32, in partition: Int) -> Bool {
        let next = memory[batch].next
        return next != noBatch && !memory[next].hasSequence && memory[batch].isAbsent
            && memory[batch].epoch == queues[partition].epoch
            && sequence(memory[batch].baseSequence, plus: memory[batch].recordCount)
                == queues[partition].nextSequence
    }

    private mutating func moveToFront(_ batch: Int32, in partition: Int) {
        queues[partition].remove(batch, from: &memory)
        memory[batch].next = queues[partition].head
        queues[partition].head = batch
        if queues[partition].tail == noBatch { queues[partition].tail = batch }
    }

    private mutating func move(_ batch: Int32, behind other: Int32, in partition: Int) {
        guard other != noBatch, other != batch else { return }
        let open = queues[partition].open
        queues[partition].remove(batch, from: &memory)
        queues[partition].insert(batch, after: other, in: &memory)
        // The open batch is the last one, or none is.
        queues[partition].open = open == queues[partition].tail ? open : noBatch
    }

    // MARK: Bytes

    /// T17: cuts a batch in halves that may be in the log.
    mutating func rebuildForRetry(_ batch: Int32) {
        guard memory[batch].ambiguousSince != nil, memory[batch].recordCount > 1 else { return }
        memory[batch].pendingRebuild = .split
    }

    /// R1: lets a batch that was written be filled up.
    mutating func reopen(_ batch: Int32, in partition: Int) {
        guard queues[partition].tail == batch, queues[partition].ending == nil,
            !configuration.compresses
        else { return }
        queues[partition].open = batch
        memory[batch].isSealed = false
    }

    /// R8: keeps a copy of a batch that ends unknown, to be sent again.
    mutating func queueAgain(_ batch: Int32) {
        let largest = configuration.largestBatch
        guard memory[batch].hasSequence,
            largest / (memory.chunkSize / 2) + 4 <= memory.freeChunkCount
        else { return }
        let partition = Int(memory[batch].partition)
        var records = BatchRecords(
            memory,
            batch,
            codec: configuration.codec,
            largest: largest
        )
        let again = emptyCopy(of: batch)
        while let record = records.next() { copy(record, of: records, to: again) }
        wantCompression(of: again)
        memory[again].baseSequence = memory[batch].baseSequence
        memory[again].ambiguousSince = memory[batch].ambiguousSince
        memory[again].hasSequence = true
        memory[again].isWritten = true
        queues[partition].unresolvedCount += 1
        queues[partition].insert(again, after: batch, in: &memory)
    }

    // MARK: Answers

    /// T02: the last batch of a request that has the sequence of another one.
    func namesake(of batch: Int32) -> Int32 {
        var found = batch
        var other = memory[batch].nextInRequest
        while other != noBatch {
            if memory[other].baseSequence == memory[batch].baseSequence { found = other }
            other = memory[other].nextInRequest
        }
        return found
    }

    /// R5: what stands in an answer where a batch stood in its request.
    func part(
        inPlaceOf batch: Int32,
        in response: ProduceResponse,
        _ request: InFlightRequest
    ) -> ProduceResponse.Partition? {
        var place = 0
        var other = batch
        while memory[other].nextInRequest != noBatch {
            other = memory[other].nextInRequest
            place += 1
        }
        // Counted from the end, since the batches before it have left the request's list.
        let all = response.topics.flatMap(\.partitions)
        return all.indices.contains(all.count - 1 - place) ? all[all.count - 1 - place] : nil
    }

    /// T31: looks up the entries of an answer by a key that it takes for unique.
    func trapOnDuplicateEntry(in response: ProduceResponse) {
        for topic in response.topics {
            var seen: [Int32] = []
            for part in topic.partitions {
                precondition(!seen.contains(part.index), "A partition is answered once.")
                seen.append(part.index)
            }
        }
    }

    // MARK: Time

    /// Whether a batch expires that is in flight.
    var mutatesExpiry: Bool { mutates(.reusesMemoryInFlight) || mutates(.countsLateSuccess) }

    /// T01, T07: takes a batch out of its request before the answer came: for T01 while the socket
    /// still sends it, for T07 when it was sent.
    mutating func forgetRequest(of batch: Int32, now: Instant) {
        let partition = Int(memory[batch].partition)
        let index = queues[partition].inFlightConnection
        for place in connections[index].inFlight.indices {
            let request = connections[index].inFlight[place]
            var previous = noBatch
            var member = request.firstBatch
            while member != noBatch, member != batch {
                previous = member
                member = memory[member].nextInRequest
            }
            guard member == batch else { continue }
            let isSent = request.unsentByteCount == 0
            if mutates(.countsLateSuccess) {
                guard isSent, memory[batch].nextInRequest == noBatch else { return }
            } else {
                guard !isSent else { return }
                let next = memory[batch].nextInRequest
                if previous == noBatch {
                    connections[index].inFlight[place].firstBatch = next
                } else {
                    memory[previous].nextInRequest = next
                }
            }
            memory[batch].isInFlight = false
            memory[batch].nextInRequest = noBatch
            memory[batch].ambiguousSince = memory[batch].ambiguousSince ?? now
            queues[partition].inFlightCount -= 1
            return
        }
    }

    /// T07: takes a success for a batch that has ended.
    mutating func countLateSuccess(_ batch: Int32, _ answer: BatchAnswer) {
        guard answer.code == .none else { return }
        report.ackedCount += UInt64(max(1, memory[batch].recordCount))
    }

    // MARK: Reports

    /// Whether what is reported of a batch is changed.
    var mutatesReport: Bool {
        mutates(.reportsFirstRecordOnly) || mutates(.namesNeighbour)
            || mutates(.forgetsFailureClass)
    }

    /// Changes what is reported of a batch that failed.
    mutating func misreport(_ batch: Int32) {
        if mutates(.reportsFirstRecordOnly), memory[batch].attempts > 1 {
            memory[batch].recordCount = 1
        }
        if mutates(.namesNeighbour) { memory[batch].firstOrdinal += 1 }
        if mutates(.forgetsFailureClass) { report.failureClasses.removeAll() }
    }
}
