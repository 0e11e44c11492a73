/// How the virtual network behaves.
package struct NetworkConditions: Sendable {
    /// How long bytes are under way, in either direction.
    package var latency: ClosedRange<Duration> = .microseconds(200)...(.microseconds(300))
    /// How long a connection takes to be made, or to be refused.
    package var connectTime: ClosedRange<Duration> = .microseconds(300)...(.microseconds(500))
    /// The most bytes that arrive in one piece.
    package var pieceLimit = Int.max
    /// The bytes under way that a socket has room for.
    package var sendBufferSize = 1 << 20
    /// The most bytes that one write takes.
    package var writeLimit = Int.max
    /// In how many of a thousand closed connections the bytes under way to the broker are lost.
    package var lossAtClose = 500
    /// After how many bytes from clients, of all connections together, the connection that carried
    /// the last of them is cut; or `nil` for never.
    package var cutAfterSentByte: Int?
    /// After how many bytes from brokers, of all connections together, the connection that carried
    /// the last of them is cut; or `nil` for never.
    package var cutAfterReceivedByte: Int?

    /// Brokers that refuse connects.
    var refusingBrokers: Set<Int32> = []  // look-up only
    /// Brokers that do not answer connects.
    var silentBrokers: Set<Int32> = []  // look-up only

    /// How many of a thousand answers carry bytes that the broker did not send.
    ///
    /// What the producer then reports may be wrong, as it believes a well-formed answer.
    package var corruption = 0

    /// Creates the conditions of a good local network.
    package init() {}
}
