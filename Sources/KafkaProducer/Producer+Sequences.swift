internal import KafkaProtocol

/// What a disagreement about sequences means: the table at the end of docs/PROTOCOL.md section 10.
extension Producer {
    /// Takes the answer 45, 47 or 59 to the oldest unresolved batch, or to a later one.
    mutating func didDisagree(_ batch: Int32, _ answer: BatchAnswer, now: Instant) {
        let partition = Int(memory[batch].partition)
        if let gap = queues[partition].gap {
            // What is absent is numbered anew; the others were sent to know of them.
            if memory[batch].ambiguousSince != nil {
                resolveBehindGap(batch, gap, answer, now: now)
            }
            return
        }
        // An earlier one failed: it is sent again in its turn.
        guard isOldestUnresolved(batch, of: partition) else { return }
        if answer.code == .invalidProducerEpoch {
            startNewEpoch(for: batch, answer, now: now)
        } else if mutates(.resetsForUnknownProducer), answer.code == .unknownProducerID {
            memory[batch].ambiguousSince = nil
            startNewEpoch(for: batch, answer, now: now)
        } else if answer.code == .unknownProducerID, answer.logStartOffset < 0 {
            retry(batch, answer, limit: nil, now: now)
        } else if answer.code == .unknownProducerID,
            answer.logStartOffset > queues[partition].acknowledgedOffset
        {
            // The broker's state aged out with the records it belonged to.
            startNewEpoch(for: batch, answer, now: now)
        } else if memory[batch].ambiguousSince != nil, hasWrittenSuccessor(batch) {
            hold(batch, now: now)
        } else if memory[batch].ambiguousSince != nil, hasHeldBatch(in: partition) {
            endHeld(with: batch, now: now)
        } else {
            reportDataLoss(batch, answer, now: now)
        }
    }

    /// A batch of the epoch ended without its sequences being used: this one was sent alone, to
    /// know.
    private mutating func resolveBehindGap(
        _ batch: Int32,
        _ gap: PartitionQueue.Gap,
        _ answer: BatchAnswer,
        now: Instant
    ) {
        switch gap {
        case .failed where answer.code == .outOfOrderSequenceNumber:
            memory[batch].ambiguousSince = nil
        case .failed, .unknown:
            // The gap is of our own making: no broker lost or broke anything.
            let failure = Failure(answer.code, message: answer.message, kind: .indefinite)
            endRefused(batch, failure, now: now)
        }
    }

    /// Numbers a batch anew that is certainly not in the log (R8); one that may be ends unknown.
    private mutating func startNewEpoch(for batch: Int32, _ answer: BatchAnswer, now: Instant) {
        let partition = Int(memory[batch].partition)
        if memory[batch].ambiguousSince != nil {
            end(batch, .unknown, Failure(answer.code, message: answer.message), now: now)
            return
        }
        queues[partition].gap = .failed
        retry(batch, answer, limit: nil, now: now)
    }

    private func hasWrittenSuccessor(_ batch: Int32) -> Bool {
        var later = memory[batch].next
        while later != noBatch {
            if memory[later].isWritten, memory[later].epoch == memory[batch].epoch { return true }
            later = memory[later].next
        }
        return false
    }

    private func hasHeldBatch(in partition: Int) -> Bool {
        var batch = queues[partition].head
        while batch != noBatch {
            if memory[batch].isHeld { return true }
            batch = memory[batch].next
        }
        return false
    }

    /// A restarted broker remembers the last batch alone: a later one tells whether this is in.
    private mutating func hold(_ batch: Int32, now: Instant) {
        let partition = Int(memory[batch].partition)
        memory[batch].isHeld = true
        var later = memory[batch].next
        while later != noBatch {
            if memory[later].isFinal, memory[later].epoch == memory[batch].epoch {
                // It has told already.
                memory[batch].isHeld = false
                memory[batch].isFinal = true
                acknowledgeHeld(before: noBatch, of: partition, epoch: memory[later].epoch)
                acknowledgeFront(of: partition, offset: -1)
                return
            }
            later = memory[later].next
        }
    }

    /// The last written batch got 45 too: nobody knows of any of them.
    private mutating func endHeld(with last: Int32, now: Instant) {
        let partition = Int(memory[last].partition)
        let failure = Failure.dataLost(
            "the broker does not remember these records, and perhaps never had them"
        )
        note(.dataLost("\(describe(partition)): \(failure.message)"))
        memory[last].isHeld = true
        while let batch = firstBatch(of: partition, where: { $0.isHeld }) {
            memory[batch].isHeld = false
            end(batch, .unknown, failure, now: now)
        }
        endPartition(partition, failure, now: now)
        stopReading(failure)
    }

    /// All earlier sequences were acknowledged, and the broker does not know them any more.
    private mutating func reportDataLoss(_ batch: Int32, _ answer: BatchAnswer, now: Instant) {
        let partition = Int(memory[batch].partition)
        let queue = queues[partition]
        let failure = Failure.dataLost(
            "\(describe(partition)) lost acknowledged records: its leader answered "
                + "\(answer.code.name) to sequence \(memory[batch].baseSequence) of producer "
                + "\(memory[batch].producerID), although everything up to offset "
                + "\(queue.acknowledgedOffset) was acknowledged"
        )
        note(.dataLost(failure.message))
        endRefused(batch, failure, now: now)
        endPartition(partition, failure, now: now)
        stopReading(failure)
    }

    private func describe(_ partition: Int) -> String {
        "partition \(queues[partition].number) of \(topics[Int(queues[partition].topic)].name)"
    }
}
