package import KafkaProducer

/// The log of a partition: what was appended, for checkers to read.
///
///     offset:   startOffset ... endOffset
///     batches:  [ a | b | c ... ]          always, unless nothing is kept
///     records:  [ 0 1 2 3 4 5 ... ]        as ``LogRetention`` says
package struct PartitionLog: Sendable {
    /// A batch that was appended.
    package struct Batch: Hashable, Sendable {
        /// The offset of its first record.
        package var baseOffset: Int64
        /// How many records it has.
        package var recordCount: Int32
        /// Whose it is, or `nil` if its producer was not idempotent.
        package var identity: ProducerStates.Batch?
        /// When it was appended.
        package var appendedAt: Instant
    }

    /// What of each record is kept.
    package let retention: LogRetention
    /// The offset of the first record that the log has.
    package private(set) var startOffset: Int64 = 0
    /// The offset that the next record gets.
    package private(set) var endOffset: Int64 = 0
    /// The batches, in the order of their offsets.
    package private(set) var batches: [Batch] = []
    /// The batches that were deleted from the beginning: their producers are still known.
    private(set) var deletedBatches: [Batch] = []
    /// The records, in the order of their offsets.
    package private(set) var records: [LogRecord] = []

    /// Creates an empty log.
    package init(retention: LogRetention) {
        self.retention = retention
    }

    /// Appends a batch and gives its records their offsets.
    ///
    /// - Parameters:
    ///   - newRecords: The batch's records, or none of them if nothing is to be kept; their
    ///     offsets are set here.
    ///   - recordCount: How many records the batch has.
    ///   - identity: Whose batch it is, or `nil` if its producer was not idempotent.
    ///   - now: The time of the append.
    /// - Returns: The offset of the first record.
    @discardableResult
    package mutating func append(
        _ newRecords: [LogRecord],
        recordCount: Int32,
        identity: ProducerStates.Batch?,
        now: Instant
    ) -> Int64 {
        precondition(recordCount > 0, "A batch has records.")
        let baseOffset = endOffset
        endOffset += Int64(recordCount)
        if retention == .nothing { return baseOffset }

        batches.append(
            Batch(
                baseOffset: baseOffset,
                recordCount: recordCount,
                identity: identity,
                appendedAt: now
            )
        )
        if retention == .batches { return baseOffset }

        precondition(newRecords.count == Int(recordCount), "The log keeps every record.")
        for (index, record) in newRecords.enumerated() {
            var kept = record
            kept.offset = baseOffset + Int64(index)
            if retention == .identities {
                kept.key = nil
                kept.value = nil
                kept.headers = []
            }
            records.append(kept)
        }
        return baseOffset
    }

    /// Loses the end of the log, as an unclean leader election does.
    ///
    /// - Parameter offset: Where the log is to end; a batch that this would cut goes whole.
    /// - Precondition: The log keeps its records.
    package mutating func truncate(to offset: Int64) {
        precondition(retention != .nothing, "A log that keeps nothing cannot lose its end.")
        while let last = batches.last, last.baseOffset + Int64(last.recordCount) > offset {
            batches.removeLast()
            endOffset = last.baseOffset
        }
        while let last = records.last, last.offset >= endOffset { records.removeLast() }
    }

    /// Loses the beginning of the log, as retention does.
    ///
    /// - Parameter offset: Where the log is to begin; a batch that holds it stays whole.
    package mutating func deleteRecords(before offset: Int64) {
        startOffset = max(startOffset, min(offset, endOffset))
        while let first = batches.first, first.baseOffset + Int64(first.recordCount) <= startOffset
        {
            deletedBatches.append(batches.removeFirst())
        }
        records.removeAll { $0.offset < startOffset }
    }
}
