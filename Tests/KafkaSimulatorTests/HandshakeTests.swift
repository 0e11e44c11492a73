import KafkaProtocol
import KafkaSimulator
import Testing

@Suite("How a broker begins a conversation")
struct HandshakeTests {
    @Test("lists its versions in every version of ApiVersions", arguments: [0, 1, 2, 3, 4])
    func versions(_ version: Int16) throws {
        var client = Dialogue()
        let connection = try client.connect(asksVersions: false)
        let response = try client.apiVersions(on: connection, version: version)
        #expect(response.errorCode == .none)
        #expect(response.highestVersion(of: .produce) == 13)
        #expect(response.highestVersion(of: .metadata) == 13)
        #expect(response.highestVersion(of: .initProducerId) == 5)
        #expect(response.highestVersion(of: .apiVersions) == 4)
    }

    @Test("answers a newer ApiVersions with 35 in version 0, with a list or without")
    func newer() throws {
        var client = Dialogue()
        let connection = try client.connect(asksVersions: false)
        client.cluster.setProfile(.redpanda, of: 0)
        var response = try client.apiVersions(on: connection, version: 4)
        #expect(response.errorCode == .unsupportedVersion)
        #expect(response.highestVersion(of: .apiVersions) == 3)
        client.cluster.setProfile(.kafka2_1, of: 0)
        response = try client.apiVersions(on: connection, version: 3)
        #expect(response.errorCode == .unsupportedVersion)
        #expect(response.apis.isEmpty)
        // That was no answer yet.
        #expect(throws: Dialogue.Silence.closed("Metadata v7 before ApiVersions")) {
            try client.metadata([], on: connection, version: 7)
        }
        #expect(client.violations() == ["Metadata v7 before ApiVersions"])
        client.cluster.setProfile(.eventHubs, of: 0)
        let another = try client.connect(asksVersions: false)
        #expect(throws: Dialogue.Silence.closed("ApiVersions v3 is too new")) {
            try client.apiVersions(on: another, version: 3)
        }
        #expect(client.violations().isEmpty)
    }

    @Test("refuses the name of software that Kafka would not take", arguments: ["", "a_b", "-a"])
    func softwareName(_ name: String) throws {
        var client = Dialogue()
        let connection = try client.connect(asksVersions: false)
        let response = try client.apiVersions(on: connection, version: 3, software: name)
        #expect(response.errorCode == .invalidRequest)
        #expect(client.violations().count == 1)
    }

    @Test("closes on a version above its own, on an unknown API, and on what it cannot read")
    func closes() throws {
        var client = Dialogue { $0.profile = .kafka2_1 }
        var connection = try client.connect()
        #expect(throws: Dialogue.Silence.closed("Produce v8 is not spoken by this broker")) {
            try client.code(SampleBatch(), on: connection, version: 8)
        }
        for frame in [[], [0, 18], [0, 77, 0, 0, 0, 0, 0, 1, 0xff, 0xff]] as [[UInt8]] {
            connection = try client.connect()
            let reply = client.cluster.receive(frame, on: connection, now: client.now)
            guard case .close = reply.action else {
                Issue.record("\(frame) is refused.")
                return
            }
        }
        // One byte too few, and one too many.
        for change in [-1, 1] {
            connection = try client.connect()
            var frame = client.produceFrame(SampleBatch().bytes, version: 7)
            if change < 0 { frame.removeLast() } else { frame.append(0) }
            guard case .close = client.send(frame, on: connection).action else {
                Issue.record("\(change) is refused.")
                return
            }
        }
        #expect(client.violations().count == 6)
        #expect(client.values().isEmpty)
    }

    @Test("never traps on a request that is cut anywhere")
    func cuts() throws {
        var client = Dialogue()
        let whole = client.produceFrame(SampleBatch(sequence: 0).bytes, version: 12)
        for end in 4..<whole.count {
            let connection = try client.connect()
            guard case .close = client.send(Array(whole[..<end]), on: connection).action else {
                Issue.record("\(end) of \(whole.count) bytes are refused.")
                return
            }
        }
        #expect(client.values().isEmpty)
    }

    @Test("gives out each producer id once", arguments: Int16(0)...5)
    func producerIDs(_ version: Int16) throws {
        var client = Dialogue(brokers: 2)
        let connection = try client.connect()
        let other = try client.connect(to: 1)
        client.cluster.failInitProducerID(with: .coordinatorLoadInProgress, at: 0)
        let refused = try client.initProducerID(on: connection, version: version)
        #expect(refused.errorCode == .coordinatorLoadInProgress)
        #expect(refused.producerID == -1)
        let first = try client.initProducerID(on: connection, version: version)
        let second = try client.initProducerID(on: other, version: version)
        #expect(first.errorCode == .none)
        #expect(first.producerID == 4000)
        #expect(first.producerEpoch == 0)
        #expect(second.producerID == 4001)
    }

    @Test("refuses a transactional id, and an id without its epoch")
    func wrongProducerIDs() throws {
        var client = Dialogue()
        for request in [
            InitProducerIdRequest(transactionalID: "t"), InitProducerIdRequest(producerID: 1),
        ] {
            let connection = try client.connect()
            #expect(throws: Dialogue.Silence.self) {
                try client.initProducerID(request, on: connection)
            }
        }
        #expect(client.violations().count == 2)
    }
}
