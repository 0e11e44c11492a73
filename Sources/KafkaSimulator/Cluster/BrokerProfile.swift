/// The versions that a kind of broker speaks, and how it behaves where brokers differ.
package struct BrokerProfile: Hashable, Sendable {
    /// The versions of one API.
    package struct Range: Hashable, Sendable {
        /// The API's number.
        package var key: Int16
        /// The versions from the lowest to the highest.
        package var versions: ClosedRange<Int16>
    }

    /// What becomes of an ApiVersions request above the highest version.
    package enum NewerApiVersions: Hashable, Sendable {
        /// Error 35 in version 0's layout, with the list of all APIs (since 2.4).
        case listed
        /// Error 35 in version 0's layout, with an empty list.
        case unlisted
        /// The connection is closed, as Event Hubs does.
        case closes
    }

    /// What people call it.
    package var name: String
    /// The APIs that it lists, in the order of their numbers.
    package var ranges: [Range]
    /// What becomes of an ApiVersions request above the highest version.
    package var newerApiVersions: NewerApiVersions

    /// Creates a profile from the highest versions that matter to a producer.
    ///
    /// Produce begins at 3: brokers since 4.0 list 0 for the sake of old clients, yet refuse what
    /// is below 3, and ours does not list what it refuses.
    package init(
        _ name: String,
        produce: Int16,
        metadata: Int16,
        initProducerID: Int16,
        apiVersions: Int16,
        newerApiVersions: NewerApiVersions = .listed
    ) {
        self.name = name
        self.newerApiVersions = newerApiVersions
        ranges = [
            Range(key: 0, versions: 3...produce),
            // librdkafka takes record batches for known only where Fetch is listed at 4; no
            // producer sends it.
            Range(key: 1, versions: 4...11),
            Range(key: 3, versions: 4...metadata),
            Range(key: 18, versions: 0...apiVersions),
            Range(key: 22, versions: 0...initProducerID),
        ]
    }

    /// The versions of an API, or `nil` if it is not spoken.
    package func versions(of key: Int16) -> ClosedRange<Int16>? {
        ranges.first { $0.key == key }?.versions
    }

    /// The profiles of brokers that exist, oldest first (docs/PROTOCOL.md, section 1).
    package static let all: [Self] = [
        kafka0_11, kafka2_1, kafka2_4, kafka2_8, kafka3_5, kafka3_7, kafka3_9, kafka4_0, kafka4_3,
        redpanda, eventHubs,
    ]

    /// Kafka 0.11, the first with record batches.
    package static let kafka0_11 = Self(
        "kafka-0.11",
        produce: 3,
        metadata: 4,
        initProducerID: 0,
        apiVersions: 1,
        newerApiVersions: .unlisted
    )
    /// Kafka 2.1, the oldest that kpipe promises to work with.
    package static let kafka2_1 = Self(
        "kafka-2.1",
        produce: 7,
        metadata: 7,
        initProducerID: 1,
        apiVersions: 2,
        newerApiVersions: .unlisted
    )
    /// Kafka 2.4, the first with flexible versions and record errors.
    package static let kafka2_4 = Self(
        "kafka-2.4",
        produce: 8,
        metadata: 9,
        initProducerID: 2,
        apiVersions: 3
    )
    /// Kafka 2.8, the first with topic ids.
    package static let kafka2_8 = Self(
        "kafka-2.8",
        produce: 9,
        metadata: 11,
        initProducerID: 4,
        apiVersions: 3
    )
    /// Kafka 3.1 to 3.5.
    package static let kafka3_5 = Self(
        "kafka-3.5",
        produce: 9,
        metadata: 12,
        initProducerID: 4,
        apiVersions: 3
    )
    /// Kafka 3.7, the first that hints at new leaders.
    package static let kafka3_7 = Self(
        "kafka-3.7",
        produce: 10,
        metadata: 12,
        initProducerID: 4,
        apiVersions: 3
    )
    /// Kafka 3.9.
    package static let kafka3_9 = Self(
        "kafka-3.9",
        produce: 11,
        metadata: 12,
        initProducerID: 5,
        apiVersions: 4
    )
    /// Kafka 4.0.
    package static let kafka4_0 = Self(
        "kafka-4.0",
        produce: 12,
        metadata: 13,
        initProducerID: 5,
        apiVersions: 4
    )
    /// Kafka 4.1 to 4.3, where Produce names topics by id.
    package static let kafka4_3 = Self(
        "kafka-4.3",
        produce: 13,
        metadata: 13,
        initProducerID: 5,
        apiVersions: 4
    )
    /// Redpanda at the end of 2024.
    package static let redpanda = Self(
        "redpanda",
        produce: 7,
        metadata: 8,
        initProducerID: 3,
        apiVersions: 3
    )
    /// Event Hubs: high Produce, low Metadata, and no answer to new ApiVersions.
    package static let eventHubs = Self(
        "event-hubs",
        produce: 13,
        metadata: 9,
        initProducerID: 2,
        apiVersions: 2,
        newerApiVersions: .closes
    )
}
