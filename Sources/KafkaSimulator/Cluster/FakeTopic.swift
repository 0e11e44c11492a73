package import KafkaProtocol

/// A topic, alive or deleted.
package struct FakeTopic: Sendable {
    /// What is particular about a topic.
    package struct Options: Hashable, Sendable {
        /// Whether records need a key.
        package var isCompacted = false
        /// The size up to which batches are accepted, or `nil` for the cluster's.
        package var maxMessageBytes: Int?

        /// Creates the options of an ordinary topic.
        package init() {}
    }

    /// The name, which a topic that is created again has too.
    package let name: String
    /// The identity, which is this topic's alone.
    package let id: TopicID
    /// What is particular about it.
    package var options: Options
    /// Whether it was deleted; its logs stay readable.
    package internal(set) var isDeleted = false
    /// The partitions, by index.
    package internal(set) var partitions: [FakePartition] = []
    /// Whether nobody knows it for now, neither metadata nor leaders.
    var isHidden = false
    /// How many look-ups are still answered as if the topic were not quite there.
    var unsettledLookUps: Int
    /// What those look-ups are answered, or `nil` for what a new topic's are.
    var lookUpError: ErrorCode?

    /// Whether Kafka would accept a name for a topic.
    package static func isValid(name: String) -> Bool {
        guard (1...249).contains(name.utf8.count), name != ".", name != ".." else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }
}
