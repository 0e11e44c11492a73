package import KafkaProducer
package import KafkaProtocol

/// What a partition remembers of the idempotent producers that wrote to it.
///
/// These are the six rules of the broker (docs/PROTOCOL.md, section 10), written from its side and
/// from nothing that the producer uses. A live broker knows the last five batches of each
/// producer id; one that was restarted knows only the last.
package struct ProducerStates: Sendable {
    /// A batch as a partition sees it: whose it is and which numbers its records bear.
    package struct Batch: Hashable, Sendable {
        /// The id that the producer was given.
        package var producerID: Int64
        /// The epoch of the producer id on this partition.
        package var producerEpoch: Int16
        /// The sequence number of the first record.
        package var baseSequence: Int32
        /// How many records, and so how many sequence numbers, the batch has.
        package var recordCount: Int32

        /// Names a batch by the fields of its header.
        package init(
            producerID: Int64,
            producerEpoch: Int16,
            baseSequence: Int32,
            recordCount: Int32
        ) {
            precondition(recordCount > 0, "A batch has records.")
            self.producerID = producerID
            self.producerEpoch = producerEpoch
            self.baseSequence = baseSequence
            self.recordCount = recordCount
        }

        /// The sequence number of the last record: after 2147483647 comes 0.
        package var lastSequence: Int32 {
            Int32((Int64(baseSequence) + Int64(recordCount) - 1) % (Int64(Int32.max) + 1))
        }
    }

    /// What is to become of a batch.
    package enum Verdict: Hashable, Sendable {
        /// It is the next one and is appended.
        case accepted
        /// It is in the log already, from this offset on: answered as a success.
        case duplicate(baseOffset: Int64)
        /// It is refused with this code.
        case refused(ErrorCode)
    }

    private struct Retained {
        var baseSequence: Int32
        var lastSequence: Int32
        var baseOffset: Int64
        var lastOffset: Int64
    }

    private struct Entry {
        var producerID: Int64
        var producerEpoch: Int16
        var retained: [Retained]
        var appendedAt: Instant
    }

    /// How many batches of a producer id a live broker can tell from new ones.
    ///
    /// `NUM_BATCHES_TO_RETAIN` of Kafka's `ProducerStateEntry`; it is why no client may have more
    /// than five requests in flight.
    package static let retainedBatchLimit = 5

    /// In the order of each producer's first append; few, so that a search is enough.
    private var entries: [Entry] = []

    /// Creates the memory of a partition that nobody wrote to.
    package init() {}

    /// How many producer ids are remembered.
    package var count: Int { entries.count }

    /// Whether one of the batches that are remembered was the first of its epoch.
    var knowFirstBatch: Bool {
        entries.contains { entry in entry.retained.contains { $0.baseSequence == 0 } }
    }

    /// Whether anything is remembered of a producer id.
    package func remembers(_ producerID: Int64) -> Bool {
        entries.contains { $0.producerID == producerID }
    }

    /// Judges a batch of an idempotent producer; changes nothing.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - refusesUnknown: Whether a producer id of which nothing is known has to begin with
    ///     sequence 0, as brokers before 2.5 ask (KIP-360).
    /// - Returns: What is to become of it.
    package func verdict(on batch: Batch, refusesUnknown: Bool = false) -> Verdict {
        guard let entry = entries.first(where: { $0.producerID == batch.producerID }) else {
            if refusesUnknown, batch.baseSequence != 0 { return .refused(.unknownProducerID) }
            return .accepted  // Rule 5: without state any first sequence will do.
        }
        if entry.producerEpoch == batch.producerEpoch {
            let twin = entry.retained.first {
                $0.baseSequence == batch.baseSequence && $0.lastSequence == batch.lastSequence
            }
            if let twin { return .duplicate(baseOffset: twin.baseOffset) }
        }
        if batch.producerEpoch < entry.producerEpoch { return .refused(.invalidProducerEpoch) }
        if batch.producerEpoch > entry.producerEpoch {
            return batch.baseSequence == 0 ? .accepted : .refused(.outOfOrderSequenceNumber)
        }
        guard let last = entry.retained.last else { return .accepted }
        let next = last.lastSequence == .max ? 0 : last.lastSequence + 1
        return batch.baseSequence == next ? .accepted : .refused(.outOfOrderSequenceNumber)
    }

    /// Remembers a batch that was appended.
    package mutating func didAppend(_ batch: Batch, at baseOffset: Int64, now: Instant) {
        let retained = Retained(
            baseSequence: batch.baseSequence,
            lastSequence: batch.lastSequence,
            baseOffset: baseOffset,
            lastOffset: baseOffset + Int64(batch.recordCount) - 1
        )
        guard let index = entries.firstIndex(where: { $0.producerID == batch.producerID }) else {
            entries.append(
                Entry(
                    producerID: batch.producerID,
                    producerEpoch: batch.producerEpoch,
                    retained: [retained],
                    appendedAt: now
                )
            )
            return
        }
        if entries[index].producerEpoch != batch.producerEpoch {
            entries[index].producerEpoch = batch.producerEpoch
            entries[index].retained.removeAll(keepingCapacity: true)
        }
        if entries[index].retained.count == Self.retainedBatchLimit {
            entries[index].retained.removeFirst()
        }
        entries[index].retained.append(retained)
        entries[index].appendedAt = now
    }

    /// Forgets all but the last batch of each producer id, as a restart does.
    ///
    /// Measured on Kafka 4.3.1 for an orderly stop and for `kill -9` alike.
    package mutating func forgetAllButLastBatches() {
        for index in entries.indices {
            entries[index].retained.removeFirst(entries[index].retained.count - 1)
        }
    }

    /// Forgets the producer ids whose last append is this old, as `producer.id.expiration.ms` does.
    package mutating func expire(olderThan age: Duration, now: Instant) {
        entries.removeAll { $0.appendedAt.duration(to: now) >= age }
    }

    /// Forgets the producer ids of which no record is left, as brokers before 2.5 do.
    package mutating func forget(before startOffset: Int64) {
        entries.removeAll { $0.retained.last?.lastOffset ?? 0 < startOffset }
    }

    /// Forgets everything, as a replica does whose log began anew.
    package mutating func forgetEverything() {
        entries.removeAll()
    }
}
