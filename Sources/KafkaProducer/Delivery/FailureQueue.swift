/// Batches that ended failed or unknown, until each of their records was taken.
///
/// A slow reader of the failure lines keeps them here, and their memory with them (D2): so the
/// input is held back by what nobody has been told yet.
struct FailureQueue {
    /// A batch that ended, with why.
    struct Entry {
        let batch: Int32
        let topic: String
        let partition: Int32
        let outcome: Outcome
        let failure: Failure
        /// What the broker said of single records, by their index in the batch.
        var messages: [String?] = []
    }

    private(set) var entries: [Entry] = []
    private var first = 0
    private var records: BatchRecords?
    private var recordIndex = 0

    mutating func append(_ entry: Entry) { entries.append(entry) }

    /// The first record, in input order, of all that were not taken.
    func firstOrigin(in memory: borrowing BatchMemory) -> RecordOrigin? {
        var found: RecordOrigin?
        for entry in entries[first...] {
            let batch = memory[entry.batch]
            if batch.firstPosition < found?.position ?? .max {
                found = RecordOrigin(
                    ordinal: batch.firstOrdinal,
                    position: batch.firstPosition,
                    size: 0
                )
            }
        }
        return found
    }

    /// Takes the next failed record, giving it and its bytes to `body`; the batch's memory goes
    /// back with its last record.
    ///
    /// - Returns: Whether there was one.
    mutating func poll(
        _ memory: inout BatchMemory,
        largest: Int,
        _ body: (FailedRecord, _ key: Span<UInt8>?, _ value: Span<UInt8>?) -> Void
    ) -> Bool {
        guard first < entries.count else { return false }
        let entry = entries[first]
        var open = records ?? BatchRecords(memory, entry.batch, largest: largest)
        guard let record = open.next() else {
            preconditionFailure("A failed batch has at least one record left.")
        }
        var failure = entry.failure
        if recordIndex < entry.messages.count, let message = entry.messages[recordIndex] {
            failure.message = message
        }
        let failed = FailedRecord(
            origin: record.origin,
            topic: entry.topic,
            partition: entry.partition,
            timestamp: record.timestamp,
            outcome: entry.outcome,
            failure: failure,
            batchIndex: recordIndex,
            attempts: memory[entry.batch].attempts
        )
        let bytes = open.bytes.span
        var key: Span<UInt8>?
        if let range = record.key { key = bytes.extracting(range) }
        var value: Span<UInt8>?
        if let range = record.value { value = bytes.extracting(range) }
        body(failed, key, value)
        recordIndex += 1
        records = open
        if open.remainingCount == 0 { finishFirst(&memory) }
        return true
    }

    private mutating func finishFirst(_ memory: inout BatchMemory) {
        memory.release(entries[first].batch)
        records = nil
        recordIndex = 0
        first += 1
        if first == entries.count {
            entries.removeAll(keepingCapacity: true)
            first = 0
        }
    }
}
