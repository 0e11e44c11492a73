internal import KafkaProtocol

/// A request that was queued on a connection and is not answered.
struct InFlightRequest {
    let correlationID: Int32
    let api: APIKey
    let version: Int16
    /// When the connection is closed if there is no answer.
    var deadline: Instant
    /// The first of the request's batches, or `noBatch`.
    var firstBatch = noBatch
    /// Bytes of it that the kernel has not taken.
    var unsentByteCount: Int
    /// Whether the kernel has taken a byte of it.
    var isStarted = false
    /// Whether an answer comes: not for a produce request with acks=0.
    var expectsAnswer = true

    /// Whether it is a produce request; by a pattern, as in ``ProducerConfiguration/compresses``.
    var isProduce: Bool {
        if case .produce = api { true } else { false }
    }
}
