import KafkaProtocol
import KafkaSimulator
import Testing

@Suite("How a broker answers Produce")
struct ProduceTests {
    @Test("answers a duplicate with 0 and the first offset, and a sixth-old one with 45")
    func duplicates() throws {
        var client = Dialogue()
        let connection = try client.connect()
        for sequence in 0..<Int32(6) {
            #expect(try client.code(SampleBatch(sequence: sequence), on: connection) == 0)
        }
        #expect(try client.code(SampleBatch(sequence: 7), on: connection) == 45)
        let second = try client.produce(SampleBatch(sequence: 1), on: connection)
        #expect(second.errorCode == .none)
        #expect(second.baseOffset == 1)
        let first = try client.produce(SampleBatch(sequence: 0), on: connection)
        #expect(first.errorCode == .outOfOrderSequenceNumber)
        #expect(first.baseOffset == -1)
        #expect(client.cluster.log(of: "logs", partition: 0)?.endOffset == 6)
        #expect(client.violations().isEmpty)
    }

    @Test("knows only the last batch after a restart, which closes its connections")
    func restart() throws {
        var client = Dialogue()
        var connection = try client.connect()
        for sequence in 0..<Int32(6) {
            #expect(try client.code(SampleBatch(sequence: sequence), on: connection) == 0)
        }
        client.cluster.restart(broker: 0)
        #expect(client.disconnects() == [connection])
        connection = try client.connect()
        var codes: [Int16] = []
        for sequence in 0..<Int32(6) {
            codes.append(try client.code(SampleBatch(sequence: sequence), on: connection))
        }
        #expect(codes == [45, 45, 45, 45, 45, 0])
        #expect(try client.code(SampleBatch(sequence: 6), on: connection) == 0)
    }

