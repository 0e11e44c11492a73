/// Asks for the brokers of the cluster, and for the partitions of topics with their leaders.
package struct MetadataRequest: Equatable, Sendable {
    /// The names of the topics; empty for the brokers alone.
    ///
    /// Names, never ids: the brokers of versions 10 and 11 do not look at the ids of a request.
    package var topics: [String]

    /// Whether a topic that does not exist may be created, if the broker's own policy says so.
    package var allowsAutoTopicCreation: Bool

    /// Creates a request.
    package init(topics: [String], allowsAutoTopicCreation: Bool) {
        self.topics = topics
        self.allowsAutoTopicCreation = allowsAutoTopicCreation
    }

    /// Encodes the request with its size and header.
    package func encode(version: Int16, correlationID: Int32, clientID: String) -> [UInt8] {
        let flexible = APIKey.metadata.isFlexible(version)
        return RequestFrame.encode(
            api: .metadata,
            version: version,
            correlationID: correlationID,
            clientID: clientID
        ) { writer in
            writer.arrayCount(topics.count, flexible: flexible)
            for topic in topics {
                if version >= 10 { writer.topicID(.zero) }
                writer.string(topic, flexible: flexible)
                writer.endStructure(flexible: flexible)
            }
            if version >= 4 { writer.bool(allowsAutoTopicCreation) }
            // We never ask which operations we are authorized to do: on the cluster, on the topics.
            if (8...10).contains(version) { writer.bool(false) }
            if version >= 8 { writer.bool(false) }
            writer.endStructure(flexible: flexible)
        }
    }
}
