import KafkaProducer

/// Holds where batches are sent against what the client was told of leaders: a leader of an older
/// epoch is never gone back to (KIP-951).
struct LeaderChecker {
    private struct Told {
        var epoch: Int32 = -1
        var broker: Int32 = -1
        var at = Instant(nanoseconds: 0)
    }

    /// By the topic's place in the cluster and the partition.
    private var told: [[Told]] = []

    /// Takes the leaders that an answer named, which the client has read.
    mutating func didRead(_ leaders: [FakeReply.NamedLeader], now: Instant) {
        for leader in leaders {
            while told.count <= leader.topic { told.append([]) }
            let partition = Int(leader.partition)
            while told[leader.topic].count <= partition { told[leader.topic].append(Told()) }
            let known = told[leader.topic][partition]
            if leader.epoch < 0 {
                // Whoever is not told epochs has to believe the last word.
                told[leader.topic][partition].broker = -1
                continue
            }
            guard leader.epoch > known.epoch else { continue }
            told[leader.topic][partition] = Told(
                epoch: leader.epoch,
                broker: leader.broker,
                at: now
            )
        }
    }

    /// Whether a batch that was queued at some time was sent to a broker of which the client knew
    /// better.
    func isMisguided(_ attempt: ProduceAttempt, topic: Int, queuedSince: Instant) -> Bool {
        guard topic < told.count, attempt.partition < told[topic].count else { return false }
        let known = told[topic][Int(attempt.partition)]
        return known.broker >= 0 && known.broker != attempt.broker && known.at < queuedSince
    }
}
