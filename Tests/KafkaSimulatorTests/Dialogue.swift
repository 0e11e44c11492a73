import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// A client that says one thing at a time to a cluster, and understands the answer.
struct Dialogue {
    var cluster: FakeCluster
    var now = Instant(nanoseconds: 0)
    private var openedCount = 0
    private var correlationID: Int32 = 0

    /// Starts with a topic `logs` of three partitions; broker 0 leads partition 0, and so on.
    init(brokers: Int = 1, _ configure: (inout FakeClusterConfiguration) -> Void = { _ in }) {
        var configuration = FakeClusterConfiguration(brokerCount: brokers)
        configure(&configuration)
        cluster = FakeCluster(configuration)
        cluster.createTopic(named: "logs", partitionCount: 3)
    }

    /// Why there was no answer.
    enum Silence: Error, Equatable {
        case nothing
        case closed(String)
    }

    // MARK: Connections

    /// Opens a connection, and asks for versions unless told not to.
    mutating func connect(to broker: Int32 = 0, asksVersions: Bool = true) throws
        -> FakeConnectionID
    {
        let connection = FakeConnectionID(index: openedCount)
        openedCount += 1
        let isOpen = cluster.didConnect(connection, to: broker)
        #expect(isOpen)
        if asksVersions { _ = try apiVersions(on: connection, version: 0) }
        return connection
    }

    /// Sends a frame, size included, and returns the reply.
    mutating func send(_ frame: [UInt8], on connection: FakeConnectionID) -> FakeReply {
        cluster.receive(Array(frame.dropFirst(4)), on: connection, now: now)
    }

    /// Reads the body of an answer behind its checked size and header.
    private func open(
        _ reply: FakeReply,
        _ api: APIKey,
        _ version: Int16
    ) throws -> ByteReader {
        switch reply.action {
        case .none: throw Silence.nothing
        case .close(let reason): throw Silence.closed(reason)
        case .response(let bytes):
            let size = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            #expect(size == bytes.count - 4)
            var reader = ByteReader(Array(bytes.dropFirst(4)))
            let answered = try ResponseHeader.read(api: api, version: version, &reader)
            #expect(answered == correlationID)
            return reader
        }
    }

    private mutating func nextCorrelationID() -> Int32 {
        correlationID += 1
        return correlationID
    }

    // MARK: Requests

    mutating func apiVersions(
        on connection: FakeConnectionID,
        version: Int16,
        software: String = "kpipe"
    ) throws -> ApiVersionsResponse {
        let frame = ApiVersionsRequest(softwareName: software, softwareVersion: "0.1").encode(
            version: version,
            correlationID: nextCorrelationID(),
            clientID: "test"
        )
        var reader = try open(send(frame, on: connection), .apiVersions, version)
        return try ApiVersionsResponse.decode(&reader, version: version)
    }

    mutating func metadata(
        _ topics: [String],
        on connection: FakeConnectionID,
        version: Int16 = 12,
        mayCreate: Bool = true
    ) throws -> MetadataResponse {
        let frame = MetadataRequest(topics: topics, allowsAutoTopicCreation: mayCreate).encode(
            version: version,
            correlationID: nextCorrelationID(),
            clientID: "test"
        )
        var reader = try open(send(frame, on: connection), .metadata, version)
        return try MetadataResponse.decode(&reader, version: version)
    }

    mutating func initProducerID(
        _ request: InitProducerIdRequest = .init(),
        on connection: FakeConnectionID,
        version: Int16 = 4
    ) throws -> InitProducerIdResponse {
        let frame = request.encode(
            version: version,
            correlationID: nextCorrelationID(),
            clientID: "test"
        )
        var reader = try open(send(frame, on: connection), .initProducerId, version)
        return try InitProducerIdResponse.decode(&reader, version: version)
    }

    /// The frame of a Produce request with one batch.
    mutating func produceFrame(
        _ batch: [UInt8],
        to topic: String = "logs",
        id: TopicID? = nil,
        partition: Int32 = 0,
        version: Int16 = 12,
        acks: Int16 = -1
    ) -> [UInt8] {
        let topicID = id ?? cluster.topic(named: topic)?.id ?? .zero
        let request = ProduceRequest(
            acks: acks,
            timeoutMilliseconds: 30_000,
            topics: [
                .init(
                    name: topic,
                    id: topicID,
                    partitions: [.init(index: partition, batchByteCount: batch.count)]
                )
            ]
        )
        let (around, cuts) = request.encode(
            version: version,
            correlationID: nextCorrelationID(),
            clientID: "test"
        )
        return Array(around[..<cuts[0]] + batch + around[cuts[0]...])
    }

    /// Produces one batch and returns the whole answer.
    mutating func produceResponse(
        _ batch: [UInt8],
        to topic: String = "logs",
        id: TopicID? = nil,
        partition: Int32 = 0,
        on connection: FakeConnectionID,
        version: Int16 = 12,
        acks: Int16 = -1
    ) throws -> ProduceResponse {
        let frame = produceFrame(
            batch,
            to: topic,
            id: id,
            partition: partition,
            version: version,
            acks: acks
        )
        var reader = try open(send(frame, on: connection), .produce, version)
        return try ProduceResponse.decode(&reader, version: version)
    }

    /// Produces one batch and returns what became of it.
    mutating func produce(
        _ batch: SampleBatch,
        to topic: String = "logs",
        partition: Int32 = 0,
        on connection: FakeConnectionID,
        version: Int16 = 12,
        acks: Int16 = -1
    ) throws -> ProduceResponse.Partition {
        let response = try produceResponse(
            batch.bytes,
            to: topic,
            partition: partition,
            on: connection,
            version: version,
            acks: acks
        )
        return try #require(response.topics.first?.partitions.first)
    }

    /// Produces one batch and returns the code of the answer.
    mutating func code(
        _ batch: SampleBatch,
        to topic: String = "logs",
        partition: Int32 = 0,
        on connection: FakeConnectionID,
        version: Int16 = 12
    ) throws -> Int16 {
        try produce(batch, to: topic, partition: partition, on: connection, version: version)
            .errorCode.rawValue
    }

    // MARK: What happened

    /// The values in a partition's log.
    func values(of topic: String = "logs", partition: Int32 = 0) -> [String?] {
        (cluster.log(of: topic, partition: partition)?.records ?? []).map { record in
            record.value.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The reasons of all violations since the last call.
    mutating func violations() -> [String] {
        var reasons: [String] = []
        while let violation = cluster.pollViolation() { reasons.append(violation.reason) }
        return reasons
    }

    /// The connections that the cluster has closed since the last call.
    mutating func disconnects() -> [FakeConnectionID] {
        var connections: [FakeConnectionID] = []
        while let connection = cluster.pollDisconnect() { connections.append(connection) }
        return connections
    }
}
