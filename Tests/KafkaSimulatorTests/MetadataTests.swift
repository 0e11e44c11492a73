import KafkaProtocol
import KafkaSimulator
import Testing

@Suite("How a broker answers Metadata")
struct MetadataTests {
    @Test("tells brokers, leaders, epochs and ids in every version", arguments: Int16(4)...13)
    func versions(_ version: Int16) throws {
        var client = Dialogue(brokers: 2)
        let connection = try client.connect()
        client.cluster.moveLeader(of: "logs", partition: 2, to: 1)
        let response = try client.metadata(["logs"], on: connection, version: version)
        #expect(response.errorCode == .none)
        #expect(response.clusterID == "kpipe-fake-cluster")
        #expect(response.controllerID == 0)
        #expect(
            response.brokers == [
                .init(nodeID: 0, host: "fake", port: 9092),
                .init(nodeID: 1, host: "fake", port: 9093),
            ]
        )
        let topic = try #require(response.topics.first)
        #expect(topic.name == "logs")
        #expect((topic.id == .zero) == (version < 10))
        #expect(topic.partitions.map(\.index) == [0, 1, 2])
        #expect(topic.partitions.map(\.leaderID) == [0, 1, 1])
        #expect(topic.partitions.map(\.leaderEpoch) == (version < 7 ? [-1, -1, -1] : [0, 0, 1]))
        #expect(topic.partitions[0].replicas == [0, 1])
    }

    @Test("creates a topic if the cluster and the request allow it")
    func creation() throws {
        var client = Dialogue { $0.createdPartitionCount = 4 }
        let connection = try client.connect()
        var topics = try client.metadata(["new"], on: connection, mayCreate: false).topics
        #expect(topics[0].errorCode == .unknownTopicOrPartition)
        client.cluster.configuration.createsTopics = false
        topics = try client.metadata(["new"], on: connection).topics
        #expect(topics[0].errorCode == .unknownTopicOrPartition)
        client.cluster.configuration.createsTopics = true
        topics = try client.metadata(["new", "no way"], on: connection).topics
        #expect(topics[0].errorCode == .none)
        #expect(topics[0].partitions.count == 4)
        #expect(topics[1].errorCode == .invalidTopicException)
        #expect(try client.code(SampleBatch(), to: "new", partition: 3, on: connection) == 0)
        #expect(try client.metadata([], on: connection).topics.isEmpty)
        #expect(client.violations().isEmpty)
    }

    @Test("may need a second look-up for a topic it creates")
    func firstLookUp() throws {
        var client = Dialogue { $0.firstLookUp = .leaderNotAvailable }
        let connection = try client.connect()
        func look(_ name: String) throws -> ErrorCode {
            try client.metadata([name], on: connection).topics[0].errorCode
        }
        #expect(try look("new") == .leaderNotAvailable)
        #expect(try look("new") == .none)
        client.cluster.configuration.firstLookUp = .unknownTopic
        #expect(try look("newer") == .unknownTopicOrPartition)
        #expect(try look("newer") == .none)
        client.cluster.unsettle(topic: "logs", lookUps: 2)
        #expect(try look("logs") == .unknownTopicOrPartition)
        #expect(try look("logs") == .unknownTopicOrPartition)
        #expect(try look("logs") == .none)
    }

    @Test("can be stale at one broker and fail as a whole")
    func staleness() throws {
        var client = Dialogue(brokers: 2)
        let stale = try client.connect(to: 0)
        let fresh = try client.connect(to: 1)
        client.cluster.freezeMetadata(of: 0)
        client.cluster.moveLeader(of: "logs", partition: 0, to: 1)
        func leader(_ connection: FakeConnectionID) throws -> Int32 {
            try client.metadata(["logs"], on: connection).topics[0].partitions[0].leaderID
        }
        #expect(try leader(stale) == 0)
        #expect(try leader(fresh) == 1)
        client.cluster.thawMetadata(of: 0)
        #expect(try leader(stale) == 1)
        client.cluster.failMetadata(with: .rebootstrapRequired, at: 0)
        let failed = try client.metadata(["logs"], on: stale, version: 13)
        #expect(failed.errorCode == .rebootstrapRequired)
        #expect(try client.metadata(["logs"], on: stale, version: 13).errorCode == .none)
    }
}
