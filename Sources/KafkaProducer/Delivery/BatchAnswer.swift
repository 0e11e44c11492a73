internal import KafkaProtocol

/// What became of an attempt to append a batch.
struct BatchAnswer {
    var code: ErrorCode
    var baseOffset: Int64 = -1
    var logStartOffset: Int64 = -1
    var message: String?
    var recordErrors: [ProduceResponse.RecordError] = []
    var hasNewLeader = false
    /// Whether the request was not answered at all.
    var isLost = false

    /// With acks=0: the bytes are on the socket, and that is all there will be.
    static var acknowledgedByNobody: Self { Self(code: .none) }

    /// The connection ended before an answer came.
    static var lost: Self { Self(code: .networkException, isLost: true) }
}