    @Test("fences an older epoch, and wants a newer one to begin at 0")
    func epochs() throws {
        var client = Dialogue()
        let connection = try client.connect()
        #expect(try client.code(SampleBatch(epoch: 0, sequence: 0), on: connection) == 0)
        #expect(try client.code(SampleBatch(epoch: 1, sequence: 1), on: connection) == 45)
        #expect(try client.code(SampleBatch(epoch: 1, sequence: 0), on: connection) == 0)
        #expect(try client.code(SampleBatch(epoch: 0, sequence: 1), on: connection) == 47)
        #expect(
            try client.code(SampleBatch(epoch: 0, sequence: 0), partition: 1, on: connection) == 0
        )
    }

    @Test("says nothing to acks=0, and hangs up where it would have said an error")
    func acksZero() throws {
        var client = Dialogue()
        let connection = try client.connect()
        let good = client.produceFrame(SampleBatch().bytes, acks: 0)
        #expect(client.send(good, on: connection).action == .none)
        #expect(client.values() == ["v"])
        let lost = client.produceFrame(SampleBatch().bytes, to: "nobody", acks: 0)
        guard case .close = client.send(lost, on: connection).action else {
            Issue.record("The connection is closed.")
            return
        }
        #expect(throws: Dialogue.Silence.closed("the connection is not open")) {
            try client.apiVersions(on: connection, version: 0)
        }
    }

    @Test("accepts acks of 1 and -1 and no other")
    func acks() throws {
        var client = Dialogue()
        let connection = try client.connect()
        #expect(try client.produce(SampleBatch(), on: connection, acks: 1).errorCode == .none)
        let wrong = try client.produce(SampleBatch(), on: connection, acks: 2)
        #expect(wrong.errorCode == .invalidRequiredAcks)
        #expect(client.violations().count == 1)
    }

    @Test("speaks every version from 3 to 13", arguments: Int16(3)...13)
    func versions(_ version: Int16) throws {
        var client = Dialogue()
        let connection = try client.connect()
        let answer = try client.produceResponse(
            SampleBatch(sequence: 0).bytes,
            on: connection,
            version: version
        )
        #expect(answer.topics[0].name == (version < 13 ? "logs" : ""))
        #expect(answer.topics[0].partitions[0].errorCode == .none)
        #expect(answer.topics[0].partitions[0].baseOffset == 0)
        #expect(client.values() == ["v"])
        #expect(client.violations().isEmpty)
    }

    @Test("knows topics by id in version 13, and a topic made anew by its new id alone")
    func topicIDs() throws {
        var client = Dialogue()
        let connection = try client.connect()
        let old = try #require(client.cluster.topic(named: "logs")?.id)
        #expect(try client.code(SampleBatch(), on: connection, version: 13) == 0)
        let new = client.cluster.recreateTopic(named: "logs")
        #expect(new != old)
        let batch = SampleBatch().bytes
        func code(_ id: TopicID) throws -> ErrorCode {
            try client.produceResponse(batch, id: id, on: connection, version: 13)
                .topics[0].partitions[0].errorCode
        }
        #expect(try code(old) == .unknownTopicID)
        #expect(try code(new) == .none)
        // By name the old stream goes on in the new topic, unnoticed.
        #expect(try client.code(SampleBatch(), on: connection, version: 12) == 0)
        #expect(client.cluster.topics.map { $0.partitions[0].log.endOffset } == [1, 2])
        client.cluster.deleteTopic(named: "logs")
        #expect(try client.code(SampleBatch(), on: connection) == 3)
        #expect(client.violations().isEmpty)
    }

    @Test("does not know a partition that is not there, until there are more")
    func unknownPartition() throws {
        var client = Dialogue()
        let connection = try client.connect()
        #expect(try client.code(SampleBatch(), partition: 3, on: connection) == 3)
        #expect(try client.code(SampleBatch(), partition: -1, on: connection) == 3)
        client.cluster.addPartitions(to: "logs", count: 1)
        #expect(try client.code(SampleBatch(), partition: 3, on: connection) == 0)
    }

    @Test("sends elsewhere what another broker leads, and says where from version 10 on")
    func leaderHints() throws {
        var client = Dialogue(brokers: 3)
        let connection = try client.connect(to: 0)
        let batch = SampleBatch(sequence: 0)
        #expect(try client.code(batch, partition: 0, on: connection) == 0)
        client.cluster.moveLeader(of: "logs", partition: 0, to: 2)
        var response = try client.produceResponse(batch.bytes, on: connection, version: 9)
        #expect(response.topics[0].partitions[0].errorCode == .notLeaderOrFollower)
        #expect(response.topics[0].partitions[0].currentLeader == nil)
        response = try client.produceResponse(batch.bytes, on: connection, version: 10)
        #expect(response.topics[0].partitions[0].errorCode == .notLeaderOrFollower)
        #expect(response.topics[0].partitions[0].currentLeader == .init(nodeID: 2, epoch: 1))
        #expect(response.nodeEndpoints == [.init(nodeID: 2, host: "fake", port: 9094)])

        client.cluster.configuration.sendsLeaderHints = false
        response = try client.produceResponse(batch.bytes, on: connection, version: 10)
        #expect(response.topics[0].partitions[0].currentLeader == nil)
        #expect(response.nodeEndpoints.isEmpty)

        // What producers wrote is known to every replica.
        let elsewhere = try client.connect(to: 2)
        let duplicate = try client.produce(batch, on: elsewhere)
        #expect(duplicate.errorCode == .none)
        #expect(duplicate.baseOffset == 0)
    }

    @Test("takes any number of partitions, but one entry for each and one batch")
    func hygiene() throws {
        var client = Dialogue()
        let batch = SampleBatch().bytes
        func send(_ topics: [ProduceRequest.Topic]) throws -> FakeReply.Action {
            let connection = try client.connect()
            var (frame, cuts) = ProduceRequest(
                acks: -1,
                timeoutMilliseconds: 1,
                topics: topics
            ).encode(version: 9, correlationID: 1, clientID: "test")
            for cut in cuts.reversed() { frame.insert(contentsOf: batch, at: cut) }
            return client.send(frame, on: connection).action
        }
        func topic(_ partitions: Int32...) -> ProduceRequest.Topic {
            .init(
                name: "logs",
                id: .zero,
                partitions: partitions.map { .init(index: $0, batchByteCount: batch.count) }
            )
        }
        guard case .response = try send([topic(2, 0, 1)]) else {
            Issue.record("Three partitions are answered.")
            return
        }
        #expect(client.violations().isEmpty)
        for topics in [[topic(0, 0)], [topic(0), topic(1)], [topic()], []] {
            guard case .close = try send(topics) else {
                Issue.record("It is refused.")
                return
            }
        }
        #expect(client.violations().count == 4)
    }
}
