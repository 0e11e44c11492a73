package import KafkaProducer
package import KafkaProtocol

/// A batch that reached a broker, and what the broker made of it.
///
/// Checkers compare attempts: a retry must carry the same bytes, and a sequence number must never
/// stand for two records.
package struct ProduceAttempt: Hashable, Sendable {
    /// When it came.
    package var instant: Instant
    /// The broker it came to.
    package var broker: Int32
    /// The connection it came on.
    package var connection: FakeConnectionID
    /// The topic's name.
    package var topic: String
    /// The topic's identity: of two topics with one name only the later is alive.
    package var topicID: TopicID
    /// The partition's index.
    package var partition: Int32
    /// Whose batch it is, or `nil` if its producer is not idempotent or its header is broken.
    package var identity: ProducerStates.Batch?
    /// The CRC-32C the batch claims, which covers its identity and its records.
    package var checksum: UInt32
    /// Whether the batch was appended by this attempt.
    package var wasAppended: Bool
    /// The offset of the batch if it is in the log, by this attempt or an earlier one.
    package var baseOffset: Int64?
    /// The code of the answer, or `nil` if no answer was sent.
    package var answer: ErrorCode?
}
