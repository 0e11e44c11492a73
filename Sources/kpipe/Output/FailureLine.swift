package import KafkaProducer

/// What there is to say about a record that was not acknowledged, but for its key and value.
nonisolated package struct FailureLine: Equatable, Sendable {
    /// Which record it is.
    package var position: InputPosition

    /// All its raw bytes, delimiter and prefixes included.
    package var size: Int

    /// The topic it was meant for.
    package var topic: String

    /// The partition, or `nil` if none was chosen yet.
    package var partition: Int32?

    /// The name of the error: Kafka's, such as `MESSAGE_TOO_LARGE`, or one of kpipe's own in the
    /// same style.
    package var error: String

    /// Kafka's number for the error, or `nil` for one of kpipe's own.
    package var code: Int16?

    /// The error as a sentence, perhaps from a broker.
    package var message: String

    /// Whether the record may be in the log.
    package var outcome: Outcome

    /// How many requests carried it.
    package var attempts: Int

    /// Creates a line.
    package init(
        position: InputPosition,
        size: Int,
        topic: String,
        partition: Int32?,
        error: String,
        code: Int16?,
        message: String,
        outcome: Outcome,
        attempts: Int
    ) {
        self.position = position
        self.size = size
        self.topic = topic
        self.partition = partition
        self.error = error
        self.code = code
        self.message = message
        self.outcome = outcome
        self.attempts = attempts
    }
}
