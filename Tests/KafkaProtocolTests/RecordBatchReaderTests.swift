import KafkaProtocol
import Testing

@Suite("RecordBatchReader")
struct RecordBatchReaderTests {
    /// A record with its bytes as text, to compare with.
    private struct Plain: Equatable {
        var key: String?
        var value: String?
        var delta: Int64 = 0
        var headers: [String] = []
    }

    private static let time: Int64 = 1_700_000_000_000

    /// Reads all records of a batch.
    private func read(_ batch: [UInt8]) throws(RecordBatchError) -> [Plain] {
        var reader = try RecordBatchReader(batch, range: 0..<batch.count)
        let bytes = reader.bytes
        let text = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
        var records: [Plain] = []
        while let record = try reader.next() {
            #expect(Int(record.offsetDelta) == records.count)
            records.append(
                Plain(
                    key: record.key.map(text),
                    value: record.value.map(text),
                    delta: record.timestamp &- Self.time,
                    headers: record.headers.map {
                        "\(text($0.key))=\($0.value.map(text) ?? "null")"
                    }
                )
            )
        }
        return records
    }

    /// The checksum a batch should have.
    private func checksum(_ batch: [UInt8]) -> UInt32 {
        CRC32C.checksum(batch.span.extracting(RecordBatchLayout.attributes..<batch.count))
    }

    /// Puts a header in front of records, as a producer does.
    private func encode(_ header: RecordBatchHeader, into batch: inout [UInt8]) {
        var unsealed = batch.mutableSpan
        header.encode(into: &unsealed)
        let crc = checksum(batch)
        var sealed = batch.mutableSpan
        RecordBatchHeader.store(crc: crc, into: &sealed)
    }

    /// The batch with some bytes changed and the checksum made right again.
    private func batch(_ name: String, _ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes = Fixtures.batch(name)
        change(&bytes)
        let crc = checksum(bytes)
        var span = bytes.mutableSpan
        RecordBatchHeader.store(crc: crc, into: &span)
        return bytes
    }

