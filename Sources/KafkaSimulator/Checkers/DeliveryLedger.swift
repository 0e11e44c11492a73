import KafkaProducer

/// What the producer was given, and what was said of each record.
struct DeliveryLedger {
    /// What is known of a record that was read.
    enum State: UInt8 {
        /// It was taken, and not reported: it was acknowledged, or has not ended.
        case taken
        /// It was left out as asked.
        case skipped
        /// It was refused before it got into a batch.
        case refused
        /// It was taken and reported failed.
        case failed
        /// It was taken and reported unknown.
        case unknown
    }

    /// A record that was read.
    struct Entry {
        /// The time it was given, in milliseconds since 1970.
        let timestamp: Int64
        var state: State
    }

    /// The records that were read, in the order of their numbers.
    private(set) var entries: [Entry] = []
    /// How many there are in each state.
    private(set) var counts = [Int](repeating: 0, count: 5)

    /// How many records were read.
    var count: Int { entries.count }

    func count(of state: State) -> Int { counts[Int(state.rawValue)] }

    /// How many records the producer took.
    var takenCount: Int { count - count(of: .skipped) - count(of: .refused) }

    mutating func append(_ state: State, timestamp: Int64) {
        entries.append(Entry(timestamp: timestamp, state: state))
        counts[Int(state.rawValue)] += 1
    }

    /// Notes that a record was reported failed or unknown.
    ///
    /// - Returns: What is wrong with the report, or `nil` if nothing is.
    mutating func didEnd(_ record: FailedRecord, of input: SimulatedInput) -> String? {
        guard let index = Int(exactly: record.origin.ordinal), entries.indices.contains(index)
        else { return "record \(record.origin.ordinal) was reported and never read" }
        let written = input.records[index]
        guard record.origin.position == UInt64(written.start), record.origin.size == written.size
        else {
            return "record \(index) came from \(written.start), \(written.size) bytes, and not "
                + "from \(record.origin)"
        }
        guard entries[index].state == .taken else {
            return "record \(index) was reported and is \(entries[index].state) already"
        }
        let state: State =
            switch record.outcome {
            case .failed: .failed
            case .unknown: .unknown
            }
        entries[index].state = state
        counts[Int(State.taken.rawValue)] -= 1
        counts[Int(state.rawValue)] += 1
        return nil
    }
}
