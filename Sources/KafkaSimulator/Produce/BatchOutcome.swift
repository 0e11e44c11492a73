import KafkaProtocol

/// What became of one batch, and what its client gets to know.
struct BatchOutcome {
    /// The answer, if there is one; a success until something says otherwise.
    var response: ProduceResponse.Partition
    /// The topic's index, or `nil` if there is no such partition.
    var topic: Int?
    /// The batch's header, or `nil` if it was not read.
    var batch: ReceivedBatch?
    var wasAppended = false
    /// Why the connection is closed instead of an answer, or `nil` if it is not.
    var disconnectReason: String?
    /// Whether nothing is answered any more on the connection.
    var hangs = false
    /// Whether the answer comes when the leader has waited for replicas long enough.
    var waits = false
    /// Whether the answer says nothing of this partition.
    var isOmitted = false

    /// Starts with a success.
    init(partition: Int32) {
        response = ProduceResponse.Partition(index: partition, errorCode: .none)
    }

    /// Turns it into a refusal.
    mutating func refuse(_ refusal: BatchRefusal) {
        response.errorCode = refusal.code
        response.baseOffset = -1
        // Kafka says in words only what it has against single records.
        response.errorMessage = refusal.guilty.isEmpty ? nil : refusal.message
        response.recordErrors = refusal.guilty.map {
            ProduceResponse.RecordError(batchIndex: $0.index, message: $0.message)
        }
    }
}
