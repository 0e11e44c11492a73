internal import KafkaProtocol

/// A batch while it is ours: counters and marks, beside the bytes that ``BatchMemory`` holds.
///
///     open ──▶ sealed ──▶ written ──▶ final
///       └ its request is built   └ a 0 was answered
///              └ a byte of the request left
///
/// A sealed batch is frozen: its bytes do not change again but for a split (docs/PROTOCOL.md, R1).
/// It is *absent* when every attempt of it was certainly not appended, *ambiguous* when one may
/// have been.
package struct ProducerBatch {
    /// The next batch of the same partition, or `noBatch`.
    var next = noBatch
    /// The next batch of the same request, or `noBatch`.
    var nextInRequest = noBatch
    /// The partition, as a dense index over all topics.
    var partition: Int32 = 0

    /// The first chunk of the batch's bytes.
    var firstChunk = noChunk
    /// The chunk that is being filled.
    var lastChunk = noChunk
    /// Where the next byte goes, from the start of all chunks' memory.
    var writeOffset = 0
    /// Where the last chunk's origins begin, from the start of all chunks' memory.
    var wallOffset = 0

    /// The checksum of the records in the chunks before the last one.
    var finishedChecksum: UInt32 = 0

    /// Records in the batch.
    var recordCount: Int32 = 0
    /// What stands before the key in the record of number ``headOffset``.
    var head = RecordHead(0, offset: 0, hasKey: true)
    /// The record that ``head`` is for, or -1 if it is for none.
    var headOffset: Int32 = -1
    /// The timestamp that ``head`` is for.
    var headTimestamp: Int64 = 0
    /// Bytes on the wire, header included: uncompressed until ``isCompressed``.
    var byteCount = 0
    /// What ``byteCount`` was before it was compressed: what building it anew takes.
    var uncompressedByteCount = 0
    /// The most that ``byteCount`` may become.
    var byteLimit = 0
    /// The first record's timestamp, in milliseconds.
    var baseTimestamp: Int64 = 0
    /// The latest record's timestamp, in milliseconds.
    var maxTimestamp: Int64 = 0

    /// The first record's place in the input.
    var firstOrdinal: UInt64 = 0
    /// The first record's place in the input, in bytes.
    var firstPosition: UInt64 = 0
    /// What the next record's ordinal is if it follows the last one directly.
    var nextOrdinal: UInt64 = 0
    /// What the next record's position is if it follows the last one directly.
    var nextPosition: UInt64 = 0

    /// When the first record was appended.
    var createdAt = Instant(nanoseconds: 0)

    /// Whether producer id, epoch and sequence are set; without idempotence, whether it was sent.
    var hasSequence = false
    /// Whether header and checksum are set.
    var isSealed = false
    /// Whether a byte of a request that carries it was handed to the kernel.
    var isWritten = false
    /// Whether the records are compressed.
    var isCompressed = false
    /// How far their compression is.
    var compression = Compression.none
    /// Why the batch was closed, where a codec makes that a moment of its own.
    var closedBy = FlushTrigger.batchFull
    /// Whether a request that carries it is queued or unanswered.
    var isInFlight = false
    /// Whether it was answered 0: it is in the log and is never sent again (R4).
    var isFinal = false
    /// The offset that its success named, or -1 if none did.
    var baseOffset: Int64 = -1
    /// Whether it waits for a later batch to prove that it is in the log (the reaction to 45).
    var isHeld = false
    /// When an attempt first became ambiguous, or `nil` if none is.
    var ambiguousSince: Instant?

    /// The producer id it was sealed with.
    var producerID: Int64 = -1
    /// The epoch it was sealed with.
    var epoch: Int16 = -1
    /// The sequence of its first record.
    var baseSequence: Int32 = -1

    /// Requests that carried it.
    var attempts: Int32 = 0
    /// Answers that count against `retries`.
    var failedAttempts: Int32 = 0
    /// What the last attempt was answered.
    var lastError: ErrorCode?
    /// Whether it was built of the records of a refused batch.
    var isPart = false
    /// What is to be done with it once nothing of its partition is in flight.
    var pendingRebuild = PendingRebuild.none

    /// A change of a refused batch that has to wait for the partition's other answers.
    enum PendingRebuild {
        case none
        /// Cut in halves: it was too large, or one of its records is guilty and nobody says which.
        case split
        /// Take out the records that the broker named.
        case removeGuilty
    }

    /// How far the compression of a batch is.
    enum Compression {
        /// The batch is open, or there is no codec.
        case none
        /// The batch is closed and waits for a worker.
        case wanted
        /// A worker reads the records: they stay where they are.
        case underWay
        /// It is over, whether it made the records smaller or not.
        case done
    }

    /// Takes times and places from the record that comes first.
    mutating func begin(with origin: RecordOrigin, timestamp: Int64) {
        baseTimestamp = timestamp
        maxTimestamp = timestamp
        firstOrdinal = origin.ordinal
        firstPosition = origin.position
        nextOrdinal = origin.ordinal
        nextPosition = origin.position
    }

    /// Whether a connection or a worker may still read its bytes, so that it cannot end.
    var isInUse: Bool { isInFlight || compression == .underWay }

    /// Whether every attempt of it was certainly not appended.
    var isAbsent: Bool { isWritten && !isInFlight && !isFinal && ambiguousSince == nil }

    /// Whether it was never written, or certainly never appended.
    var isCertainlyNotInLog: Bool { !isInFlight && !isFinal && ambiguousSince == nil }
}

/// The batch index that names no batch.
let noBatch: Int32 = -1

/// The chunk index that names no chunk.
let noChunk: Int32 = -1
