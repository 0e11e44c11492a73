import KafkaProducer
import KafkaProtocol

/// Holds every batch that reached a broker against those before it (I12, I13, and I11 for the
/// resending without end).
struct AttemptChecker {
    /// How often a batch may come within a second; back-offs allow a tenth of it.
    private static let limit = 100

    /// Whose numbers, and where.
    private struct Place: Hashable {
        var topicID: TopicID
        var partition: Int32
        var producerID: Int64
        var epoch: Int16
    }

    /// The batches seen at a place, by their base sequence: for look-ups, never iterated.
    private var seen: [Place: [Int32: ProduceAttempt]] = [:]
    /// The last batch that came again, since when, and how often: a storm is of one batch.
    private var storms: [Place: (sequence: Int32, since: Instant, count: Int)] = [:]

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
        let known = seen[place, default: [:]][identity.baseSequence]
        seen[place, default: [:]][identity.baseSequence] = attempt
        if isStorm(attempt, identity, at: place) {
            return "I11: \(identity) comes again and again, on partition \(attempt.partition)"
        }
        guard let known, let before = known.identity else { return nil }
        if known.checksum == attempt.checksum { return nil }
        // The first half of a split has the whole's number and fewer records; the whole was
        // certainly not appended (R11).
        let isSplit =
            identity.recordCount < before.recordCount
            && known.answer?.appendStatus == .notAppended && known.baseOffset == nil
        if isSplit { return nil }
        return "I12: \(identity) carries other bytes than before, on partition "
            + "\(attempt.partition) of \(attempt.topic)"
    }

    private mutating func isStorm(
        _ attempt: ProduceAttempt,
        _ identity: ProducerStates.Batch,
        at place: Place
    ) -> Bool {
        guard let storm = storms[place], storm.sequence == identity.baseSequence,
            storm.since.duration(to: attempt.instant) < .seconds(1)
        else {
            storms[place] = (identity.baseSequence, attempt.instant, 1)
            return false
        }
        storms[place]?.count += 1
        return storm.count > Self.limit
    }
}
