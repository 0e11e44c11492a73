import KafkaProducer
import KafkaProtocol

/// A partition: its log, what it remembers of producers, and who leads it.
///
/// There is one log for the whole cluster, as if every replica were always in sync. What a
/// cluster loses when they are not is said by ``FakeCluster/loseTail(of:partition:downTo:)``.
package struct FakePartition: Sendable {
    /// What was appended.
    package internal(set) var log: PartitionLog
    /// What is remembered of idempotent producers.
    package internal(set) var producers = ProducerStates()
    /// The broker that leads it, or -1 if none does.
    package internal(set) var leader: Int32
    /// How often the leader changed.
    package internal(set) var leaderEpoch: Int32 = 0
    /// The brokers that have a copy.
    package internal(set) var replicas: [Int32]
    /// What goes wrong with the next requests, first come first served.
    package internal(set) var faults: [ProduceFault] = []
    /// What the leader appends alone, or `nil` if others copy it.
    var isolation: Isolation?

    /// A leader whose batches nobody copies: it can acknowledge none of them to who wants all.
    struct Isolation: Sendable {
        /// Where the log ended when it began.
        var offset: Int64
        /// What is answered instead of a success, 7 or 20.
        var answer: ErrorCode
        /// Whether a batch was acknowledged to who wants only the leader's word.
        var acknowledges = false
    }

    /// Creates an empty partition.
    init(leader: Int32, replicas: [Int32], retention: LogRetention) {
        self.leader = leader
        self.replicas = replicas
        log = PartitionLog(retention: retention)
    }

    /// Judges a batch and appends it if that is the verdict.
    ///
    /// - Returns: The verdict, and the batch's offset if it is in the log now.
    mutating func append(
        _ records: [LogRecord],
        of batch: ReceivedBatch,
        refusesUnknown: Bool,
        now: Instant
    ) -> (verdict: ProducerStates.Verdict, baseOffset: Int64?) {
        if let identity = batch.identity {
            let verdict = producers.verdict(on: identity, refusesUnknown: refusesUnknown)
            switch verdict {
            case .accepted: break
            case .duplicate(let baseOffset): return (verdict, baseOffset)
            case .refused: return (verdict, nil)
            }
        }
        let baseOffset = log.append(
            records,
            recordCount: batch.recordCount,
            identity: batch.identity,
            now: now
        )
        if let identity = batch.identity {
            producers.didAppend(identity, at: baseOffset, now: now)
        }
        return (.accepted, baseOffset)
    }

    /// Loses the end of the log; what is left, or was deleted, says what is known
    /// of producers.
    mutating func truncate(to offset: Int64) {
        log.truncate(to: offset)
        producers.forgetEverything()
        for batch in log.deletedBatches + log.batches {
            guard let identity = batch.identity else { continue }
            producers.didAppend(identity, at: batch.baseOffset, now: batch.appendedAt)
        }
    }
}
