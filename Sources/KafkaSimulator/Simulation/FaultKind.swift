/// A kind of thing that goes wrong, as a seed switches it on or off (swarm testing).
///
/// These are what can go wrong around a producer without transactions and without TLS.
package enum FaultKind: Int, CaseIterable, Hashable, Sendable {
    // The network.

    /// Connects to a broker are refused.
    case refusedConnect
    /// Connects to a broker are not answered.
    case blackHole
    /// Connects, and all bytes, take long.
    case slowNetwork
    /// A broker gets another address.
    case changedAddress
    /// Two brokers have each other's address.
    case swappedAddresses
    /// A connection is cut, whatever is under way on it.
    case cut
    /// A connection is cut within a request.
    case halfRequest
    /// A connection is cut within an answer.
    case halfAnswer
    /// An answer comes byte by byte.
    case splitAnswer
    /// A connection's bytes are held back, for up to ten request timeouts.
    case delay
    /// A request is delivered twice, the second time later and on another connection.
    case duplicate
    /// Nothing comes through between client and a broker, in one direction.
    case oneWayPartition
    /// Some connections stop one by one and go on in another order.
    case swizzle
    /// An answer's bytes are not what the broker sent.
    case garbage

    // Brokers.

    /// A batch is refused with a code after which it is sent again.
    case refusal
    /// A batch is appended and answered with such a code.
    case appendedRefusal
    /// A batch's answer is lost, with or without an append.
    case lostAnswer
    /// A batch is appended, and the answer is that it was a duplicate (46).
    case duplicateAnswer
    /// A batch is refused for good, or the code is one that nobody knows.
    case fatalRefusal
    /// A batch is refused for its numbers (45, 47, 59) although they are right.
    case falseDisagreement
    /// All connections to a broker are closed.
    case closedConnections
    /// Connections on which nothing is awaited are closed.
    case idleClose
    /// A broker stops and starts again.
    case outage
    /// A broker restarts at once, and knows only the last batch of each producer.
    case restart
    /// A broker comes back as another kind.
    case upgrade
    /// A partition gets another leader, or none for a while.
    case movedLeader
    /// A leader appends what nobody copies, until its log is cut back or copied after all.
    case unreplicatedTail
    /// A broker's metadata stays as it is for a while.
    case staleMetadata
    /// A topic is not quite there for some look-ups.
    case unsettledTopic
    /// A topic is not there at all for a while.
    case vanishedTopic
    /// A topic is deleted and made anew.
    case recreatedTopic
    /// Topics get more partitions.
    case growth
    /// A partition forgets its producers.
    case lostProducers
    /// A partition loses its end, acknowledged or not.
    case uncleanElection
    /// The oldest records of a partition are deleted.
    case deletedRecords
    /// A broker asks for silence.
    case throttle
    /// A broker is slow.
    case latency
    /// Metadata cannot be had from a broker, or it asks to start over (129).
    case metadataRefusal
    /// A producer id is refused.
    case identityRefusal
    /// Large batches are not accepted any more.
    case smallBatches

    // The host.

    /// The wall clock jumps.
    case clockJump
    /// The process stands still for a while (SIGSTOP).
    case pause
    /// The failure lines are read slowly.
    case slowFailures
    /// Reading the input fails at some byte (EIO).
    case inputFailure
    /// The input ends at some byte.
    case inputCut
    /// The run is asked to end (SIGTERM).
    case signal
    /// The run is asked to end, twice.
    case secondSignal

    /// In how many of a hundred seeds a kind is that ends runs, or lifts what they have to keep; or
    /// `nil` for one that may be in any seed.
    var percentage: Int? {
        switch self {
        case .garbage, .falseDisagreement, .lostProducers, .uncleanElection, .recreatedTopic: 2
        case .signal, .secondSignal, .inputFailure, .slowFailures: 4
        case .inputCut, .fatalRefusal: 12
        case .refusedConnect, .blackHole, .slowNetwork, .changedAddress, .swappedAddresses, .cut,
            .halfRequest, .halfAnswer, .splitAnswer, .delay, .duplicate, .oneWayPartition,
            .swizzle, .refusal, .appendedRefusal, .lostAnswer, .duplicateAnswer,
            .closedConnections, .idleClose, .outage, .restart, .upgrade, .movedLeader,
            .unreplicatedTail, .staleMetadata, .unsettledTopic, .vanishedTopic, .growth,
            .deletedRecords, .throttle, .latency, .metadataRefusal, .identityRefusal,
            .smallBatches, .clockJump, .pause:
            nil
        }
    }
}
