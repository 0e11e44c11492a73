internal import KafkaProtocol

/// Which batches are compressed when, and what becomes of them meanwhile (D12).
///
/// With a codec a batch closes when it is full, has lingered or the input is idle. Its records are
/// then compressed outside the producer, in any order and by as many workers as there are; it is
/// sent in its turn, once it is done. Producer id, epoch, sequence and checksum are set at the
/// first send, so what happens to the partition meanwhile is none of the worker's business.
extension Producer {
    /// Whether ``pollCompression()`` has a batch.
    package var hasCompressionJob: Bool { !uncompressed.isEmpty }

    /// Whether so much waits to be compressed that no more records are wanted: two batches of the
    /// largest size, or a mebibyte of smaller ones.
    ///
    /// More would not make the workers faster, but bring memory into use that no cache holds: it
    /// took them 4 % longer to compress what lay about in 32 MB.
    var compressionIsBehind: Bool {
        uncompressed.byteCount >= max(2 * configuration.batchSize, 1 << 20)
    }

    /// Takes the next batch to compress: to be answered by ``didCompress(_:_:now:)``.
    ///
    /// - Returns: Its records, oldest batch first, or `nil` if none waits.
    package mutating func pollCompression() -> CompressionJob? {
        guard let batch = uncompressed.first else { return nil }
        uncompressed.removeFirst(byteCount: memory[batch].byteCount)
        assert(memory[batch].compression == .wanted)
        memory[batch].compression = .underWay
        memory.endChunk(of: batch)
        return CompressionJob(memory, batch)
    }

    /// Takes the compressed records of a batch, or `nil` if they are not smaller than the plain
    /// ones, which are then sent.
    package mutating func didCompress(
        _ job: CompressionJob,
        _ records: Span<UInt8>?,
        now: Instant
    ) {
        let batch = job.batch
        precondition(memory[batch].compression == .underWay)
        memory[batch].compression = .done
        if let records {
            memory[batch].uncompressedByteCount = memory[batch].byteCount
            memory.replaceRecords(of: batch, with: records)
            didFreeMemory = true
        }
        let partition = Int(memory[batch].partition)
        if awaitsOverdueBatch { deadlineCheckAt = now }
        if isAbandoned { end(batch, .failed, .abandoned, now: now) }
        // What ended the partition meanwhile left this one alone.
        if let ending = queues[partition].ending { endPartition(partition, ending, now: now) }
        countCompressedBatch(batch, of: partition, now: now)
    }

    /// Lets a closed batch be compressed.
    mutating func wantCompression(of batch: Int32) {
        guard configuration.compresses else { return }
        assert(memory[batch].compression == .none && memory[batch].recordCount > 0)
        memory[batch].compression = .wanted
        uncompressed.append(batch, byteCount: memory[batch].byteCount)
    }

    /// A batch that ends no longer needs to be compressed.
    mutating func forgetCompression(of batch: Int32) {
        precondition(memory[batch].compression != .underWay)
        guard memory[batch].compression == .wanted else { return }
        uncompressed.remove(batch, byteCount: memory[batch].byteCount)
        memory[batch].compression = .none
    }

    /// Whether a batch may be sent as it is, or has to be compressed first.
    func isReady(_ batch: Int32) -> Bool {
        !configuration.compresses || memory[batch].compression == .done
    }

    /// Closes what a trigger is about; a full batch closes by itself, and the others need not go
    /// with it before their time.
    ///
    /// - Returns: Whether there was any.
    mutating func closeBatches(of broker: Int, _ trigger: FlushTrigger, now: Instant) -> Bool {
        guard configuration.compresses else { return false }
        var closedAny = false
        for place in brokers[broker].active.indices {
            let partition = Int(brokers[broker].active[place])
            // While another of the partition is closed and waits, this one stays open and fills: a
            // slow broker gets larger batches, not more of them.
            guard queues[partition].leader == broker,
                let batch = nextBatch(of: partition, now: now), batch == queues[partition].open
            else { continue }
            let dueAt = memory[batch].createdAt.advanced(by: configuration.linger)
            guard trigger != .batchFull || dueAt <= now else { continue }
            memory[batch].closedBy = trigger == .batchFull ? .lingerExpired : trigger
            closeOpenBatch(of: partition)
            closedAny = true
        }
        return closedAny
    }
}
