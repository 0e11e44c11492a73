/// One property of the configuration, by Kafka's name for it.
nonisolated package struct Property: Sendable {
    /// What values a property takes.
    package enum Kind: Equatable, Sendable {
        /// `true` or `false`.
        case flag

        /// A whole number, of something. The word `unlimited` is one if that is the default.
        case number(ClosedRange<Int>, unit: String)

        /// Milliseconds, with a fraction if need be, at least as many as given.
        case milliseconds(from: Int)

        /// One of these words, in any case.
        case choice([String])

        /// Any text.
        case text

        /// Brokers, separated by commas.
        case servers
    }

    /// The property's identity.
    package let name: PropertyName

    /// Java's spelling, then librdkafka's and older ones.
    package let spellings: [String]

    /// What values it takes.
    package let kind: Kind

    /// The value that is in force if nobody sets one, as somebody would write it.
    package let defaultValue: String

    /// Whether librdkafka has it as a property of topics, which take a `topic.` before the name.
    package let isTopicLevel: Bool

    /// What the property does: sentences without markup.
    package let help: String

    /// Creates a property.
    package init(
        _ name: PropertyName,
        _ spellings: String...,
        kind: Kind,
        default defaultValue: String,
        isTopicLevel: Bool = false,
        help: String
    ) {
        precondition(!spellings.isEmpty, "A property has a name.")
        self.name = name
        self.spellings = spellings
        self.kind = kind
        self.defaultValue = defaultValue
        self.isTopicLevel = isTopicLevel
        self.help = help
    }

    /// The spelling that messages and `-X dump` use.
    package var spelling: String { spellings[0] }
}

nonisolated extension Property.Kind {
    /// The values as a phrase, with their unit and range: `milliseconds, at least 0`.
    package var description: String {
        switch self {
        case .flag: "true or false"
        case .number(let range, let unit):
            "\(unit), \(range.lowerBound) to \(range.upperBound)"
        case .milliseconds(let least): "milliseconds, at least \(least)"
        case .choice(let words):
            words.count == 1
                ? words[0]
                : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
        case .text: "text"
        case .servers: "HOST[:PORT],..."
        }
    }
}

/// The identity of each property of ``PropertyTable``.
nonisolated package enum PropertyName: CaseIterable, Sendable {
    case bootstrapServers, clientID
    case acks, idempotence, retries, retryBackoff, retryBackoffMax
    case deliveryTimeout, requestTimeout, maxInFlightRequests
    case linger, batchSize, batchRecordLimit, bufferMemory, maxRequestSize
    case compression, compressionLevel, gzipLevel, lz4Level, zstdLevel
    case partitioner
    case allowAutoTopicCreation, metadataMaxAge
    case securityProtocol
}
