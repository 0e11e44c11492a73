import KafkaProducer

/// What the producer was given, and what it said became of each record.
struct DeliveryLedger {
    /// What is known of a record that was given to the producer.
    struct Entry {
        let origin: RecordOrigin
        /// How it was reported to have ended, or `nil` if it was acknowledged or has not ended.
        var outcome: Outcome?
    }

    /// The records that were taken, in the order of their numbers.
    private(set) var entries: [Entry] = []
    /// How many raw bytes of input came before the next record.
    private(set) var position: UInt64 = 0
    /// Records that were reported failed.
    private(set) var failedCount = 0
    /// Records that were reported unknown.
    private(set) var unknownCount = 0

    /// The origin of the next record.
    func nextOrigin(size: Int) -> RecordOrigin {
        RecordOrigin(ordinal: UInt64(entries.count), position: position, size: size)
    }

    mutating func didTake(_ origin: RecordOrigin) {
        entries.append(Entry(origin: origin))
        position += UInt64(origin.size)
    }

    /// Notes that a record was reported failed or unknown.
    ///
    /// - Returns: What is wrong with the report, or `nil` if nothing is.
    mutating func didEnd(_ record: FailedRecord) -> String? {
        guard let index = Int(exactly: record.origin.ordinal), entries.indices.contains(index)
        else { return "record \(record.origin.ordinal) was reported and never taken" }
        guard entries[index].origin == record.origin else {
            return "record \(index) came from \(entries[index].origin), not \(record.origin)"
        }
        guard entries[index].outcome == nil else { return "record \(index) was reported twice" }
        entries[index].outcome = record.outcome
        switch record.outcome {
        case .failed: failedCount += 1
        case .unknown: unknownCount += 1
        }
        return nil
    }
}
