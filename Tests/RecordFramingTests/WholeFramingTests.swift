import RecordFraming
import Testing

@Suite("Whole FILEs")
struct WholeFramingTests {
    private func whole(
        emptyIsNull: Bool = false,
        skipsEmpty: Bool = false,
        maxRecord: Int = 5
    ) -> FramingConfiguration {
        FramingConfiguration(
            framing: .whole,
            emptyIsNull: emptyIsNull,
            skipsEmpty: skipsEmpty,
            maxRecord: maxRecord
        )
    }

    @Test("are one record each, newlines and all")
    func oneRecord() {
        expectEveryCut(of: "a\n\0b\n", whole(), [.record("a\n\0b\n", size: 5)])
    }

    @Test("are one record each when they are empty")
    func empty() {
        expectEveryCut(of: "", whole(), [.record("", size: 0)])
        expectEveryCut(of: "", whole(emptyIsNull: true), [.record(.null, size: 0)])
        expectEveryCut(of: "", whole(skipsEmpty: true), [.skipped(size: 0)])
    }

    @Test("with more bytes than a record may have are one failure")
    func tooLong() {
        expectEveryCut(of: "abcde", whole(), [.record("abcde", size: 5)])
        expectEveryCut(of: "abcdef", whole(), [.tooLong(5, size: 6)])
        expectEveryCut(of: "abcdefghijkl", whole(maxRecord: 2), [.tooLong(2, size: 12)])
        expectEveryCut(of: "a", whole(maxRecord: 0), [.tooLong(0, size: 1)])
    }

    @Test("follow each other after a reset")
    func reset() {
        var framer = RecordFramer(whole())
        let record = Framed.record(FramedRecord(key: nil, value: .range(0..<0), size: 0))
        let empty: [UInt8] = []
        for _ in 0..<2 {
            #expect(framer.next(empty.span, atEnd: true, remainingFileBytes: 0) == record)
            #expect(framer.next(empty.span, atEnd: true, remainingFileBytes: 0) == record)
            framer.didConsume()
            #expect(framer.next(empty.span, atEnd: true, remainingFileBytes: 0) == .ended)
            framer.reset()
        }
    }
}
