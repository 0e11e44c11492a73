import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

@Suite("What a broker makes of a batch")
struct BatchVerdictTests {
    /// Something that no producer may send, and the code it gets.
    struct Wrong: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: Int16
        let change: @Sendable (inout SampleBatch) -> Void

        init(
            _ what: String,
            _ code: Int16,
            _ change: @escaping @Sendable (inout SampleBatch) -> Void
        ) {
            testDescription = what
            self.code = code
            self.change = change
        }
    }

    /// Changes to a batch of two good records.
    static let wrongs = [
        Wrong("base offset", 87) { $0.baseOffset = 1 },
        Wrong("magic", 87) { $0.magic = 1 },
        Wrong("checksum", 2) { $0.checksumError = 1 },
        Wrong("length, short", 87) { $0.lengthError = -1 },
        Wrong("length, long", 87) { $0.lengthError = 1 },
        Wrong("last offset delta", 87) { $0.lastOffsetDelta = 5 },
        Wrong("count", 87) { $0.recordCount = 3 },
        Wrong("no records", 87) { $0.records = [] },
        Wrong("negative count", 87) { $0.recordCount = -1 },
        Wrong("log append time", 32) { $0.attributes = 0b1000 },
        Wrong("transaction", 48) { $0.attributes = 0b1_0000 },
        Wrong("control batch", 87) { $0.attributes = 0b10_0000 },
        Wrong("unknown codec", -1) { $0.attributes = 5 },
        Wrong("id without sequence", 87) { $0.producerID = 1 },
        Wrong("sequence without id", 87) { $0.baseSequence = 1 },
        Wrong("max timestamp", 87) { $0.maxTimestamp = 0 },
        Wrong("first timestamp", 87) { $0.records[0].timestampDelta = 1 },
        Wrong("timestamp overflow", 87) { $0.records[1].timestampDelta = .max },
        Wrong("offset delta", 87) { $0.records[1].offsetDelta = 2 },
        Wrong("record attributes", 87) { $0.records[0].attributes = 1 },
        Wrong("record length, long", 87) { $0.records[0].excess = 1 },
        Wrong("record length, short", 87) { $0.records[0].excess = -1 },
        Wrong("header without key", 87) { $0.records[0].headers = [(nil, nil)] },
        Wrong("header key", 87) { $0.records[0].headers = [([0xff], nil)] },
        Wrong("no bytes", 87) { $0.payload = [] },
        Wrong("endless varint", 87) { $0.payload = Array(repeating: 0xff, count: 40) },
        Wrong("bad gzip", -1) { $0.attributes = 1 },
    ]

    @Test("appends a good batch and answers with its offset")
    func good() throws {
        var client = Dialogue()
        let connection = try client.connect()
        var record = SampleBatch.Record("one", key: "k")
        record.headers = [(Array("h".utf8), Array("x".utf8)), (Array("n".utf8), nil)]
        var late = SampleBatch.Record(nil)
        late.timestampDelta = 5
        let first = try client.produce(SampleBatch(records: [record, late]), on: connection)
        #expect(first.errorCode == .none)
        #expect(first.baseOffset == 0)
        #expect(first.logAppendTimeMilliseconds == -1)
        #expect(first.logStartOffset == 0)
        #expect(try client.produce(SampleBatch(), on: connection).baseOffset == 2)

        let log = try #require(client.cluster.log(of: "logs", partition: 0))
        #expect(log.endOffset == 3)
        #expect(log.records.map(\.offset) == [0, 1, 2])
        #expect(log.records[0].key == Array("k".utf8))
        #expect(log.records[0].value == Array("one".utf8))
        #expect(
            log.records[0].headers == [
                .init(key: Array("h".utf8), value: Array("x".utf8)),
                .init(key: Array("n".utf8), value: nil),
            ]
        )
        #expect(log.records[1].key == nil)
        #expect(log.records[1].value == nil)
        #expect(log.records[1].timestamp == 1_700_000_000_005)
        #expect(log.records[1].sequence == -1)
        #expect(client.violations().isEmpty)
    }

    @Test(
        "refuses what no producer may send, appends nothing of it, and says that it is wrong",
        arguments: wrongs
    )
    func refuses(_ wrong: Wrong) throws {
        var client = Dialogue()
        let connection = try client.connect()
        let batch = SampleBatch(count: 2).with(wrong.change)
        #expect(try client.code(batch, on: connection) == wrong.code)
        #expect(client.cluster.log(of: "logs", partition: 0)?.endOffset == 0)
        #expect(client.violations().count == 1)
    }

    @Test("refuses two batches, half a batch and none")
    func batchCount() throws {
        var client = Dialogue()
        let connection = try client.connect()
        let batch = SampleBatch().bytes
        for bytes in [batch + batch, Array(batch.dropLast()), Array(batch.prefix(60)), []] {
            let response = try client.produceResponse(bytes, on: connection)
            #expect(response.topics[0].partitions[0].errorCode == .invalidRecord)
        }
        #expect(client.violations().count == 4)
        #expect(client.cluster.log(of: "logs", partition: 0)?.endOffset == 0)
    }

    @Test("finds a wrong bit wherever it is, and never traps on it")
    func everyBit() throws {
        var client = Dialogue()
        let connection = try client.connect()
        var records = [SampleBatch.Record("value", key: "key"), SampleBatch.Record(nil)]
        records[0].headers = [(Array("h".utf8), Array("x".utf8))]
        let good = SampleBatch(records: records).bytes
        for bit in 0..<good.count * 8 {
            // Nobody looks at the leader's epoch: the broker writes its own.
            if (12..<16).contains(bit / 8) { continue }
            var bytes = good
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let response = try client.produceResponse(bytes, on: connection)
            #expect(response.topics[0].partitions[0].errorCode != .none)
        }
        #expect(client.cluster.log(of: "logs", partition: 0)?.endOffset == 0)
    }

    @Test("never traps on records that are broken behind a right checksum")
    func everyBitOfRecords() throws {
        var client = Dialogue()
        let connection = try client.connect()
        var records = [SampleBatch.Record("value", key: "key"), SampleBatch.Record(nil)]
        records[0].headers = [(Array("h".utf8), Array("x".utf8))]
        let good = Array(SampleBatch(records: records).bytes[61...])
        var acceptedCount = 0
        for bit in 0..<good.count * 8 {
            var payload = good
            payload[bit / 8] ^= 1 << UInt8(bit % 8)
            let batch = SampleBatch(records: records).with { $0.payload = payload }
            acceptedCount += try client.code(batch, on: connection) == 0 ? 1 : 0
        }
        // The letters of `key`, `value`, `h` and `x` may change, but for the header key's highest
        // bit: it is not UTF-8 then. Of the structure, the second record's key and value may become
        // empty instead of null, and its timestamp may fall by 1.
        #expect(acceptedCount == (3 + 5 + 1 + 1) * 8 - 1 + 3)
        for end in good.indices {
            let batch = SampleBatch(records: records).with { $0.payload = Array(good[..<end]) }
            #expect(try client.code(batch, on: connection) == 87)
        }
    }

    @Test("takes zstd from Produce 7 on, and no codec that it cannot look into")
    func codecs() throws {
        var client = Dialogue()
        let connection = try client.connect()
        let zstd = SampleBatch().with { $0.attributes = 4 }
        #expect(try client.code(zstd, on: connection, version: 6) == 76)
        #expect(client.violations().count == 1)
        for codec in CompressionCodec.allCases where codec != .none {
            let plain = SampleBatch().with { $0.attributes = Int16(codec.rawValue) }
            let code = try client.code(plain, on: connection, version: 7)
            // Records that are not compressed are no codec's.
            #expect(code == (codec.isBuiltIn ? -1 : 76), "\(codec)")
            #expect(client.violations().count == (codec.isBuiltIn ? 1 : 0), "\(codec)")
        }
    }

    @Test("looks at the size before it looks for duplicates")
    func size() throws {
        var client = Dialogue()
        let connection = try client.connect()
        let batch = SampleBatch(sequence: 0)
        #expect(try client.code(batch, on: connection) == 0)
        #expect(try client.code(batch, on: connection) == 0)
        client.cluster.configuration.maxMessageBytes = batch.bytes.count
        #expect(try client.code(batch, on: connection) == 0)
        client.cluster.configuration.maxMessageBytes = batch.bytes.count - 1
        #expect(try client.code(batch, on: connection) == 10)
        #expect(try client.code(SampleBatch(sequence: 1), on: connection) == 10)
        client.cluster.setOptions(
            FakeTopic.Options().with { $0.maxMessageBytes = 1000 },
            of: "logs"
        )
        #expect(try client.code(batch, on: connection) == 0)
        #expect(client.values().count == 1)
        #expect(client.violations().isEmpty)
    }

    @Test("names the records that a compacted topic or their timestamps do not allow")
    func guilty() throws {
        var client = Dialogue()
        let connection = try client.connect()
        client.cluster.setOptions(FakeTopic.Options().with { $0.isCompacted = true }, of: "logs")
        var records = [
            SampleBatch.Record("a", key: "k"), SampleBatch.Record("b"),
            SampleBatch.Record("c", key: ""), SampleBatch.Record("d"),
        ]
        var answer = try client.produce(SampleBatch(records: records), on: connection)
        #expect(answer.errorCode == .invalidRecord)
        #expect(answer.baseOffset == -1)
        #expect(answer.recordErrors.map(\.batchIndex) == [1, 3])
        let message = "Compacted topic cannot accept message without key in topic partition logs-0"
        #expect(answer.recordErrors.map(\.message) == [message, message])
        #expect(
            answer.errorMessage
                == "One or more records have been rejected due to 2 record errors in total, and "
                + "only showing the first three errors at most: [RecordError(batchIndex=1, message="
                + "'\(message)'), RecordError(batchIndex=3, message='\(message)')]"
        )

        // One bad timestamp gives the whole batch its code.
        records[2].timestampDelta = 3_600_001
        answer = try client.produce(SampleBatch(records: records), on: connection)
        #expect(answer.errorCode == .invalidTimestamp)
        #expect(answer.recordErrors.map(\.batchIndex) == [1, 2, 3])

        // An hour later it is not in the future any more.
        client.now = client.now.advanced(by: .milliseconds(1))
        answer = try client.produce(SampleBatch(records: records), on: connection)
        #expect(answer.errorCode == .invalidRecord)
        client.cluster.configuration.timestampBeforeMax = .seconds(1)
        client.now = client.now.advanced(by: .seconds(2))
        answer = try client.produce(SampleBatch(records: records), on: connection)
        #expect(answer.recordErrors.map(\.batchIndex) == [0, 1, 3])
        #expect(client.violations().isEmpty)
        #expect(client.values().isEmpty)
    }
}

extension FakeTopic.Options {
    /// The options with something changed.
    fileprivate func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
