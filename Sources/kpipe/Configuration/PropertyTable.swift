import KafkaProducer
import KafkaProtocol

/// Every property that kpipe has, in the order in which `-X list` shows them.
nonisolated package enum PropertyTable {
    /// The properties.
    package static let properties: [Property] = connection + delivery + batching + topics

    /// The property of a name.
    package static func property(_ name: PropertyName) -> Property {
        guard let property = properties.first(where: { $0.name == name }) else {
            preconditionFailure("Each property name has its row in the table.")
        }
        return property
    }

    /// What a spelling stands for.
    package enum Meaning: Equatable, Sendable {
        /// A property that kpipe has.
        case property(PropertyName)

        /// A property that has to do with what is not built, which is named.
        case notBuilt(String)

        /// A property of Kafka's clients or their serializers that means nothing to kpipe.
        case foreign

        /// No property at all.
        case unknown
    }

    /// Finds out what a spelling stands for.
    package static func meaning(of spelling: String) -> Meaning {
        let topicPrefix = "topic."
        let isPrefixed = spelling.hasPrefix(topicPrefix)
        let bare = isPrefixed ? String(spelling.dropFirst(topicPrefix.count)) : spelling
        for property in properties where property.spellings.contains(bare) {
            if !isPrefixed || property.isTopicLevel { return .property(property.name) }
        }
        if let feature = ForeignProperties.missingFeature(behind: spelling) {
            return .notBuilt(feature)
        }
        return ForeignProperties.contain(spelling) ? .foreign : .unknown
    }

    /// All spellings of all properties.
    package static var spellings: [String] { properties.flatMap(\.spellings) }

    private static let connection: [Property] = [
        Property(
            .bootstrapServers,
            "bootstrap.servers",
            "metadata.broker.list",
            kind: .servers,
            default: "localhost:9092",
            help: "The brokers to ask first."
        ),
        Property(
            .clientID,
            "client.id",
            kind: .text,
            default: "kpipe",
            help: "The name the brokers know this client by, for quotas and logs."
        ),
        Property(
            .securityProtocol,
            "security.protocol",
            kind: .choice(["plaintext"]),
            default: "plaintext",
            help: "How to speak to the brokers."
        ),
    ]

    private static let delivery: [Property] = [
        Property(
            .acks,
            "acks",
            "request.required.acks",
            kind: .choice(["all", "-1", "1", "0"]),
            default: "all",
            isTopicLevel: true,
            help: """
                Who has the record when it counts as acknowledged: all replicas in sync, the \
                leader, or with 0 nobody but the socket. With 1 or 0 idempotence is off.
                """
        ),
        Property(
            .idempotence,
            "enable.idempotence",
            kind: .flag,
            default: "true",
            help: """
                No record twice and none out of order, whatever is retried. On where acks=all, \
                retries above 0 and at most 5 requests in flight; true against one of these is \
                an error.
                """
        ),
        Property(
            .deliveryTimeout,
            "delivery.timeout.ms",
            "message.timeout.ms",
            kind: .milliseconds(from: 0),
            default: "120000",
            isTopicLevel: true,
            help: "How long a record is tried for; 0 for ever."
        ),
        Property(
            .requestTimeout,
            "request.timeout.ms",
            kind: .milliseconds(from: 1),
            default: "30000",
            isTopicLevel: true,
            help: """
                How long a request waits for its answer; no longer than delivery.timeout.ms \
                leaves after linger.ms.
                """
        ),
        Property(
            .retries,
            "retries",
            "message.send.max.retries",
            kind: .number(0...maximum, unit: "retries"),
            default: "unlimited",
            help: """
                How often a batch is sent again within the delivery timeout. 0 abandons it at the \
                first error, and without an answer its outcome is unknown.
                """
        ),
        Property(
            .retryBackoff,
            "retry.backoff.ms",
            kind: .milliseconds(from: 0),
            default: "100",
            help: "How long the first retry waits. It doubles, with jitter, for the next ones."
        ),
        Property(
            .retryBackoffMax,
            "retry.backoff.max.ms",
            kind: .milliseconds(from: 0),
            default: "1000",
            help: "How long a retry waits at most."
        ),
        Property(
            .maxInFlightRequests,
            "max.in.flight.requests.per.connection",
            "max.in.flight",
            kind: .number(1...1_000_000, unit: "requests"),
            default: "5",
            help: "How many requests to a broker wait for their answers at a time."
        ),
    ]

    private static let batching: [Property] = [
        Property(
            .linger,
            "linger.ms",
            "queue.buffering.max.ms",
            kind: .milliseconds(from: 0),
            default: "5",
            help: """
                How long a batch waits for more records. Set above 0, a batch waits even when the \
                input is idle.
                """
        ),
        Property(
            .batchSize,
            "batch.size",
            kind: .number(1...maximum, unit: "bytes"),
            default: "1000000",
            help: "The bytes a batch is closed at."
        ),
        Property(
            .batchRecordLimit,
            "batch.num.messages",
            kind: .number(1...maximum, unit: "records"),
            default: "unlimited",
            help: "The records a batch is closed at."
        ),
        Property(
            .bufferMemory,
            "buffer.memory",
            kind: .number(1...(maximum * 64), unit: "bytes"),
            default: "33554432",
            help: """
                The memory for everything that is read and not acknowledged, at least and by \
                default 4 times max.request.size.
                """
        ),
        Property(
            .maxRequestSize,
            "max.request.size",
            "message.max.bytes",
            kind: .number(1000...1_000_000_000, unit: "bytes"),
            default: "1048576",
            help: """
                The largest request, and so the largest record: one whose batch of one is larger, \
                uncompressed, fails before it is sent.
                """
        ),
        Property(
            .compression,
            "compression.type",
            "compression.codec",
            kind: .choice(CompressionCodec.allCases.map(\.name)),
            default: "none",
            isTopicLevel: true,
            help: """
                The codec that batches are compressed with. One that is not built in is refused; \
                --version lists those that are.
                """
        ),
        Property(
            .compressionLevel,
            "compression.level",
            kind: .number(-1...22, unit: "level"),
            default: "-1",
            isTopicLevel: true,
            help: """
                The level of the codec: 1 to 9 for gzip, 1 to 12 for lz4, 1 to 22 for zstd, none \
                for snappy; -1 for the default, which is 6, 1 and 3.
                """
        ),
        level(.gzipLevel, of: .gzip),
        level(.lz4Level, of: .lz4),
        level(.zstdLevel, of: .zstd),
    ]

    private static let topics: [Property] = [
        Property(
            .partitioner,
            "partitioner",
            "partitioner.class",
            kind: .choice(PartitionerKind.names),
            default: "murmur2",
            isTopicLevel: true,
            help: "How a key chooses its partition, as with --partitioner."
        ),
        Property(
            .allowAutoTopicCreation,
            "allow.auto.create.topics",
            kind: .flag,
            default: "true",
            help: "Whether the brokers may create a topic that is missing."
        ),
        Property(
            .metadataMaxAge,
            "metadata.max.age.ms",
            kind: .milliseconds(from: 1),
            default: "300000",
            help: "How old the knowledge of the cluster grows before it is refreshed."
        ),
    ]

    /// Java's name for the level of one codec (KIP-390).
    private static func level(_ name: PropertyName, of codec: CompressionCodec) -> Property {
        Property(
            name,
            "compression.\(codec.name).level",
            kind: .number(-1...(codec.levels?.upperBound ?? -1), unit: "level"),
            default: "-1",
            help: "The level of \(codec.name), before compression.level."
        )
    }

    /// The largest number of a Java client's `int`, which most properties are.
    private static let maximum = Int(Int32.max)
}
