internal import KafkaProtocol

/// The producer: every decision between a framed record and its acknowledgement, and no effect.
///
/// It takes facts and a time, and gives out effects. It touches no file descriptor, clock, random
/// source or thread, so a whole cluster can be simulated around it from a seed.
///
/// The contract, turn by turn: tell the facts (`did…`, ``inputIsIdle(_:)``), append records until
/// one is not taken, call ``step(now:)``, carry out ``pollEvent()`` until `nil`, write
/// ``withOutbound(of:_:)`` of each connection, give ``pollCompression()`` to workers, then
/// wait for what ``interest(now:)`` names.
///
/// | file | decides |
/// |---|---|
/// | `Producer+Append` | which batch a record goes to |
/// | `Producer+Flush` | which batches make a request, and when |
/// | `Producer+Sendable` | whether a partition may send, the rules R3, R7-R9, R12 |
/// | `Producer+Answers`, `+Sequences`, `+Rebuild` | what an answer means for a batch |
/// | `Producer+Compression` | which batches are compressed, and when they close for it |
/// | `Producer+Endings` | how a batch ends, and what ends with it |
/// | `Producer+Connections`, `+Metadata`, `+Identity` | what else is sent, and to whom |
/// | `Producer+Deadlines` | what time alone changes |
package struct Producer: ~Copyable {
    /// What it was told.
    package let configuration: ProducerConfiguration
    /// `request.timeout.ms`, no longer than `delivery.timeout.ms`.
    let requestTimeout: Duration
    /// What a broker is told of that, in milliseconds.
    let produceTimeout: Int32

    var memory: BatchMemory
    var scratch = OutboundScratch()
    var random: SplitMix64

    var topics: [TopicState] = []
    var routes: [TopicRoute] = []
    var queues: [PartitionQueue] = []
    var brokers: [BrokerProducer] = []
    var connections: [Connection] = []

    var metadata = MetadataRefresh()
    var identity: ProducerIdentity
    var bootstrap: Bootstrap

    var report = DeliveryReport()
    var failures = FailureQueue()
    /// Batches of which the broker named guilty records, and which are not rebuilt yet.
    var refusals: [Refusal] = []
    private var events: [ProducerEvent] = []
    private var firstEvent = 0

    var inputIsIdle = false
    var isDraining = false
    var isAbandoned = false
    /// Whether a record found no free chunk.
    var memoryIsShort = false
    /// Whether that was so, and less than half of the chunks for records are free since.
    var memoryIsScarce = false
    /// About how many bytes went into batches: those of the input, and not quite all of them.
    var appendedByteCount = 0
    /// Why reading stopped, or `nil` while it goes on.
    package internal(set) var stopReason: Failure? { didSet { isStopped = stopReason != nil } }
    /// Whether reading stopped.
    private(set) var isStopped = false
    var didFinish = false

    /// When back-offs of partitions are looked at next, or `nil` if none is in one.
    var backoffCheckAt: Instant?
    /// When deadlines of batches are looked at next, or `nil` if there is none.
    var deadlineCheckAt: Instant?
    /// Whether a batch past its deadline is awaited.
    var awaitsOverdueBatch = false
    /// When a leader is looked up again although the breaker is open, or `nil`.
    var lookupProbeAt: Instant?
    /// Whether a refused batch waits for memory to be built anew.
    var hasDeferredRebuild = false
    /// The partition that cuts its batches with the chunks kept back for that, or `nil`.
    var reserveOwner: Int?
    /// Whether a failure was taken, and its memory with it, since the last step.
    var didFreeMemory = false
    /// Closed batches that wait to be compressed.
    var uncompressed = CompressionBacklog()

    /// Creates a producer that has not connected yet.
    ///
    /// - Parameters:
    ///   - configuration: What it is told in Kafka's words.
    ///   - seed: Where its random choices come from.
    ///   - now: The time.
    package init(configuration: ProducerConfiguration, seed: UInt64, now: Instant) {
        precondition(!configuration.bootstrap.isEmpty)
        precondition(configuration.maxInFlightRequests > 0)
        self.configuration = configuration
        requestTimeout =
            configuration.deliveryTimeout.map { min($0, configuration.requestTimeout) }
            ?? configuration.requestTimeout
        produceTimeout = Self.produceTimeout(requestTimeout)
        let largest = configuration.largestBatch
        memory = BatchMemory(
            byteCount: configuration.bufferMemory,
            largestBatch: largest,
            sumsFullChunks: !configuration.compresses
        )
        random = SplitMix64(seed: seed)
        identity = ProducerIdentity(isWanted: configuration.idempotence)
        bootstrap = Bootstrap(addresses: configuration.bootstrap, startedAt: now)
    }

    /// Four fifths of the request timeout, in milliseconds, so that the leader's own time-out
    /// reaches us before we close (docs/PROTOCOL.md section 4).
    private static func produceTimeout(_ requestTimeout: Duration) -> Int32 {
        let (seconds, attoseconds) = requestTimeout.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return Int32(clamping: max(1, milliseconds * 4 / 5))
    }

    // MARK: Facts

    /// Names a topic that records will go to, and asks for its partitions.
    package mutating func topicIndex(named name: String, now: Instant) -> TopicIndex {
        if let index = topics.firstIndex(where: { $0.name == name }) {
            return TopicIndex(Int32(index))
        }
        topics.append(TopicState(name: name, batchLimit: configuration.batchLimit, now: now))
        routes.append(TopicRoute())
        metadata.want()
        return TopicIndex(Int32(topics.count - 1))
    }

    /// Notes whether the input has nothing to read right now.
    package mutating func inputIsIdle(_ idle: Bool) { inputIsIdle = idle }

    /// Sends everything there is: no more records come.
    package mutating func drain(now: Instant) { isDraining = true }

    // MARK: Effects

    /// The next thing for the event loop to do, or `nil` if there is none now.
    package mutating func pollEvent() -> ProducerEvent? {
        guard firstEvent < events.count else {
            if firstEvent > 0 {
                events.removeAll(keepingCapacity: true)
                firstEvent = 0
            }
            return nil
        }
        firstEvent += 1
        return events[firstEvent - 1]
    }

    mutating func emit(_ event: ProducerEvent) { events.append(event) }

    mutating func note(_ notice: Notice) { emit(.notice(notice)) }

    /// Gives the bytes that a connection has to write, up to 64 pieces of them.
    ///
    /// No pieces means that there is nothing to write: do not wait for the socket to take more.
    package func withOutbound<Result>(
        of id: ConnectionID,
        _ body: (UnsafeBufferPointer<OutboundSegment>) -> Result
    ) -> Result {
        let isCurrent = connections[id.index].generation == id.generation
        let queue = isCurrent ? connections[id.index].outbound : OutboundQueue()
        return unsafe scratch.withSegments(of: queue, for: id.index, in: memory, body)
    }

    /// Whether a connection has bytes to write.
    package func wantsWrite(_ id: ConnectionID) -> Bool {
        connections[id.index].generation == id.generation
            && !connections[id.index].outbound.isEmpty
    }

    /// Looks at everything that is known once, and decides: after a turn's facts, before its
    /// effects.
    package mutating func step(now: Instant) {
        checkConnections(now: now)
        checkBackoffs(now: now)
        checkDeadlines(now: now)
        didFreeMemory = false
        checkMemory()
        rebuildDeferred(now: now)
        checkTopics(now: now)
        requestMetadata(now: now)
        requestIdentity(now: now)
        connectBrokers(now: now)
        flush(now: now)
        if isDraining, !didFinish, memory.batchCount == 0 {
            didFinish = true
            emit(.finished)
        }
    }

    /// Memory is no longer scarce once half of what records may take is free.
    private mutating func checkMemory() {
        guard memoryIsScarce else { return }
        let recordChunkCount = memory.chunkCount - memory.reservedChunkCount
        guard memory.availableChunkCount * 2 >= recordChunkCount else { return }
        memoryIsScarce = false
        markAllStale()
    }

    /// The arms to wait on: after the effects, before the wait.
    package mutating func interest(now: Instant) -> Interest {
        Interest(acceptsInput: acceptsInput(), deadline: nextDeadline(now: now))
    }

    /// Whether there is room for a record, and records are wanted.
    package mutating func acceptsInput() -> Bool {
        if memoryIsShort, memory.availableChunkCount >= roomForAnyRecord { memoryIsShort = false }
        return (!memoryIsShort || mutates(.readsWithoutMemory)) && !compressionIsBehind
            && !isDraining && stopReason == nil
    }

    /// Chunks that the largest record takes, and some more so that reading does not start for one.
    private var roomForAnyRecord: Int {
        min(memory.reservedChunkCount + 16, memory.chunkCount - memory.reservedChunkCount)
    }

    // MARK: Questions

    /// The bytes of memory that batches hold, of `buffer.memory`.
    package var heldByteCount: Int { memory.usedByteCount }

    /// What has become of records so far.
    package var delivery: DeliveryReport { report }

    /// The first record in input order that has not ended, or whose failure was not taken yet;
    /// `nil` if there is none.
    package func firstUnended() -> RecordOrigin? {
        var first = failures.firstOrigin(in: memory)
        for queue in queues where queue.head != noBatch {
            let batch = memory[queue.head]
            if first == nil || batch.firstPosition < first?.position ?? 0 {
                first = RecordOrigin(
                    ordinal: batch.firstOrdinal,
                    position: batch.firstPosition,
                    size: 0
                )
            }
        }
        return first
    }
}
