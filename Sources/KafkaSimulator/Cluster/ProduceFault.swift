package import KafkaProtocol

/// What goes wrong with one Produce request on one partition.
package enum ProduceFault: Hashable, Sendable {
    /// The batch is not appended, and this code is the answer.
    case refuse(ErrorCode)
    /// The batch is appended if it may be, and this code is the answer all the same.
    case appendThenFail(ErrorCode)
    /// The batch is not appended, and the connection is closed.
    case disconnect
    /// The batch is not appended, and nothing is sent on this connection any more.
    case hang
    /// The batch is appended if it may be, and the connection is closed instead of an answer.
    case appendThenDisconnect
    /// The batch is appended if it may be, and nothing is sent on this connection any more.
    case appendThenHang
    /// The batch is appended if it may be, and the answer leaves this partition out.
    case appendThenOmit
}
