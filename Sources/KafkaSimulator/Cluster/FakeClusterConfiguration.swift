/// How a fake cluster is set up.
package struct FakeClusterConfiguration: Sendable {
    /// Where a broker is reached.
    package struct Endpoint: Hashable, Sendable {
        /// The host's name or address.
        package var host: String
        /// The TCP port.
        package var port: Int32

        /// Creates an endpoint.
        package init(host: String, port: Int32) {
            self.host = host
            self.port = port
        }
    }

    /// How the first look-up of a topic that it creates is answered.
    package enum FirstLookUp: Hashable, Sendable {
        /// With leaders at once.
        case settled
        /// With LEADER_NOT_AVAILABLE, as clusters with ZooKeeper do.
        case leaderNotAvailable
        /// With UNKNOWN_TOPIC_OR_PARTITION, as clusters with KRaft do.
        case unknownTopic
    }

    /// How much of a batch is looked at.
    package enum Inspection: Hashable, Sendable {
        /// Everything.
        case strict
        /// Its header, without the checksum: for measuring whoever sends it.
        case headersOnly
    }

    /// The brokers' addresses; broker 0 is the first.
    package var endpoints: [Endpoint]
    /// What all brokers are, at the start.
    package var profile = BrokerProfile.kafka4_3
    /// The name of the cluster.
    package var clusterID = "kpipe-fake-cluster"
    /// Whether a look-up creates a topic where the request allows it.
    package var createsTopics = true
    /// How many partitions such a topic gets (`num.partitions`).
    package var createdPartitionCount = 1
    /// How the first look-up of such a topic is answered.
    package var firstLookUp = FirstLookUp.settled
    /// How many brokers have a copy of a partition, at most.
    package var replicationFactor = 3
    /// The size up to which batches are accepted (`message.max.bytes`).
    package var maxMessageBytes = 1_048_588
    /// How far in the future a timestamp may lie: one hour since Kafka 4.0 (KIP-1030).
    package var timestampAfterMax = Duration.seconds(3600)
    /// How far in the past a timestamp may lie, or `nil` if as far as it likes.
    package var timestampBeforeMax: Duration?
    /// How long a producer id that appends nothing is remembered (`producer.id.expiration.ms`).
    package var producerIDExpiration = Duration.seconds(24 * 3600)
    /// The first producer id that is given out.
    package var firstProducerID: Int64 = 4000
    /// The epoch that it comes with: Kafka's is 0, and a high one runs out soon.
    package var firstProducerEpoch: Int16 = 0
    /// Whether NOT_LEADER_OR_FOLLOWER names the leader where the version can (KIP-951).
    package var sendsLeaderHints = true
    /// Whether answers to Produce are odd: the partitions in reverse, each of them twice, and one
    /// that nobody asked for.
    package var answersOddly = false
    /// Whether a producer id of which nothing is known has to begin with sequence 0, and is
    /// forgotten with the last of its records, as brokers before 2.5 do (KIP-360).
    package var refusesUnknownProducers = false
    /// What of each record is kept.
    package var retention = LogRetention.everything
    /// How much of a batch is looked at.
    package var inspection = Inspection.strict
    /// Whether ``FakeCluster/pollAppend()`` hands out what is appended.
    package var reportsAppends = false
    /// Whether replies say which leaders they name (``FakeReply/leaders``).
    package var reportsLeaders = false
    /// Whether ``FakeCluster/pollAttempt()`` hands out every batch that comes.
    package var reportsAttempts = false
    /// The wall clock's time at the origin of `Instant`, in milliseconds since 1970.
    package var originMilliseconds: Int64 = 1_700_000_000_000

    /// Creates a configuration of brokers at the given addresses.
    package init(endpoints: [Endpoint]) {
        precondition(!endpoints.isEmpty, "A cluster has brokers.")
        self.endpoints = endpoints
    }

    /// Creates a configuration of brokers on one host whose ports follow one another.
    package init(brokerCount: Int, host: String = "fake", firstPort: Int32 = 9092) {
        precondition(brokerCount > 0, "A cluster has brokers.")
        self.init(
            endpoints: (0..<Int32(brokerCount)).map { Endpoint(host: host, port: firstPort + $0) }
        )
    }
}
