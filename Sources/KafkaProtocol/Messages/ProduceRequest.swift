/// Asks the leaders of partitions to append record batches.
///
/// The bytes of the batches are not part of the value: they are sent from where they lie, between
/// the pieces of what ``encode(version:correlationID:clientID:)`` returns.
package struct ProduceRequest: Equatable, Sendable {
    /// A partition, and the size of the one batch for it.
    package struct Partition: Equatable, Sendable {
        /// The number of the partition.
        package var index: Int32

        /// The size of the record batch, from its base offset to the end of its records.
        package var batchByteCount: Int

        /// Creates a partition.
        package init(index: Int32, batchByteCount: Int) {
            self.index = index
            self.batchByteCount = batchByteCount
        }
    }

    /// A topic, and the partitions of it that get a batch.
    package struct Topic: Equatable, Sendable {
        /// The name (below version 13).
        package var name: String

        /// The identity (version 13 and up).
        package var id: TopicID

        /// The partitions.
        package var partitions: [Partition]

        /// Creates a topic.
        package init(name: String, id: TopicID, partitions: [Partition]) {
            self.name = name
            self.id = id
            self.partitions = partitions
        }
    }

    /// How many replicas are to have the batches before the answer: -1 for all in sync, 1 for the
    /// leader alone, 0 for no answer at all.
    package var acks: Int16

    /// How long the leader waits for the replicas, in milliseconds.
    package var timeoutMilliseconds: Int32

    /// The transactional id, or `nil` outside transactions.
    package var transactionalID: String?

    /// The topics.
    package var topics: [Topic]

    /// Creates a request.
    package init(
        acks: Int16,
        timeoutMilliseconds: Int32,
        transactionalID: String? = nil,
        topics: [Topic]
    ) {
        self.acks = acks
        self.timeoutMilliseconds = timeoutMilliseconds
        self.transactionalID = transactionalID
        self.topics = topics
    }

    /// Encodes all of the request but the batches.
    ///
    /// ```
    ///   bytes   size header ... length | length | tags, other topics ... length | tags
    ///   cuts                           0        1                               2
    /// ```
    ///
    /// - Parameters:
    ///   - version: The version to encode; 13 and up needs the identity of every topic.
    ///   - correlationID: The number the answer will repeat.
    ///   - clientID: The name we go by.
    /// - Returns: The bytes around the batches, with a size that covers the batches too; and the
    ///   offsets in them at which the batches, in order, are to be inserted.
    package func encode(
        version: Int16,
        correlationID: Int32,
        clientID: String
    ) -> (bytes: [UInt8], cuts: [Int]) {
        let flexible = APIKey.produce.isFlexible(version)
        var cuts: [Int] = []
        let bytes = RequestFrame.encode(
            api: .produce,
            version: version,
            correlationID: correlationID,
            clientID: clientID,
            absentByteCount: batchByteCount
        ) { writer in
            writer.nullableString(transactionalID, flexible: flexible)
            writer.int16(acks)
            writer.int32(timeoutMilliseconds)
            writer.arrayCount(topics.count, flexible: flexible)
            for topic in topics { topic.encode(to: &writer, version, &cuts) }
            writer.endStructure(flexible: flexible)
        }
        return (bytes, cuts)
    }

    /// The size of all batches together.
    private var batchByteCount: Int {
        var count = 0
        for topic in topics {
            for partition in topic.partitions { count += partition.batchByteCount }
        }
        return count
    }
}

extension ProduceRequest.Topic {
    fileprivate func encode(to writer: inout ByteWriter, _ version: Int16, _ cuts: inout [Int]) {
        let flexible = APIKey.produce.isFlexible(version)
        if version >= 13 {
            precondition(id != .zero, "From version 13 on, Produce needs the topic's identity.")
            writer.topicID(id)
        } else {
            writer.string(name, flexible: flexible)
        }
        writer.arrayCount(partitions.count, flexible: flexible)
        for partition in partitions {
            writer.int32(partition.index)
            writer.byteCount(partition.batchByteCount, flexible: flexible)
            cuts.append(writer.count)
            writer.endStructure(flexible: flexible)
        }
        writer.endStructure(flexible: flexible)
    }
}
