package import KafkaProducer

/// Something a correct client never does, whatever the cluster does to it.
package struct Violation: Hashable, Sendable {
    /// The broker that saw it.
    package var broker: Int32
    /// The connection it came on.
    package var connection: FakeConnectionID
    /// When it came.
    package var instant: Instant
    /// What it was.
    package var reason: String
}
