package import KafkaProtocol

/// Why a broker does not append a batch.
package struct BatchRefusal: Error, Hashable, Sendable {
    /// A record that is guilty of the refusal.
    package struct GuiltyRecord: Hashable, Sendable {
        /// The record's index in its batch.
        package var index: Int32
        /// What is wrong with it.
        package var message: String
    }

    /// The code that answers the partition.
    package var code: ErrorCode
    /// What is wrong, for a person.
    package var message: String
    /// The records that are guilty, if only some are.
    package var guilty: [GuiltyRecord]
    /// Whether a correct producer can never cause it, whatever the cluster does.
    package var isViolation: Bool

    /// A refusal that a correct producer has to live with.
    static func expected(
        _ code: ErrorCode,
        _ message: String,
        guilty: [GuiltyRecord] = []
    ) -> Self {
        Self(code: code, message: message, guilty: guilty, isViolation: false)
    }

    /// A refusal that shows the producer to be wrong.
    static func violation(_ code: ErrorCode, _ message: String) -> Self {
        Self(code: code, message: message, guilty: [], isViolation: true)
    }
}
