/// Records that were just appended, for whoever wants to see them arrive.
package struct AppendedBatch: Hashable, Sendable {
    /// The topic's place in ``FakeCluster/topics``.
    package var topicPlace: Int
    /// The topic's name.
    package var topic: String
    /// The partition's index.
    package var partition: Int32
    /// The records, with their offsets.
    package var records: [LogRecord]
}
