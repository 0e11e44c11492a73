package import KafkaProtocol

/// Everything the core is told before the first record, in Kafka's words.
///
/// Sizes are bytes. The defaults are those of the command line's table of properties.
package struct ProducerConfiguration: Sendable {
    /// `client.id`, sent in each request header.
    package var clientID = "kpipe"

    /// The version that ApiVersions announces; letters, digits, `-` and `.` alone (KIP-511).
    package var softwareVersion = "0.1.0"

    /// `bootstrap.servers`, tried in this order.
    package var bootstrap: [BrokerAddress] = [BrokerAddress(host: "localhost", port: 9092)]

    /// `acks`.
    package var acks = Acks.all

    /// `enable.idempotence`.
    package var idempotence = true

    /// `linger.ms`.
    package var linger: Duration = .milliseconds(5)

    /// Whether a batch leaves as soon as the input has nothing more to read.
    package var flushesWhenInputIsIdle = true

    /// `batch.size`: the most bytes in a batch, headers and all, before compression.
    package var batchSize = 1_000_000

    /// `batch.num.messages`.
    package var batchRecordLimit = Int(Int32.max)

    /// `buffer.memory`: what may be held of records that have not ended.
    package var bufferMemory = 32 << 20

    /// `max.request.size`: the most bytes of batches in a request, and in a batch of one record.
    package var maxRequestSize = 1 << 20

    /// The most bytes in a batch of several records, which has to go into a request.
    var batchLimit: Int { min(batchSize, maxRequestSize) }

    /// The most bytes that any batch can have, of one record or several, before compression.
    package var largestBatch: Int { max(batchSize, maxRequestSize) }

    /// `max.in.flight.requests.per.connection`.
    package var maxInFlightRequests = 5

    /// `delivery.timeout.ms`, or `nil` to wait for ever.
    package var deliveryTimeout: Duration? = .seconds(120)

    /// `request.timeout.ms`.
    package var requestTimeout: Duration = .seconds(30)

    /// `retries`, or `nil` for as many as the delivery timeout allows.
    package var retries: Int?

    /// `retry.backoff.ms`.
    package var retryBackoff: Duration = .milliseconds(100)

    /// `retry.backoff.max.ms`.
    package var retryBackoffMax: Duration = .seconds(1)

    /// `reconnect.backoff.ms`, doubled up to a second.
    package var reconnectBackoff: Duration = .milliseconds(50)

    /// `compression.type`.
    package var codec = CompressionCodec.none

    /// Whether records are compressed.
    ///
    /// By a pattern: `!=` of another module's enumeration is looked up while the program runs.
    var compresses: Bool {
        if case .none = codec { false } else { true }
    }

    /// `compression.level`, or `nil` for the codec's own default.
    package var compressionLevel: Int?

    /// `partitioner`.
    package var partitioner = PartitionerKind.murmur2

    /// The partition that takes every record, or `nil` to let the partitioner choose.
    package var fixedPartition: Int32?

    /// `allow.auto.create.topics`.
    package var allowsAutoTopicCreation = true

    /// `metadata.max.age.ms`.
    package var metadataMaxAge: Duration = .seconds(300)

    /// The sequence of each partition's first record.
    ///
    /// Brokers that know nothing of a producer id take any. Another than 0 lets a test see it wrap.
    package var firstSequence: Int32 = 0

    /// Which details of the protocol are told as notices.
    package var details: Details = []

    #if Mutants
    /// The bug that the producer has, or `nil` for none.
    package var mutant: MutantSwitch?
    #endif

    /// Creates a configuration with everything as it is by default.
    package init() {}
}

/// How many replicas must have a batch before it counts as acknowledged: Kafka's `acks`.
package enum Acks: Int16, Sendable {
    /// All in-sync replicas.
    case all = -1

    /// Nobody: a batch counts as acknowledged when its bytes are on the socket (D7).
    case none = 0

    /// The partition's leader alone.
    case leader = 1
}

/// Chooses a record's partition by its key: `--partitioner`.
package enum PartitionerKind: Sendable {
    case murmur2
    case crc32
    case fnv1a
    case random
    case roundRobin
}
