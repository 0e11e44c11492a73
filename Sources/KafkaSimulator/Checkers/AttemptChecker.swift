import KafkaProducer
import KafkaProtocol

/// Holds every batch that reached a broker against those before it (I12, I13, and I11 for the
/// resending without end).
struct AttemptChecker {
    /// How often a batch may come within a second; back-offs allow a tenth of it.
    private static let limit = 100
    /// How many batches back a batch is held against: more than are ever unresolved.
    private static let window = 24

    /// Whose numbers, and where.
    private struct Place: Hashable {
        var topicID: TopicID
        var partition: Int32
        var producerID: Int64
        var epoch: Int16
    }

    /// A batch that was seen.
    private struct Batch {
        var baseSequence: Int32
        var recordCount: Int32
        var checksum: UInt32
        /// Whether its last attempt proved that it is not in the log.
        var isAbsent: Bool

        /// Where it begins, when numbers do not wrap: those of one epoch do so once at most, from
        /// the upper half of all numbers.
        func start(wrapsFrom first: Int32) -> Int64 {
            let isWrapped = first > 1 << 30 && baseSequence < 1 << 30
            return Int64(baseSequence) + (isWrapped ? 1 << 31 : 0)
        }
    }

    /// What was seen at a place.
    private struct Seen {
        var first: Int32
        /// The last of them, in the order in which they came first.
        var recent: [Batch] = []
        /// The last batch that came again, since when, and how often: a storm is of one batch.
        var storm = (sequence: Int32(-1), since: Instant(nanoseconds: 0), count: 0)
    }

    /// The batches seen at each place: for look-ups, never iterated.
    private var places: [Place: Int] = [:]
    private var seen: [Seen] = []

    /// Takes an attempt.
    ///
    /// - Returns: What is wrong with it, or `nil` if nothing is.
    mutating func check(_ attempt: ProduceAttempt) -> String? {
        guard let identity = attempt.identity else { return nil }
        let place = Place(
            topicID: attempt.topicID,
            partition: attempt.partition,
            producerID: identity.producerID,
            epoch: identity.producerEpoch
        )
        let index: Int
        if let known = places[place] {
            index = known
        } else {
            index = seen.count
            places[place] = index
            seen.append(Seen(first: identity.baseSequence))
        }
        if isStorm(attempt, identity, at: index) {
            return "I11: \(identity) comes again and again, on partition \(attempt.partition)"
        }
        let batch = Batch(
            baseSequence: identity.baseSequence,
            recordCount: identity.recordCount,
            checksum: attempt.checksum,
            isAbsent: attempt.answer?.appendStatus == .notAppended && attempt.baseOffset == nil
        )
        return note(batch, at: index).map {
            "\($0): \(identity), on partition \(attempt.partition) of \(attempt.topic)"
        }
    }

    /// Holds a batch against those before it, and keeps it.
    private mutating func note(_ batch: Batch, at index: Int) -> String? {
        let first = seen[index].first
        let start = batch.start(wrapsFrom: first)
        let end = start + Int64(batch.recordCount)
        var twin: Int?
        for (place, known) in seen[index].recent.enumerated() {
            let knownStart = known.start(wrapsFrom: first)
            let knownEnd = knownStart + Int64(known.recordCount)
            guard start < knownEnd, knownStart < end else { continue }
            if known.baseSequence == batch.baseSequence, known.checksum == batch.checksum {
                twin = place
                continue
            }
            // Halves have the numbers of a whole that was certainly not appended (R11), and the
            // whole does not come again.
            let isPart = knownStart <= start && end <= knownEnd && known.isAbsent
            if isPart, batch.recordCount < known.recordCount { continue }
            return known.baseSequence == batch.baseSequence
                ? "I12: other bytes than before" : "I13: numbers of other records"
        }
        if let twin {
            seen[index].recent[twin] = batch
        } else {
            if seen[index].recent.count == Self.window { seen[index].recent.removeFirst() }
            seen[index].recent.append(batch)
        }
        return nil
    }

    private mutating func isStorm(
        _ attempt: ProduceAttempt,
        _ identity: ProducerStates.Batch,
        at index: Int
    ) -> Bool {
        let storm = seen[index].storm
        guard storm.sequence == identity.baseSequence,
            storm.since.duration(to: attempt.instant) < .seconds(1)
        else {
            seen[index].storm = (identity.baseSequence, attempt.instant, 1)
            return false
        }
        seen[index].storm.count += 1
        return storm.count > Self.limit
    }
}