    @Test("reads the golden batches")
    func golden() throws {
        #expect(try read(Fixtures.batch("plain_1rec")) == [Plain(value: "hello")])
        #expect(
            try read(Fixtures.batch("keyed_header_1rec"))
                == [Plain(key: "k1", value: "v1", delta: 5, headers: ["h=x", "n=null"])]
        )
        #expect(try read(Fixtures.batch("null_value_tombstone")) == [Plain(key: "k1")])
        #expect(try read(Fixtures.batch("empty_key_empty_value")) == [Plain(key: "", value: "")])
        let three = [
            Plain(value: "a"), Plain(key: "k", value: "b", delta: 1), Plain(value: "c", delta: -2),
        ]
        #expect(try read(Fixtures.batch("idempotent_3rec_none")) == three)
        #expect(try read(Fixtures.batch("txn_1rec")) == [Plain(value: "hello")])
        #expect(try read(Fixtures.batch("gzip_2rec")).count == 2)
    }

    @Test("writes the headers of the golden batches")
    func headers() throws {
        for (name, fixture) in Fixtures.batches.members where !name.hasPrefix("_") {
            let golden = Fixtures.bytes(hex: fixture["hex"].text)
            var reader = ByteReader(golden)
            let decoded = try RecordBatchHeader.decode(&reader)
            var header = RecordBatchHeader(
                recordByteCount: golden.count - RecordBatchLayout.headerSize,
                recordCount: decoded.recordCount,
                codec: name.hasPrefix("gzip") ? .gzip : .none,
                baseTimestamp: decoded.baseTimestamp,
                maxTimestamp: decoded.maxTimestamp,
                producerID: decoded.producerID,
                producerEpoch: decoded.producerEpoch,
                baseSequence: decoded.baseSequence
            )
            if name.hasPrefix("txn") { header.attributes |= RecordBatchLayout.transactionalBit }
            var bytes = golden
            for index in 0..<RecordBatchLayout.headerSize { bytes[index] = 0xee }
            encode(header, into: &bytes)
            #expect(bytes == golden, "\(name)")
        }
    }

    @Test("refuses a golden batch that is cut short, extended, or differs in a bit")
    func damaged() {
        for name in ["idempotent_3rec_none", "keyed_header_1rec", "gzip_2rec"] {
            let golden = Fixtures.batch(name)
            for count in golden.indices {
                #expect(throws: RecordBatchError.self) { try read(Array(golden[..<count])) }
            }
            #expect(throws: RecordBatchError.self) { try read(golden + [0]) }
            for index in golden.indices where !(12..<16).contains(index) {
                for bit in 0..<8 {
                    var damaged = golden
                    damaged[index] ^= 1 << UInt8(bit)
                    #expect(throws: RecordBatchError.self) { try read(damaged) }
                }
            }
        }
    }

    @Test("does not trap whatever byte is another behind a right checksum")
    func hostile() {
        var refusals = 0
        for name in ["idempotent_3rec_none", "keyed_header_1rec", "gzip_2rec"] {
            for index in RecordBatchLayout.attributes..<Fixtures.batch(name).count {
                for value: UInt8 in [0, 1, 2, 0x7f, 0x80, 0x81, 0xfe, 0xff] {
                    let hostile = batch(name) { $0[index] = value }
                    do throws(RecordBatchError) { _ = try read(hostile) } catch { refusals += 1 }
                }
            }
        }
        #expect(refusals > 0)
    }

    @Test("refuses header fields that no producer may send")
    func fields() {
        let expectations: [(offset: Int, value: UInt8, RecordBatchError)] = [
            (7, 1, .wrongHeader(field: "base_offset", value: 1)),
            (16, 1, .wrongMagic(1)),
            (22, 0x08, .wrongHeader(field: "attributes", value: 8)),
            (22, 0x20, .wrongHeader(field: "attributes", value: 32)),
            (22, 0x40, .wrongHeader(field: "attributes", value: 64)),
            (22, 0x05, .unknownCodec(5)),
            (22, 0x01, .notDecompressed(.damaged)),
            (26, 3, .wrongHeader(field: "last_offset_delta", value: 3)),
            (42, 9, .wrongHeader(field: "max_timestamp", value: Self.time + 9)),
            (53, 0x80, .wrongHeader(field: "base_sequence", value: Int64(Int32.min))),
            (60, 0, .wrongHeader(field: "records_count", value: 0)),
        ]
        for (offset, value, error) in expectations {
            let changed = batch("idempotent_3rec_none") { bytes in
                bytes[offset] = value
                if offset == 42 { bytes[41] = 0x68 }
            }
            #expect(throws: error) { try read(changed) }
        }
    }

    @Test("refuses plain records of every codec: those of a build, and others for what they are")
    func codecs() {
        for codec in CompressionCodec.allCases where codec != .none {
            let changed = batch("idempotent_3rec_none") { $0[22] = UInt8(codec.rawValue) }
            let error = #expect(throws: RecordBatchError.self) { try read(changed) }
            switch error {
            case .notDecompressed: #expect(codec.isBuiltIn)
            case .codecNotBuiltIn(let named): #expect(!codec.isBuiltIn && named == codec)
            default: Issue.record("\(codec): \(String(describing: error))")
            }
        }
    }

    @Test("refuses records that are out of order or not what they say")
    func records() {
        // The second record begins at 69: length, attributes, timestamp, offset, key...
        let outOfOrder = batch("idempotent_3rec_none") { $0[72] = 4 }
        #expect(throws: RecordBatchError.wrongRecord(index: 1, field: "offset_delta", value: 2)) {
            try read(outOfOrder)
        }
        let attributes = batch("idempotent_3rec_none") { $0[70] = 1 }
        #expect(throws: RecordBatchError.wrongRecord(index: 1, field: "attributes", value: 1)) {
            try read(attributes)
        }
        let shorter = batch("plain_1rec") { $0[61] = 0x14 }
        #expect(throws: RecordBatchError.self) { try read(shorter) }
        let nullHeaderKey = batch("keyed_header_1rec") { $0[72] = 0x01 }
        #expect(throws: RecordBatchError.self) { try read(nullHeaderKey) }
        let fewer = batch("idempotent_3rec_none") { bytes in
            bytes[60] = 2
            bytes[26] = 1
        }
        let left = WireError("records", at: 78, .trailingBytes(8))
        #expect(throws: RecordBatchError.malformed(left)) { try read(fewer) }
    }

    @Test("says which code a broker answers")
    func codes() {
        #expect(RecordBatchError.wrongChecksum(claimed: 1, actual: 2).errorCode == .corruptMessage)
        #expect(RecordBatchError.wrongMagic(1).errorCode == .invalidRecord)
        #expect(RecordBatchError.unknownCodec(7).errorCode == .unsupportedCompressionType)
    }
}
