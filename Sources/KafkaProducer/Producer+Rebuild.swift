internal import KafkaProtocol

/// Building other batches out of one that was refused: halves, or what is left without the guilty.
extension Producer {
    /// Takes the answer that a batch is too large (docs/PROTOCOL.md section 7).
    mutating func refuseForSize(_ batch: Int32, _ answer: BatchAnswer, now: Instant) {
        let failure = Failure(answer.code, message: answer.message)
        let isAmbiguous = memory[batch].ambiguousSince != nil && !mutates(.splitsAmbiguousBatches)
        if isAmbiguous || memory[batch].recordCount == 1 {
            endRefused(batch, failure, now: now)
            return
        }
        memory[batch].pendingRebuild = .split
    }

    /// Takes the answer that records of a batch are refused for what they are.
    mutating func refuseRecords(_ batch: Int32, _ answer: BatchAnswer, now: Instant) {
        let failure = Failure(answer.code, message: answer.message)
        if memory[batch].ambiguousSince != nil {
            endRefused(batch, failure, now: now)
            return
        }
        let count = Int(memory[batch].recordCount)
        let named = answer.recordErrors.filter { $0.batchIndex >= 0 && $0.batchIndex < count }
        if named.isEmpty {
            if count == 1 {
                endRefused(batch, failure, now: now)
            } else {
                memory[batch].pendingRebuild = .split
            }
            return
        }
        var guilty = [Bool](repeating: false, count: count)
        var messages = [String?](repeating: nil, count: count)
        for error in named {
            guilty[Int(error.batchIndex)] = true
            messages[Int(error.batchIndex)] = error.message
        }
        memory[batch].pendingRebuild = .removeGuilty
        refusals.append(
            Refusal(batch: batch, failure: failure, guilty: guilty, messages: messages)
        )
    }

    /// Builds anew what waits for it at the front of a partition.
    ///
    /// - Precondition: Nothing of the partition is in flight.
    mutating func rebuildPending(in partition: Int, now: Instant) {
        while let batch = oldestBatch(of: partition, where: { $0.pendingRebuild != .none }) {
            guard mayRebuild(batch, in: partition) else {
                hasDeferredRebuild = true
                return
            }
            switch memory[batch].pendingRebuild {
            case .none: break
            case .split: split(batch, in: partition)
            case .removeGuilty: removeGuilty(from: batch, in: partition, now: now)
            }
        }
        markStale(partition)
    }

    /// Tries again what found no memory.
    mutating func rebuildDeferred(now: Instant) {
        guard hasDeferredRebuild else { return }
        hasDeferredRebuild = false
        for partition in queues.indices where queues[partition].inFlightCount == 0 {
            rebuildPending(in: partition, now: now)
        }
    }

    /// Whether a batch may be built anew now: with what is free beyond the reserve, or with the
    /// reserve, which one partition has at a time.
    ///
    /// It keeps it until the parts of its batches have ended. Partitions that share it could each
    /// come to a point where a part is still too large and no chunk is left, and none would go on.
    private mutating func mayRebuild(_ batch: Int32, in partition: Int) -> Bool {
        if memory.freeChunkCount >= memory.reservedChunkCount + chunksToRebuild(batch) {
            return true
        }
        if let owner = reserveOwner, owner != partition, hasParts(owner) { return false }
        guard canRebuild(batch) else { return false }
        reserveOwner = partition
        return true
    }

    private func hasParts(_ partition: Int) -> Bool {
        oldestBatch(of: partition, where: { $0.isPart || $0.pendingRebuild != .none }) != nil
    }

    /// Whether the parts of a batch will find chunks: its own come back first.
    func canRebuild(_ batch: Int32) -> Bool {
        chunksToRebuild(batch) <= memory.freeChunkCount + memory.chunkCount(of: batch)
            || (!memory[batch].isCompressed && memory.freeChunkCount >= 2)
    }

    /// The chunks that the parts of a batch take at the most.
    private func chunksToRebuild(_ batch: Int32) -> Int {
        let size =
            memory[batch].isCompressed
            ? memory[batch].uncompressedByteCount : memory[batch].byteCount
        return size / (memory.chunkSize / 2) + 4
    }

