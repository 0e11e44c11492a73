import KafkaProducer

/// Counts the batches of each partition that ended unknown since the run stopped or its time was
/// over (I6).
///
/// A broker tells five batches of a producer from new ones, so no more than five are under way, and
/// what never was cannot be unknown. Batches that an answer ended so are beside these.
struct UnknownBatches {
    private struct Place: Hashable {
        var topic: String
        var partition: Int32
    }

    private static let limit = 5

    /// For look-ups, never iterated.
    private var counts: [Place: Int] = [:]
    /// How many batches ended so in all.
    private(set) var count = 0

    /// Takes a record that ended failed or unknown.
    ///
    /// - Returns: What is wrong with it, or `nil` if nothing is.
    mutating func didEnd(_ record: FailedRecord) -> String? {
        guard record.outcome == .unknown else { return nil }
        if record.attempts == 0 {
            return "I6: record \(record.origin.ordinal) is unknown and was never sent"
        }
        let isStop = record.failure.name == "ABANDONED" || record.failure.name == "DELIVERY_TIMEOUT"
        guard isStop, record.batchIndex == 0 else { return nil }
        let place = Place(topic: record.topic, partition: record.partition)
        counts[place, default: 0] += 1
        count += 1
        guard counts[place, default: 0] > Self.limit else { return nil }
        return "I6: \(counts[place, default: 0]) batches of \(record.topic)-\(record.partition) "
            + "ended unknown"
    }
}
