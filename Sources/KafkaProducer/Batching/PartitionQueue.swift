internal import KafkaProtocol

/// A partition's batches, oldest first: some sent and unresolved, then some not sent.
///
///     head                        tail
///     [ 0 ]─▶[ 1 ]─▶[ 2 ]─▶[ 3 ]─▶[ 4 ]
///       sent          ^ nextToSend   ^ open
///
/// One index separates the two, so a retry is an assignment: ``rewind()``. Batches that were
/// acknowledged leave only from the front, so records keep their order whatever the broker answers.
/// The batches themselves, and the links between them, are in ``BatchMemory``.
///
/// Producer id, epoch and sequence are the partition's own (D5): the broker keeps its state for
/// each id and partition, so a bump here touches nothing elsewhere.
struct PartitionQueue {
    /// The topic, as an index.
    var topic: Int32
    /// The partition's number in its topic.
    var number: Int32

    /// The leader, as an index of brokers, or `nil` while there is none.
    var leader: Int?
    /// The highest leader epoch seen, or -1.
    var leaderEpoch: Int32 = -1
    /// Whether the leader's list of active partitions has this one.
    var isListed = false

    /// The oldest batch, or `noBatch`.
    var head = noBatch
    /// The newest batch, or `noBatch`.
    var tail = noBatch
    /// The oldest batch to send, or `noBatch` if all are sent.
    var nextToSend = noBatch
    /// The batch that records go to, which is the tail, or `noBatch`.
    var open = noBatch

    /// Requests that carry a batch of this partition and are not answered.
    var inFlightCount = 0
    /// Batches that were sent and have not ended.
    var unresolvedCount = 0
    /// The connection that carries what is in flight, as an index.
    var inFlightConnection = -1

    /// Whether sending waits until nothing is in flight: the rest of a rewind's answers.
    var isMuted = false
    /// Whether one batch at a time is sent until the head is resolved (R3).
    var isRecovering = false
    /// When a back-off ends, or `nil`.
    var retryAt: Instant?
    /// Look-ups and attempts that failed in a row, for the back-off.
    var backoffCount = 0

    /// The producer id its next batch is sealed with, or -1 before the first.
    var producerID: Int64 = -1
    /// The epoch its next batch is sealed with.
    var epoch: Int16 = 0
    /// The sequence of the next record to be sealed.
    var nextSequence: Int32 = 0
    /// Whether a batch of this id and epoch was acknowledged (R9).
    var hasAcknowledged = false
    /// The sequence after the last acknowledged record's, in this epoch.
    var acknowledgedSequence: Int32 = 0
    /// The offset of the last acknowledged batch, or -1.
    var acknowledgedOffset: Int64 = -1
    /// The least offset that a record behind the acknowledged ones can have.
    var acknowledgedEnd: Int64 = 0
    /// What ended a written batch of this epoch, if one ended failed or unknown: the epoch is
    /// bumped as soon as R8 allows (R11).
    var gap: Gap?
    /// When something was last acknowledged (R9).
    var lastActivity = Instant(nanoseconds: 0)

    /// Why the partition takes no more records and fails what was never written, or `nil`.
    var ending: Failure?
    /// Look-ups of its leader, and whether to make another.
    var lookups = LeaderLookups()

    /// How a written batch ended that left its sequences unused, perhaps.
    enum Gap {
        case failed
        case unknown
    }

    init(topic: Int32, number: Int32) {
        self.topic = topic
        self.number = number
    }

    /// Whether there is no batch.
    var isEmpty: Bool { head == noBatch }

    /// Adds a batch behind the others.
    mutating func append(_ batch: Int32, in memory: inout BatchMemory) {
        if tail == noBatch { head = batch } else { memory[tail].next = batch }
        tail = batch
        if nextToSend == noBatch { nextToSend = batch }
    }

    /// Adds a batch right behind another.
    mutating func insert(_ batch: Int32, after other: Int32, in memory: inout BatchMemory) {
        memory[batch].next = memory[other].next
        memory[other].next = batch
        if tail == other { tail = batch }
    }

    /// Marks every batch unsent, so that they are sent again in order.
    mutating func rewind() {
        nextToSend = head
        isRecovering = true
        isMuted = inFlightCount > 0
    }

    /// Takes a batch out.
    ///
    /// - Precondition: Nothing of it is in flight.
    mutating func remove(_ batch: Int32, from memory: inout BatchMemory) {
        precondition(!memory[batch].isInFlight)
        let next = memory[batch].next
        var previous = noBatch
        if head == batch {
            head = next
        } else {
            previous = head
            while memory[previous].next != batch { previous = memory[previous].next }
            memory[previous].next = next
        }
        if tail == batch { tail = previous }
        if nextToSend == batch { nextToSend = next }
        if open == batch { open = noBatch }
        memory[batch].next = noBatch
    }
}
