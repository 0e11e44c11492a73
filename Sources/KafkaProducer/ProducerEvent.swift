/// What the producer wants done, or said, by the event loop.
package enum ProducerEvent: Sendable {
    /// Resolve the name and connect; answer with `didConnect` or `didClose`.
    case connect(ConnectionID, BrokerAddress)

    /// Close the connection; no answer is wanted.
    case close(ConnectionID)

    /// Tell the user.
    case notice(Notice)

    /// Read no more input, for this reason; `drain` is expected when what was framed is appended.
    case stopReading(Failure)

    /// Everything appended has ended, and every failure was taken.
    case finished
}

/// Why a connection is gone.
package struct DisconnectReason: Equatable, Sendable {
    /// One phrase for people, such as `connection refused`.
    package let message: String

    /// Creates a reason.
    package init(_ message: String) { self.message = message }
}

/// Names a topic by its place in the producer's table.
package struct TopicIndex: Hashable, Sendable {
    /// The place, from 0.
    package let value: Int32

    /// Creates an index.
    package init(_ value: Int32) { self.value = value }
}

/// What the producer wants from the outside world next: one field for each arm of the event loop.
///
/// Go disables a `select` arm by setting its channel to `nil`. So does this: a `false` or `nil`
/// field is an arm the loop must not wait on.
package struct Interest: Equatable, Sendable {
    /// Whether there is room for records.
    package var acceptsInput: Bool

    /// When to call the producer even if nothing happens, or `nil` to wait for an event.
    package var deadline: Instant?

    /// Creates an interest.
    package init(acceptsInput: Bool, deadline: Instant?) {
        self.acceptsInput = acceptsInput
        self.deadline = deadline
    }
}
