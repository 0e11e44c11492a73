/// Something that is going to happen in a simulation.
enum PendingEvent {
    /// A connection is open at both ends.
    case connected(link: Int)
    /// A connection could not be made, or is gone, and the client gets to know.
    case closedAtClient(link: Int, reason: String)
    /// The client's end is gone, and the broker gets to know.
    case closedAtBroker(link: Int)
    /// Bytes reach the broker.
    case toBroker(link: Int, [UInt8])
    /// Bytes reach the client.
    case toClient(link: Int, [UInt8])
    /// The broker acts on a request it has read.
    case reply(link: Int, FakeReply)
    /// The input has more to read: records of a workload, bytes of an input.
    case input(count: Int)
    /// The input's writer closes it.
    case endOfInput
    /// A request arrives at a broker that it was delivered to before.
    case duplicate(broker: Int32, [UInt8])
    /// A scripted action, by its place in the script.
    case action(Int)
}
