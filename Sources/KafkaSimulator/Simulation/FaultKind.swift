/// A kind of thing that goes wrong, as a seed switches it on or off (swarm testing).
package enum FaultKind: Int, CaseIterable, Hashable, Sendable {
    /// A batch is refused with a code after which it is sent again.
    case refusal
    /// A batch is appended and answered with such a code.
    case appendedRefusal
    /// A batch's answer is lost, with or without an append.
    case lostAnswer
    /// A batch is refused for good, or the code is one that nobody knows.
    case fatalRefusal
    /// A connection is cut.
    case cut
    /// All connections to a broker are closed.
    case closedConnections
    /// A broker stops and starts again.
    case outage
    /// A broker restarts at once, and knows only the last batch of each producer.
    case restart
    /// A broker comes back as another kind.
    case upgrade
    /// A partition gets another leader, or none for a while.
    case movedLeader
    /// A broker's metadata stays as it is.
    case staleMetadata
    /// A topic is not quite there for some look-ups.
    case unsettledTopic
    /// A broker asks for silence.
    case throttle
    /// A broker is slow.
    case latency
    /// The network is slow.
    case slowNetwork
    /// A producer id is refused.
    case identityRefusal
    /// Large batches are not accepted any more.
    case smallBatches
    /// Topics get more partitions.
    case growth
    /// The failure lines are read slowly.
    case slowFailures
    /// The run is ended early.
    case abandonment
}
