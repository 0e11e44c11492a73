/// The requests kpipe makes, with the versions of each that it speaks.
package enum APIKey: Int16, CaseIterable, Sendable {
    /// Appends record batches to partitions.
    case produce = 0

    /// Tells the brokers of the cluster, and the partitions of topics with their leaders.
    case metadata = 3

    /// Tells which requests a broker knows, in which versions.
    case apiVersions = 18

    /// Gives out the producer id that lets brokers recognise duplicates.
    case initProducerId = 22

    /// Kafka's name of the request.
    package var name: String {
        switch self {
        case .produce: "Produce"
        case .metadata: "Metadata"
        case .apiVersions: "ApiVersions"
        case .initProducerId: "InitProducerId"
        }
    }

    /// The versions we speak.
    ///
    /// The lowest are those of Kafka 0.11, which brought record batch v2. The highest are those of
    /// Kafka 4.3; InitProducerId v6 (KIP-939) is not stable yet. Metadata goes lower than any
    /// broker with record batch v2 needs, for librdkafka's mock cluster, whose highest is 2.
    package var versions: ClosedRange<Int16> {
        switch self {
        case .produce: 3...13
        case .metadata: 2...13
        case .apiVersions: 0...4
        case .initProducerId: 0...5
        }
    }

    /// The highest version that both sides speak, or `nil` if there is none.
    ///
    /// The range is the broker's word, so it may be empty.
    package func highestVersion(minimum: Int16, maximum: Int16) -> Int16? {
        let highest = min(versions.upperBound, maximum)
        return highest >= max(versions.lowerBound, minimum) ? highest : nil
    }

    /// Whether a version has compact lengths and tagged fields (KIP-482).
    package func isFlexible(_ version: Int16) -> Bool {
        switch self {
        case .produce, .metadata: version >= 9
        case .apiVersions: version >= 3
        case .initProducerId: version >= 2
        }
    }
}
