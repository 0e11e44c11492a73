/// The brokers of the cluster, and the partitions of topics with their leaders.
package struct MetadataResponse: Equatable, Sendable {
    /// A topic that was asked for.
    package struct Topic: Equatable, Sendable {
        /// Whether the topic can be told about; its partitions have codes of their own.
        package var errorCode: ErrorCode

        /// The name, or `nil` if a topic was asked for by an id that no topic has.
        package var name: String?

        /// The identity, or zero from a broker before version 10.
        package var id: TopicID

        /// Whether the topic is one of Kafka's own.
        package var isInternal: Bool

        /// The partitions, in no order.
        package var partitions: [Partition]

        /// Creates a topic.
        package init(
            errorCode: ErrorCode = .none,
            name: String?,
            id: TopicID = .zero,
            isInternal: Bool = false,
            partitions: [Partition]
        ) {
            self.errorCode = errorCode
            self.name = name
            self.id = id
            self.isInternal = isInternal
            self.partitions = partitions
        }
    }

    /// A partition of a topic.
    package struct Partition: Equatable, Sendable {
        /// Whether the partition has a leader.
        package var errorCode: ErrorCode

        /// The number of the partition.
        package var index: Int32

        /// The broker that leads the partition, or -1 if none does.
        package var leaderID: Int32

        /// The number of the leader's reign, or -1 from a broker before version 7.
        package var leaderEpoch: Int32

        /// The brokers that hold the partition.
        package var replicas: [Int32]

        /// Those of them that are in sync with the leader.
        package var inSyncReplicas: [Int32]

        /// Those of them that are down (version 5 and up).
        package var offlineReplicas: [Int32]

        /// Creates a partition.
        package init(
            errorCode: ErrorCode = .none,
            index: Int32,
            leaderID: Int32,
            leaderEpoch: Int32 = -1,
            replicas: [Int32],
            inSyncReplicas: [Int32],
            offlineReplicas: [Int32] = []
        ) {
            self.errorCode = errorCode
            self.index = index
            self.leaderID = leaderID
            self.leaderEpoch = leaderEpoch
            self.replicas = replicas
            self.inSyncReplicas = inSyncReplicas
            self.offlineReplicas = offlineReplicas
        }
    }

    /// For how long the broker wants to hear nothing from us, in milliseconds.
    package var throttleTimeMilliseconds: Int32

    /// The brokers that are up.
    package var brokers: [BrokerEndpoint]

    /// The identity of the cluster, or `nil` if it does not say.
    package var clusterID: String?

    /// The broker to create topics at, or -1.
    package var controllerID: Int32

    /// The topics.
    package var topics: [Topic]

    /// How the request ended (version 13 and up).
    package var errorCode: ErrorCode

    /// Creates a response.
    package init(
        throttleTimeMilliseconds: Int32 = 0,
        brokers: [BrokerEndpoint],
        clusterID: String?,
        controllerID: Int32 = -1,
        topics: [Topic],
        errorCode: ErrorCode = .none
    ) {
        self.throttleTimeMilliseconds = throttleTimeMilliseconds
        self.brokers = brokers
        self.clusterID = clusterID
        self.controllerID = controllerID
        self.topics = topics
        self.errorCode = errorCode
    }
}
