package import KafkaProtocol

/// Why a record, or all of a topic's records, were not acknowledged.
package struct Failure: Equatable, Sendable {
    /// Kafka's name for it, or ours where Kafka has none (`DELIVERY_TIMEOUT`).
    package var name: String

    /// Kafka's error code, or `nil` where no broker said it.
    package var code: Int16?

    /// One sentence for people.
    package var message: String

    /// What it means for the run.
    package var kind: FailureClass

    /// Creates a failure.
    package init(name: String, code: Int16?, message: String, kind: FailureClass) {
        self.name = name
        self.code = code
        self.message = message
        self.kind = kind
    }

    /// A broker's answer as a failure.
    ///
    /// - Parameters:
    ///   - code: The error code.
    ///   - message: What the broker said, or `nil`.
    ///   - kind: What it means for the run; by default what ``ErrorReaction`` says of the code.
    package init(_ code: ErrorCode, message: String? = nil, kind: FailureClass? = nil) {
        self.init(
            name: code.name,
            code: code.rawValue,
            message: message ?? "the broker answered \(code.name)",
            kind: kind ?? ErrorReaction.failureClass(of: code)
        )
    }

    /// `delivery.timeout.ms` passed.
    ///
    /// `last` is what the last attempt was answered, or `nil`.
    package static func deliveryTimeout(last: ErrorCode?) -> Self {
        let cause = last.map { "; the last attempt was answered \($0.name)" } ?? ""
        return Self(
            name: "DELIVERY_TIMEOUT",
            code: last?.rawValue,
            message: "not acknowledged within delivery.timeout.ms\(cause)",
            kind: .unavailable
        )
    }

    /// A record may be in the log for so long that sending it again could duplicate it.
    ///
    /// `last` is what the last attempt was answered, or `nil`.
    package static func forgotten(last: ErrorCode?) -> Self {
        Self(
            name: "NOT_RESENT",
            code: last?.rawValue,
            message: "sent an hour ago without a clear answer, and not sent again: the broker may "
                + "have forgotten it by now",
            kind: .indefinite
        )
    }

    /// The run was ended before the record could be delivered.
    package static let abandoned = Self(
        name: "ABANDONED",
        code: nil,
        message: "given up when the run was stopped",
        kind: .indefinite
    )

    /// A broker forgot records that it had acknowledged.
    package static func dataLost(_ detail: String) -> Self {
        Self(
            name: "DATA_LOST",
            code: ErrorCode.outOfOrderSequenceNumber.rawValue,
            message: detail,
            kind: .protocolBroken
        )
    }
}
