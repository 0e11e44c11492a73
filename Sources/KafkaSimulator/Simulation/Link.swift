import KafkaProducer

/// A connection of the virtual network.
struct Link {
    /// What the producer calls it.
    let id: ConnectionID
    /// What the cluster calls it.
    let fakeID: FakeConnectionID
    /// Where the client wants to connect.
    let address: BrokerAddress
    /// The broker, or `nil` if nobody is there, or not yet.
    var broker: Int32?

    /// Whether the client has it: it has neither closed it nor been told that it is gone.
    var isOpenAtClient = true
    /// Whether the broker has it.
    var isOpenAtBroker = false

    /// Whether what the client sends is held up.
    var isCloggedToBroker = false
    /// Whether what the broker sends is held up.
    var isCloggedToClient = false
    /// What is held up, in order.
    var heldToBroker: [PendingEvent] = []
    /// What is held up, in order.
    var heldToClient: [PendingEvent] = []
    /// After how many more bytes that the client writes it is cut, or `nil` for never.
    var cutAfterSending: Int?
    /// After how many more bytes that the broker sends it is cut, or `nil` for never.
    var cutAfterAnswering: Int?
    /// Whether the next answer comes byte by byte.
    var splitsAnswer = false
    /// Whether the next produce request that is wholly appended is delivered once more.
    var duplicates = false

    /// Bytes that the client wrote and that did not reach the broker.
    var underWayCount = 0
    /// Bytes that reached the broker and do not yet make a whole request.
    var received: [UInt8] = []
    /// When the last bytes reach the broker: later ones arrive no sooner.
    var lastArrivalAtBroker = Instant(nanoseconds: 0)
    /// When the last bytes reach the client.
    var lastArrivalAtClient = Instant(nanoseconds: 0)
    /// When the broker sends its last answer.
    var lastReply = Instant(nanoseconds: 0)

    /// The bytes that are left of the request that the client is writing.
    var unwrittenCount = 0
    /// The start of a request, as far as it is written.
    var head: [UInt8] = []
    /// Produce requests that the client began to write, and to which no answer arrived.
    var unansweredCount = 0
    /// Which of the requests that were written expect an answer and are produce requests, in order.
    var awaited: [Bool] = []
    /// For each request that is not at the broker yet: when the client had written all before it.
    ///
    /// Whatever the client knew by then it could heed.
    var queuedSince: [Instant] = []
    /// When the client had last written all that it had for the broker.
    var emptySince = Instant(nanoseconds: 0)
    /// The leaders that the answers under way name, in order.
    var namedLeaders: [[FakeReply.NamedLeader]] = []
    /// The bytes that are left of the answer that arrives.
    var unreadCount = 0
    /// The start of an answer, as far as it arrived.
    var answerHead: [UInt8] = []
    /// What each answer under way asks for, in order: silence once it is read.
    var silences: [Duration] = []
    /// Whether the client had requests waiting for the socket when it was asked for silence: those
    /// are not held against it.
    var isFlushing = false
    /// Until when the client has to be silent.
    var silentUntil = Instant(nanoseconds: 0)
}
