import KafkaProtocol
import Testing

@Suite("ByteReader and ByteWriter")
struct PrimitivesTests {
    @Test("write and read variable-length integers as Kafka does")
    func varints() throws {
        for (number, hex) in Fixtures.batches["_varint"].members {
            let value = try #require(Int64(number))
            let expected = Fixtures.bytes(hex: hex.text)
            var writer = ByteWriter()
            writer.varlong(value)
            #expect(writer.bytes == expected)
            #expect(Varint.size(ofZigzag: value) == expected.count)
            var reader = ByteReader(expected)
            #expect(try reader.varlong("value") == value)
            try reader.finish("value")
        }
    }

    @Test("know the size of an unsigned integer at each power of two")
    func sizes() {
        #expect(Varint.size(ofUnsigned: 0) == 1)
        for bit in 0..<64 {
            var writer = ByteWriter()
            writer.varlong(Varint.unzigzag(1 << UInt64(bit)))
            #expect(Varint.size(ofUnsigned: 1 << UInt64(bit)) == writer.count)
        }
    }

    @Test(
        "refuse integers that do not end or do not fit",
        arguments: ["8080808080", "ffffffff10", "ffffffffff01", "ffffffffff"]
    )
    func longVarint(hex: String) {
        var reader = ByteReader(Fixtures.bytes(hex: hex))
        #expect(throws: WireError("size", at: 0, .varintTooLong)) { try reader.uvarint("size") }
    }

    @Test("refuse a 64-bit integer that does not fit")
    func longVarlong() throws {
        var widest = ByteReader(Fixtures.bytes(hex: "ffffffffffffffffff01"))
        #expect(try widest.varlong("delta") == .min)
        var reader = ByteReader(Fixtures.bytes(hex: "ffffffffffffffffff02"))
        #expect(throws: WireError("delta", at: 0, .varintTooLong)) { try reader.varlong("delta") }
    }

    @Test("keep every number")
    func numbers() throws {
        var writer = ByteWriter()
        writer.int8(-2)
        writer.int16(-300)
        writer.int32(.min)
        writer.uint32(.max)
        writer.int64(0x0102_0304_0506_0708)
        writer.bool(true)
        writer.uvarint(300)
        writer.varint(-300)
        writer.topicID(Fixtures.topicID)
        writer.patch(int32: 7, at: 3)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.int8("a") == -2)
        #expect(try reader.int16("b") == -300)
        #expect(try reader.int32("c") == 7)
        #expect(try reader.uint32("d") == .max)
        #expect(try reader.int64("e") == 0x0102_0304_0506_0708)
        #expect(try reader.bool("f"))
        #expect(try reader.uvarint("g") == 300)
        #expect(try reader.varint("h") == -300)
        #expect(try reader.topicID("i") == Fixtures.topicID)
        try reader.finish("j")
    }

    @Test("keep text and null", arguments: [true, false])
    func text(flexible: Bool) throws {
        var writer = ByteWriter()
        writer.string("caf\u{e9}", flexible: flexible)
        writer.nullableString("", flexible: flexible)
        writer.nullableString(nil, flexible: flexible)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.string("a", flexible: flexible) == "caf\u{e9}")
        #expect(try reader.nullableString("b", flexible: flexible) == "")
        #expect(throws: WireError("c", at: reader.offset, .unexpectedNull)) {
            try reader.string("c", flexible: flexible)
        }
    }

    @Test("refuse text that is not UTF-8")
    func invalidText() {
        var reader = ByteReader([0, 2, 0xc3, 0x28])
        #expect(throws: WireError("name", at: 2, .invalidText)) {
            try reader.string("name", flexible: false)
        }
    }

    @Test("refuse lengths below null, and lengths past the end")
    func lengths() {
        var negative = ByteReader([0xff, 0xfe, 0, 0])
        #expect(throws: WireError("name", at: 0, .negativeLength(-2))) {
            try negative.string("name", flexible: false)
        }
        var long = ByteReader([0, 3, 0, 0])
        #expect(throws: WireError("name", at: 2, .truncated(needed: 3, remaining: 2))) {
            try long.string("name", flexible: false)
        }
        var records = ByteReader([0x7f, 0xff, 0xff, 0xff, 0])
        #expect(throws: WireError("records", at: 4, .truncated(needed: 0x7fff_ffff, remaining: 1)))
        {
            try records.nullableBytes("records", flexible: false)
        }
    }

    @Test("refuse a count that what is left cannot hold")
    func counts() throws {
        let plain = WireError("topics", at: 0, .countTooLarge(count: 2, limit: 1))
        var reader = ByteReader([0, 0, 0, 2, 1, 2, 3, 4, 5])
        #expect(throws: plain) {
            try reader.arrayCount("topics", flexible: false, minimumElementSize: 3)
        }
        var compact = ByteReader([3, 1, 2, 3, 4, 5, 6])
        #expect(try compact.arrayCount("topics", flexible: true, minimumElementSize: 3) == 2)
        var null = ByteReader([0])
        #expect(try null.nullableArrayCount("a", flexible: true, minimumElementSize: 1) == nil)
    }

    @Test("pass over tags they do not know, and refuse a known one of another size")
    func tags() throws {
        // Tag 5 of two bytes, tag 0 of four, then one byte that is none of theirs.
        let bytes: [UInt8] = [2, 5, 2, 0xaa, 0xbb, 0, 4, 0, 0, 0, 9, 0xcc]
        var reader = ByteReader(bytes)
        var value: Int32 = 0
        try reader.taggedFields("body", flexible: true) { (tag, field) throws(WireError) in
            guard tag == 0 else { return false }
            value = try field.int32("leader")
            return true
        }
        #expect(value == 9)
        #expect(reader.remaining == 1)
        var short = ByteReader(bytes)
        #expect(throws: WireError("body", at: 9, .trailingBytes(2))) {
            try short.taggedFields("body", flexible: true) { (tag, field) throws(WireError) in
                guard tag == 0 else { return false }
                _ = try field.int16("leader")
                return true
            }
        }
    }

    @Test("print a topic's identity as Kafka's tools do")
    func topicID() {
        #expect(TopicID.zero.description == "AAAAAAAAAAAAAAAAAAAAAA")
        #expect(Fixtures.topicID.description == "ASNFZ4mrze8BI0VniavN7w")
        #expect(TopicID(high: .max, low: .max).description == "_____________________w")
    }

    @Test("say what was wrong in words")
    func words() {
        let error = WireError("topics", at: 12, .countTooLarge(count: 9, limit: 1))
        #expect("\(error)" == "topics at byte 12: a count of 9, 1 could fit")
    }
}
