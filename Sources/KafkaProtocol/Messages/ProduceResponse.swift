/// What became of the batches of a ``ProduceRequest``.
package struct ProduceResponse: Equatable, Sendable {
    /// A record on whose account the whole batch was refused.
    package struct RecordError: Equatable, Sendable {
        /// The record's place in the batch, counted from zero; it may lie outside the batch.
        package var batchIndex: Int32

        /// What the broker has against the record, or `nil` if it does not say.
        package var message: String?

        /// Creates an error.
        package init(batchIndex: Int32, message: String?) {
            self.batchIndex = batchIndex
            self.message = message
        }
    }

    /// The leader a partition has according to a broker that is not.
    package struct Leader: Hashable, Sendable {
        /// The broker that leads, or -1 if that is not known.
        package var nodeID: Int32

        /// The number of its reign, or -1 if that is not known.
        package var epoch: Int32

        /// Creates a leader.
        package init(nodeID: Int32, epoch: Int32) {
            self.nodeID = nodeID
            self.epoch = epoch
        }
    }

    /// What became of the batch for one partition.
    package struct Partition: Equatable, Sendable {
        /// The number of the partition.
        package var index: Int32

        /// How the append ended.
        package var errorCode: ErrorCode

        /// The offset of the batch's first record, or -1.
        package var baseOffset: Int64

        /// The time the broker gave the records, or -1 if they keep their own.
        package var logAppendTimeMilliseconds: Int64

        /// The first offset of the partition, or -1 (version 5 and up).
        package var logStartOffset: Int64

        /// The records on whose account the batch was refused (version 8 and up).
        package var recordErrors: [RecordError]

        /// The error in the broker's words, or `nil` (version 8 and up).
        package var errorMessage: String?

        /// The leader of the partition if it is another broker, or `nil` (version 10 and up).
        package var currentLeader: Leader?

        /// Creates the outcome for one partition.
        package init(
            index: Int32,
            errorCode: ErrorCode,
            baseOffset: Int64 = -1,
            logAppendTimeMilliseconds: Int64 = -1,
            logStartOffset: Int64 = -1,
            recordErrors: [RecordError] = [],
            errorMessage: String? = nil,
            currentLeader: Leader? = nil
        ) {
            self.index = index
            self.errorCode = errorCode
            self.baseOffset = baseOffset
            self.logAppendTimeMilliseconds = logAppendTimeMilliseconds
            self.logStartOffset = logStartOffset
            self.recordErrors = recordErrors
            self.errorMessage = errorMessage
            self.currentLeader = currentLeader
        }
    }

    /// What became of the batches for one topic.
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

    /// The topics.
    package var topics: [Topic]

    /// For how long the broker wants to hear nothing from us, in milliseconds.
    package var throttleTimeMilliseconds: Int32

    /// Where the leaders that the partitions name listen (version 10 and up).
    package var nodeEndpoints: [BrokerEndpoint]

    /// Creates a response.
    package init(
        topics: [Topic],
        throttleTimeMilliseconds: Int32 = 0,
        nodeEndpoints: [BrokerEndpoint] = []
    ) {
        self.topics = topics
        self.throttleTimeMilliseconds = throttleTimeMilliseconds
        self.nodeEndpoints = nodeEndpoints
    }
}
