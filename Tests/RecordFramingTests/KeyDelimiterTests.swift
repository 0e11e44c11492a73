import RecordFraming
import Testing

@Suite("Keys split off by -K")
struct KeyDelimiterTests {
    private func keyed(
        by key: String = ":",
        framing: Framing = .delimited(.newline),
        crlf: Bool = false,
        emptyIsNull: Bool = false,
        skipsEmpty: Bool = false,
        maxRecord: Int = 100
    ) -> FramingConfiguration {
        FramingConfiguration(
            framing: framing,
            keyDelimiter: Array(key.utf8),
            stripsCarriageReturn: crlf,
            emptyIsNull: emptyIsNull,
            skipsEmpty: skipsEmpty,
            maxRecord: maxRecord
        )
    }

    @Test("end at the first delimiter; without one there is no key")
    func firstOccurrence() {
        expectEveryCut(
            of: "k:v:w\nnone\n:x",
            keyed(),
            [
                .record(key: "k", value: "v:w", size: 6), .record("none", size: 5),
                .record(key: "", value: "x", size: 2),
            ]
        )
    }

    @Test("end with a delimiter of several bytes, however it is cut")
    func longDelimiter() {
        expectEveryCut(
            of: "a==>b\n=>\n",
            keyed(by: "=>"),
            [.record(key: "a=", value: "b", size: 6), .record(key: "", value: "", size: 3)]
        )
    }

    @Test("do not end in the next record")
    func nextRecord() {
        expectEveryCut(
            of: "a=\n>b=>\n",
            keyed(by: "=>"),
            [.record("a=", size: 3), .record(key: ">b", value: "", size: 5)]
        )
    }

    @Test("leave a null value with -Z, and stay empty themselves")
    func emptyIsNull() {
        expectEveryCut(
            of: "k:\n:\n\n:v\n",
            keyed(emptyIsNull: true),
            [
                .record(key: "k", value: .null, size: 3),
                .record(key: "", value: .null, size: 2), .record(.null, size: 1),
                .record(key: "", value: "v", size: 3),
            ]
        )
    }

    @Test("keep a record without a value from being empty")
    func skipsEmpty() {
        expectEveryCut(
            of: "k:\n\n:\n",
            keyed(skipsEmpty: true),
            [
                .record(key: "k", value: "", size: 3), .skipped(size: 1),
                .record(key: "", value: "", size: 2),
            ]
        )
    }

    @Test("count with their value, and without the delimiter, towards the largest record")
    func maxRecord() {
        expectEveryCut(
            of: "a=>bc\na=>bcd\n",
            keyed(by: "=>", maxRecord: 3),
            [.record(key: "a", value: "bc", size: 6), .tooLong(3, size: 7)]
        )
        expectEveryCut(
            of: "abcd\nabc\nabcde",
            keyed(by: "=>", maxRecord: 3),
            [.tooLong(3, size: 5), .record("abc", size: 4), .tooLong(3, size: 5)]
        )
        expectEveryCut(
            of: "a:bc\r\nb\r\n",
            keyed(crlf: true, maxRecord: 3),
            [.record(key: "a", value: "bc", size: 6), .record("b", size: 3)]
        )
    }

    @Test("are split off frames and whole FILEs as well")
    func otherFramings() {
        expectEveryCut(
            of: [3, 0x6b, 0x3a, 0x76, 1, 0x6e, 0],
            keyed(framing: .prefixed(.u8)),
            [
                .record(key: "k", value: "v", size: 4), .record("n", size: 2),
                .record("", size: 1),
            ]
        )
        expectEveryCut(
            of: "k:v\nw",
            keyed(framing: .whole),
            [.record(key: "k", value: "v\nw", size: 5)]
        )
    }

    @Test("count the same way in frames and whole FILEs")
    func maxRecordElsewhere() {
        let frames: [UInt8] = [4, 0x61, 0x3a, 0x62, 0x63, 4, 0x61, 0x62, 0x63, 0x64, 1, 0x61]
        expectEveryCut(
            of: frames,
            keyed(framing: .prefixed(.u8), maxRecord: 3),
            [
                .record(key: "a", value: "bc", size: 5), .tooLong(3, size: 5),
                .record("a", size: 2),
            ]
        )
        let whole = keyed(framing: .whole, maxRecord: 3)
        expectEveryCut(of: "a:bc", whole, [.record(key: "a", value: "bc", size: 4)])
        expectEveryCut(of: "abcd", whole, [.tooLong(3, size: 4)])
    }
}