    /// Cuts a batch in halves.
    ///
    /// The first keeps the base sequence and the second goes on from it, as
    /// the count of both together is the same (R11).
    private mutating func split(_ batch: Int32, in partition: Int) {
        let half = memory[batch].recordCount / 2
        let isTooLarge = memory[batch].lastError == .messageTooLarge
        var records = takeRecords(of: batch)
        if isTooLarge {
            // The topic's limit is lower than ours: later batches close earlier.
            let topic = Int(queues[partition].topic)
            topics[topic].batchLimit = min(
                topics[topic].batchLimit,
                max(records.bytes.count / 2, 1024)
            )
        }
        let second = emptyCopy(of: batch)
        var index: Int32 = 0
        while let record = records.next() {
            if mutates(.splitLosesRecord), records.remainingCount == 0, index > half { break }
            copy(record, of: records, to: index < half ? batch : second)
            index += 1
        }
        queues[partition].insert(second, after: batch, in: &memory)
        if memory[batch].hasSequence {
            memory[second].hasSequence = true
            if configuration.idempotence {
                memory[second].baseSequence = sequence(memory[batch].baseSequence, plus: half)
            }
            queues[partition].unresolvedCount += 1
        }
        finishRebuild(batch)
        finishRebuild(second)
        wantCompression(of: batch)
        wantCompression(of: second)
        rewind(partition)
    }

    /// Fails the records that the broker named and keeps the others, under a new epoch (R11).
    private mutating func removeGuilty(from batch: Int32, in partition: Int, now: Instant) {
        guard let place = refusals.firstIndex(where: { $0.batch == batch }) else {
            preconditionFailure("A refusal is kept until its batch is rebuilt.")
        }
        let refusal = refusals.remove(at: place)
        if !refusal.guilty.contains(false) {
            memory[batch].pendingRebuild = .none
            end(batch, .failed, refusal.failure, messages: refusal.messages, now: now)
            return
        }
        var records = takeRecords(of: batch)
        let failed = emptyCopy(of: batch)
        var index = 0
        while let record = records.next() {
            copy(record, of: records, to: refusal.guilty[index] ? failed : batch)
            index += 1
        }
        if memory[batch].hasSequence, configuration.idempotence {
            queues[partition].gap = queues[partition].gap ?? .failed
        }
        finishRebuild(batch)
        finishRebuild(failed)
        wantCompression(of: batch)
        let messages = zip(refusal.guilty, refusal.messages).filter { $0.0 }.map { $0.1 }
        fail(failed, .failed, refusal.failure, messages: messages)
        rewind(partition)
    }

    /// Reads a batch's records out and leaves it empty, with its chunks given back.
    private mutating func takeRecords(of batch: Int32) -> BatchRecords {
        let largest = configuration.largestBatch
        let records = BatchRecords(
            memory,
            batch,
            codec: configuration.codec,
            largest: largest
        )
        memory.releaseChunks(of: batch)
        memory.restart(batch)
        return records
    }

    /// A new, empty batch with the same times, limits, epoch and attempts.
    mutating func emptyCopy(of batch: Int32) -> Int32 {
        guard let copy = memory.allocateBatch(usesReserve: true) else {
            preconditionFailure("canRebuild has counted the chunks.")
        }
        memory[copy].partition = memory[batch].partition
        memory[copy].byteLimit = memory[batch].byteLimit
        memory[copy].createdAt = memory[batch].createdAt
        memory[copy].producerID = memory[batch].producerID
        memory[copy].epoch = memory[batch].epoch
        memory[copy].attempts = memory[batch].attempts
        memory[copy].lastError = memory[batch].lastError
        return copy
    }

    mutating func copy(
        _ record: BatchRecords.Record,
        of records: BatchRecords,
        to batch: Int32
    ) {
        if memory[batch].recordCount == 0 {
            memory[batch].begin(with: record.origin, timestamp: record.timestamp)
        }
        let bytes = records.bytes.span
        var key: Span<UInt8>?
        if let range = record.key { key = bytes.extracting(range) }
        var value: Span<UInt8>?
        if let range = record.value { value = bytes.extracting(range) }
        let result = memory.append(
            to: batch,
            key: key,
            value: value,
            timestamp: record.timestamp,
            origin: record.origin,
            usesReserve: true
        )
        precondition(result == .appended, "A part is smaller than the whole.")
    }

    private mutating func finishRebuild(_ batch: Int32) {
        memory[batch].pendingRebuild = .none
        memory[batch].isPart = true
        memory[batch].isSealed = false
        memory[batch].isWritten = false
    }
}

/// What a broker said of single records, until their batch is rebuilt.
struct Refusal {
    let batch: Int32
    let failure: Failure
    let guilty: [Bool]
    let messages: [String?]
}
