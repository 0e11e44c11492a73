import KafkaProtocol
import Testing

@Suite("Requests")
struct RequestFrameTests {
    private static let batch = Fixtures.batch("idempotent_3rec_none")

    private static let produce = ProduceRequest(
        acks: -1,
        timeoutMilliseconds: 30_000,
        topics: [
            ProduceRequest.Topic(
                name: "t1",
                id: Fixtures.topicID,
                partitions: [ProduceRequest.Partition(index: 2, batchByteCount: batch.count)]
            )
        ]
    )

    private static let metadata = MetadataRequest(topics: ["t1"], allowsAutoTopicCreation: false)

    private static let apiVersions = ApiVersionsRequest(
        softwareName: "kpipe",
        softwareVersion: "0.1.0"
    )

    /// Reads the size and the header of a golden request, and expects what all of them have.
    private func body(of api: APIKey, _ version: Int16) throws -> ByteReader {
        var reader = ByteReader(Fixtures.request(api, version))
        #expect(Int(try reader.int32("size")) == reader.remaining)
        let header = try RequestHeader.decode(&reader)
        #expect(
            header
                == RequestHeader(
                    apiKey: api.rawValue,
                    apiVersion: version,
                    correlationID: 1,
                    clientID: "kpipe"
                )
        )
        return reader
    }

    @Test("of ApiVersions are the golden bytes", arguments: APIKey.apiVersions.eachVersion)
    func apiVersions(version: Int16) throws {
        let golden = Fixtures.request(.apiVersions, version)
        let request = Self.apiVersions
        #expect(request.encode(version: version, correlationID: 1, clientID: "kpipe") == golden)
        var reader = try body(of: .apiVersions, version)
        let decoded = try ApiVersionsRequest.decode(&reader, version: version)
        let anonymous = ApiVersionsRequest(softwareName: "", softwareVersion: "")
        #expect(decoded == (version >= 3 ? request : anonymous))
    }

    @Test(
        "of Metadata are the golden bytes",
        arguments: APIKey.metadata.eachVersion
    )
    func metadata(version: Int16) throws {
        let golden = Fixtures.request(.metadata, version)
        let request = Self.metadata
        #expect(request.encode(version: version, correlationID: 1, clientID: "kpipe") == golden)
        var reader = try body(of: .metadata, version)
        #expect(try MetadataRequest.decode(&reader, version: version) == request)
    }

    @Test("of InitProducerId are the golden bytes", arguments: APIKey.initProducerId.eachVersion)
    func initProducerId(version: Int16) throws {
        let golden = Fixtures.request(.initProducerId, version)
        let request = InitProducerIdRequest()
        #expect(request.encode(version: version, correlationID: 1, clientID: "kpipe") == golden)
        var reader = try body(of: .initProducerId, version)
        #expect(try InitProducerIdRequest.decode(&reader, version: version) == request)
    }

    @Test("of Produce are the golden bytes around the batch", arguments: APIKey.produce.eachVersion)
    func produce(version: Int16) throws {
        let golden = Fixtures.request(.produce, version)
        var (bytes, cuts) = Self.produce.encode(
            version: version,
            correlationID: 1,
            clientID: "kpipe"
        )
        let cut = try #require(cuts.first)
        #expect(cuts.count == 1)
        bytes.insert(contentsOf: Self.batch, at: cut)
        #expect(bytes == golden)

        var reader = try body(of: .produce, version)
        let (request, batches) = try ProduceRequest.decode(&reader, version: version)
        #expect(batches.map { Array(golden[$0]) } == [Self.batch])
        var expected = Self.produce
        if version >= 13 { expected.topics[0].name = "" } else { expected.topics[0].id = .zero }
        #expect(request == expected)
    }

    @Test("of Produce name a cut for each batch, in order", arguments: APIKey.produce.eachVersion)
    func cuts(version: Int16) throws {
        var request = Self.produce
        request.topics[0].partitions = [
            ProduceRequest.Partition(index: 4, batchByteCount: 3),
            ProduceRequest.Partition(index: 5, batchByteCount: 200),
        ]
        request.topics.append(
            ProduceRequest.Topic(
                name: "t2",
                id: TopicID(high: 0, low: 2),
                partitions: [ProduceRequest.Partition(index: 0, batchByteCount: 1)]
            )
        )
        var (bytes, cuts) = request.encode(version: version, correlationID: 1, clientID: "kpipe")
        for (cut, count) in zip(cuts, [3, 200, 1]).reversed() {
            bytes.insert(contentsOf: Array(repeating: UInt8(count), count: count), at: cut)
        }
        var reader = ByteReader(bytes)
        #expect(Int(try reader.int32("size")) == reader.remaining)
        _ = try RequestHeader.decode(&reader)
        let (decoded, batches) = try ProduceRequest.decode(&reader, version: version)
        #expect(decoded.topics.map(\.partitions) == request.topics.map(\.partitions))
        #expect(batches.map { Array(bytes[$0]) }.map(\.count) == [3, 200, 1])
        #expect(batches.map { bytes[$0].first } == [3, 200, 1])
    }

    @Test("cut short anywhere, or followed by anything, are refused", arguments: APIKey.allCases)
    func truncated(api: APIKey) throws {
        for version in api.eachVersion {
            let whole = Fixtures.request(api, version)
            let start = try body(of: api, version).offset
            for end in start..<whole.count {
                #expect(throws: WireError.self, "\(api.name) v\(version), \(end) bytes") {
                    try decode(api, version, ByteReader(whole, range: start..<end))
                }
            }
            let longer = whole + [0]
            #expect(throws: WireError.self) {
                try decode(api, version, ByteReader(longer, range: start..<longer.count))
            }
        }
    }

    private func decode(_ api: APIKey, _ version: Int16, _ body: ByteReader) throws {
        var reader = body
        switch api {
        case .apiVersions: _ = try ApiVersionsRequest.decode(&reader, version: version)
        case .metadata: _ = try MetadataRequest.decode(&reader, version: version)
        case .initProducerId: _ = try InitProducerIdRequest.decode(&reader, version: version)
        case .produce: _ = try ProduceRequest.decode(&reader, version: version)
        }
    }

    @Test("keep the header readable whose version is beyond us")
    func newerVersion() throws {
        // ApiVersions v9 from a client of the future, with a tagged field in the header.
        let bytes = Fixtures.bytes(hex: "00120009 00000007 ffff 01 05 01 aa ff")
        var reader = ByteReader(bytes)
        let header = try RequestHeader.decode(&reader)
        #expect(header.apiVersion == 9)
        #expect(header.correlationID == 7)
        #expect(header.clientID == nil)
        #expect(reader.remaining == 1)
    }
}
