import KafkaProtocol
import Testing

/// Nothing a broker sends may trap, or make us reserve memory that it did not send bytes for.
@Suite("Hostile responses")
struct HostileResponseTests {
    private func decode(_ api: APIKey, _ version: Int16, _ bytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(bytes)
        switch api {
        case .apiVersions: _ = try ApiVersionsResponse.decode(&reader, version: version)
        case .metadata: _ = try MetadataResponse.decode(&reader, version: version)
        case .initProducerId: _ = try InitProducerIdResponse.decode(&reader, version: version)
        case .produce: _ = try ProduceResponse.decode(&reader, version: version)
        }
    }

    @Test("are refused when cut short at any byte", arguments: APIKey.allCases)
    func truncated(api: APIKey) {
        for version in api.eachVersion {
            let body = Fixtures.responseBody(api, version)
            for count in 0..<body.count {
                #expect(throws: WireError.self, "v\(version), \(count) of \(body.count) bytes") {
                    try decode(api, version, Array(body[..<count]))
                }
            }
        }
    }

    @Test("are refused when a byte follows", arguments: APIKey.allCases)
    func trailing(api: APIKey) {
        for version in api.eachVersion {
            let body = Fixtures.responseBody(api, version)
            #expect(throws: WireError.self, "v\(version)") { try decode(api, version, body + [0]) }
        }
    }

    private func isRefused(_ api: APIKey, _ version: Int16, _ bytes: [UInt8]) -> Bool {
        do throws(WireError) {
            try decode(api, version, bytes)
            return false
        } catch {
            return true
        }
    }

    @Test("do not trap whatever bit flips, or four bytes become", arguments: APIKey.allCases)
    func damaged(api: APIKey) {
        var refusals = 0
        for version in api.eachVersion {
            let body = Fixtures.responseBody(api, version)
            for index in body.indices {
                for bit in 0..<8 {
                    var damaged = body
                    damaged[index] ^= 1 << UInt8(bit)
                    if isRefused(api, version, damaged) { refusals += 1 }
                }
                for value: UInt8 in [0x7f, 0x80, 0xfe, 0xff] {
                    var damaged = body
                    for place in index..<min(index + 4, body.count) { damaged[place] = value }
                    if isRefused(api, version, damaged) { refusals += 1 }
                }
            }
        }
        #expect(refusals > 0)
    }

    @Test("are refused for a count that they have no bytes for")
    func counts() {
        let tooMany = WireError("responses", at: 0, .countTooLarge(count: 0x7fff_ffff, limit: 2))
        #expect(throws: tooMany) {
            try decode(.produce, 3, Fixtures.bytes(hex: "7fffffff 000000000000"))
        }
        let compact = WireError("responses", at: 0, .countTooLarge(count: 0xffff_fffe, limit: 1))
        #expect(throws: compact) {
            try decode(.produce, 9, Fixtures.bytes(hex: "ffffffff0f 00000000"))
        }
        let negative = WireError("brokers", at: 4, .negativeLength(-2))
        #expect(throws: negative) {
            try decode(.metadata, 4, Fixtures.bytes(hex: "00000000 fffffffe 00"))
        }
        let null = WireError("brokers", at: 4, .unexpectedNull)
        #expect(throws: null) { try decode(.metadata, 9, Fixtures.bytes(hex: "00000000 00")) }
        let tags = WireError(
            "InitProducerIdResponse",
            at: 17,
            .countTooLarge(count: 127, limit: 0)
        )
        #expect(throws: tags) {
            let body = Fixtures.responseBody(.initProducerId, 2).dropLast()
            try decode(.initProducerId, 2, body + [0x7f])
        }
    }

    @Test("count their smallest elements right")
    func smallest() throws {
        // A topic without partitions is the least a response can hold; many of them must pass.
        for version in APIKey.metadata.versions {
            let partition = MetadataResponse.Partition(
                index: 0,
                leaderID: -1,
                replicas: [],
                inSyncReplicas: []
            )
            let topic = MetadataResponse.Topic(name: "", partitions: [partition, partition])
            let broker = BrokerEndpoint(nodeID: 1, host: "", port: 0)
            let response = MetadataResponse(
                brokers: [broker, broker, broker],
                clusterID: nil,
                topics: [topic] + [topic]
            )
            let frame = response.encode(version: version, correlationID: 0)
            var reader = ByteReader(frame, range: 4..<frame.count)
            _ = try ResponseHeader.read(api: .metadata, version: version, &reader)
            #expect(try MetadataResponse.decode(&reader, version: version) == response)
        }
        for version in APIKey.produce.versions {
            let error = ProduceResponse.RecordError(batchIndex: 0, message: nil)
            let partition = ProduceResponse.Partition(
                index: 0,
                errorCode: .none,
                recordErrors: version >= 8 ? [error, error, error] : []
            )
            let id = version >= 13 ? Fixtures.topicID : .zero
            let empty = ProduceResponse.Topic(name: "", id: id, partitions: [])
            let topic = ProduceResponse.Topic(name: "", id: id, partitions: [partition])
            let response = ProduceResponse(topics: [topic, empty, empty, empty])
            let frame = response.encode(version: version, correlationID: 0)
            var reader = ByteReader(frame, range: 4..<frame.count)
            _ = try ResponseHeader.read(api: .produce, version: version, &reader)
            #expect(try ProduceResponse.decode(&reader, version: version) == response)
        }
    }
}
