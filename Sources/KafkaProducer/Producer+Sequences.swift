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
            // The broker is right to refuse it: the gap is of our own making.
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
                settleHeld(before: later, now: now)
                acknowledgeFront(of: partition, offset: -1)
                return
            }
            later = memory[later].next
        }
    }

    /// A batch is in the log, so those that are held before it are, if there is room for them.
    ///
    /// A broker that was restarted took this one because it knew the one before it. A broker that
    /// forgot the producer altogether would have taken it whatever came before (section 10, rule
    /// 5), and then it may stand directly behind what was acknowledged.
    mutating func settleHeld(before batch: Int32, now: Instant) {
        let partition = Int(memory[batch].partition)
        let epoch = memory[batch].epoch
        var end = queues[partition].acknowledgedEnd
        var hasHeld = false
        var earlier = queues[partition].head
        while earlier != batch {
            if memory[earlier].isHeld, memory[earlier].epoch == epoch {
                hasHeld = true
                end += Int64(memory[earlier].recordCount)
            }
            earlier = memory[earlier].next
        }
        guard hasHeld else { return }
        if memory[batch].baseOffset >= 0, memory[batch].baseOffset < end {
            endPassedOver(in: partition, now: now)
            return
        }
        earlier = queues[partition].head
        while earlier != batch {
            if memory[earlier].isHeld, memory[earlier].epoch == epoch {
                memory[earlier].isHeld = false
                memory[earlier].isFinal = true
            }
            earlier = memory[earlier].next
        }
    }

    /// Later records stand where the held ones would have to.
    private mutating func endPassedOver(in partition: Int, now: Instant) {
        let failure = Failure.dataLost(
            "the broker forgot the producer and took later records in place of these"
        )
        note(.dataLost("\(describe(partition)): \(failure.message)"))
        while let batch = oldestBatch(of: partition, where: { $0.isHeld }) {
            memory[batch].isHeld = false
            end(batch, .unknown, failure, now: now)
        }
        endPartition(partition, failure, now: now)
        stopReading(failure)
    }

    /// The last written batch got 45 too: nobody knows of any of them.
    private mutating func endHeld(with last: Int32, now: Instant) {
        let partition = Int(memory[last].partition)
        let failure = Failure.dataLost(
            "the broker does not remember these records, and perhaps never had them"
        )
        note(.dataLost("\(describe(partition)): \(failure.message)"))
        memory[last].isHeld = true
        while let batch = oldestBatch(of: partition, where: { $0.isHeld }) {
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
