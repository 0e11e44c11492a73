import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

@Suite("What can be made to go wrong")
struct FaultTests {
    @Test("refuses the next batches before the append, or fails them after it")
    func codes() throws {
        var client = Dialogue()
        let connection = try client.connect()
        client.cluster.inject(.refuse(.leaderNotAvailable), on: "logs", partition: 0, count: 2)
        client.cluster.inject(
            .appendThenFail(.notEnoughReplicasAfterAppend),
            on: "logs",
            partition: 0
        )
        #expect(try client.code(SampleBatch(), partition: 1, on: connection) == 0)
        #expect(try client.code(SampleBatch(sequence: 0), on: connection) == 5)
        #expect(try client.code(SampleBatch(sequence: 0), on: connection) == 5)
        #expect(client.values().isEmpty)
        let after = try client.produce(SampleBatch(sequence: 0), on: connection)
        #expect(after.errorCode == .notEnoughReplicasAfterAppend)
        #expect(after.baseOffset == 0)
        #expect(client.values() == ["v"])
        #expect(try client.code(SampleBatch(sequence: 0), on: connection) == 0)
        #expect(client.values() == ["v"])
        #expect(client.violations().isEmpty)
    }

    @Test("closes a connection before the append or instead of the answer")
    func disconnects() throws {
        var client = Dialogue()
        let reason = Dialogue.Silence.closed("this was ordered")
        client.cluster.inject(.disconnect, on: "logs", partition: 0)
        client.cluster.inject(.appendThenDisconnect, on: "logs", partition: 0)
        for appended in 0..<2 {
            let connection = try client.connect()
            #expect(throws: reason) {
                try client.code(SampleBatch(sequence: 0), on: connection)
            }
            #expect(client.values().count == appended)
        }
        let connection = try client.connect()
        #expect(try client.code(SampleBatch(sequence: 0), on: connection) == 0)
        #expect(client.values().count == 1)
    }

    @Test("appends and is silent from then on, on this connection alone")
    func hangs() throws {
        var client = Dialogue()
        let connection = try client.connect()
        client.cluster.inject(.appendThenHang, on: "logs", partition: 0)
        #expect(throws: Dialogue.Silence.nothing) {
            try client.code(SampleBatch(), on: connection)
        }
        #expect(throws: Dialogue.Silence.nothing) {
            try client.metadata(["logs"], on: connection)
        }
        #expect(client.values().count == 1)
        let other = try client.connect()
        #expect(try client.code(SampleBatch(), on: other) == 0)
    }

    @Test("leaves a partition out of the answer")
    func omits() throws {
        var client = Dialogue()
        let connection = try client.connect()
        client.cluster.inject(.appendThenOmit, on: "logs", partition: 0)
        let response = try client.produceResponse(SampleBatch().bytes, on: connection)
        #expect(response.topics[0].partitions.isEmpty)
        #expect(client.values().count == 1)
    }

    @Test("asks for silence where the client honours it, and is late where it does not")
    func throttles() throws {
        var client = Dialogue()
        let connection = try client.connect()
        client.cluster.throttle(broker: 0, milliseconds: 700, count: 2)
        var reply = client.send(
            client.produceFrame(SampleBatch().bytes, version: 6),
            on: connection
        )
        #expect(reply.silence == .milliseconds(700))
        #expect(reply.delay == .zero)
        reply = client.send(client.produceFrame(SampleBatch().bytes, version: 5), on: connection)
        #expect(reply.silence == .zero)
        #expect(reply.delay == .milliseconds(700))
        let response = try client.produceResponse(SampleBatch().bytes, on: connection)
        #expect(response.throttleTimeMilliseconds == 0)

        client.cluster.throttle(broker: 0, milliseconds: 5, count: 3)
        #expect(
            try client.metadata([], on: connection, version: 6).throttleTimeMilliseconds == 5
        )
        #expect(try client.initProducerID(on: connection).throttleTimeMilliseconds == 5)
        #expect(
            try client.produceResponse(SampleBatch().bytes, on: connection)
                .throttleTimeMilliseconds == 5
        )
    }

    @Test("waits before each answer, until everything is healed")
    func latency() throws {
        var client = Dialogue()
        let connection = try client.connect()
        client.cluster.setLatency(.seconds(3), of: 0)
        client.cluster.inject(.disconnect, on: "logs", partition: 0)
        client.cluster.throttle(broker: 0, milliseconds: 9)
        let frame = client.produceFrame(SampleBatch().bytes, partition: 1)
        #expect(client.send(frame, on: connection).delay == .seconds(3))
        client.cluster.removeFaults()
        let reply = client.send(client.produceFrame(SampleBatch().bytes), on: connection)
        #expect(reply.delay == .zero)
        #expect(reply.silence == .zero)
    }

    @Test("loses what it knew of producers: any sequence is taken, and appended again")
    func producerState() throws {
        var client = Dialogue()
        let connection = try client.connect()
        #expect(try client.code(SampleBatch(sequence: 0), on: connection) == 0)
        client.cluster.loseProducerState(of: "logs", partition: 0)
        #expect(try client.code(SampleBatch(sequence: 0), on: connection) == 0)
        client.now = client.now.advanced(by: .seconds(24 * 3600))
        #expect(try client.code(SampleBatch(sequence: 0), on: connection) == 0)
        #expect(client.values().count == 3)
    }

    @Test("loses the end of a log, with what it said of producers")
    func tail() throws {
        var client = Dialogue()
        let connection = try client.connect()
        for sequence in [Int32(0), 2, 4] {
            #expect(try client.code(SampleBatch(sequence: sequence, count: 2), on: connection) == 0)
        }
        client.cluster.loseTail(of: "logs", partition: 0, downTo: 3)
        #expect(client.cluster.log(of: "logs", partition: 0)?.endOffset == 2)
        #expect(client.values().count == 2)
        #expect(try client.code(SampleBatch(sequence: 6), on: connection) == 45)
        let again = try client.produce(SampleBatch(sequence: 0, count: 2), on: connection)
        #expect(again.baseOffset == 0)
        #expect(again.errorCode == .none)
        #expect(try client.code(SampleBatch(sequence: 2), on: connection) == 0)
        client.cluster.deleteRecords(of: "logs", partition: 0, before: 2)
        let last = try client.produce(SampleBatch(sequence: 3), on: connection)
        #expect(last.logStartOffset == 2)
        #expect(last.baseOffset == 3)
    }

    @Test("stops a broker: it refuses connections, and others lead its partitions if they may")
    func stops() throws {
        var client = Dialogue(brokers: 3)
        let connection = try client.connect(to: 1)
        let other = try client.connect(to: 0)
        client.cluster.stop(broker: 1)
        #expect(client.disconnects() == [connection])
        let isOpen = client.cluster.didConnect(FakeConnectionID(index: 99), to: 1)
        #expect(!isOpen)
        var partitions = try client.metadata(["logs"], on: other).topics[0].partitions
        #expect(partitions.map(\.leaderID) == [0, -1, 2])
        #expect(partitions.map(\.errorCode) == [.none, .leaderNotAvailable, .none])
        client.cluster.start(broker: 1)
        partitions = try client.metadata(["logs"], on: other).topics[0].partitions
        #expect(partitions.map(\.leaderID) == [0, 1, 2])
        client.cluster.stop(broker: 1, electsLeaders: true)
        let response = try client.metadata(["logs"], on: other)
        partitions = response.topics[0].partitions
        #expect(response.brokers.map(\.nodeID) == [0, 2])
        #expect(partitions.map(\.leaderID) == [0, 2, 2])
        #expect(partitions.map(\.leaderEpoch) == [0, 1, 0])
        #expect(partitions[1].offlineReplicas == [1])
        let third = try client.connect(to: 2)
        #expect(try client.code(SampleBatch(), partition: 1, on: third) == 0)
    }

    @Test("tells of every attempt and every append")
    func reports() throws {
        var client = Dialogue {
            $0.reportsAttempts = true
            $0.reportsAppends = true
            $0.retention = .nothing
        }
        let connection = try client.connect()
        client.cluster.inject(.appendThenDisconnect, on: "logs", partition: 0)
        _ = try? client.code(SampleBatch(sequence: 0), on: connection)
        let second = try client.connect()
        _ = try client.code(SampleBatch(sequence: 0), on: second)
        _ = try client.code(SampleBatch(sequence: 5), on: second)
        var attempts: [ProduceAttempt] = []
        while let attempt = client.cluster.pollAttempt() { attempts.append(attempt) }
        #expect(attempts.map(\.wasAppended) == [true, false, false])
        #expect(attempts.map(\.baseOffset) == [0, 0, nil])
        #expect(attempts.map(\.answer) == [nil, ErrorCode.none, .outOfOrderSequenceNumber])
        #expect(attempts.map(\.identity?.baseSequence) == [0, 0, 5])
        #expect(attempts[0].checksum == attempts[1].checksum)
        let append = client.cluster.pollAppend()
        #expect(append?.topic == "logs")
        #expect(append?.records.map(\.value) == [Array("v".utf8)])
        let another = client.cluster.pollAppend()
        #expect(another == nil)
        #expect(client.cluster.log(of: "logs", partition: 0)?.records.isEmpty == true)
        #expect(client.cluster.log(of: "logs", partition: 0)?.endOffset == 1)
    }
}
