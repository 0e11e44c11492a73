import RecordFraming
import Testing

@Suite("Key frames")
struct KeyFrameTests {
    private func keyed(
        _ prefix: LengthPrefix,
        emptyIsNull: Bool = false,
        skipsEmpty: Bool = false,
        maxRecord: Int = 100
    ) -> FramingConfiguration {
        FramingConfiguration(
            framing: .prefixed(prefix),
            hasKeyFrames: true,
            emptyIsNull: emptyIsNull,
            skipsEmpty: skipsEmpty,
            maxRecord: maxRecord
        )
    }

    @Test("stand before value frames, in every framing", arguments: LengthPrefix.allCases)
    func everyPrefix(_ prefix: LengthPrefix) {
        let input = Frames.frame("k", prefix) + Frames.frame("ab", prefix)
        let expected = [Found.record(key: "k", value: "ab", size: input.count)]
        expectEveryCut(of: input, keyed(prefix), expected)
        expectEveryCut(of: input + input, keyed(prefix), expected + expected)
    }

    @Test("are null with a length of -1, and so are their values")
    func null() {
        for prefix in LengthPrefix.allCases where prefix.hasNull {
            let width = prefix.largestSize
            for (key, value) in [(Field.null, Field.null), ("k", .null), (.null, "v"), ("", "")] {
                let input = Frames.frame(key, prefix) + Frames.frame(value, prefix)
                expectEveryCut(
                    of: input,
                    keyed(prefix),
                    [.record(key: key, value: value, size: input.count)]
                )
                #expect(input.count >= 2 * width)
            }
        }
    }

    @Test("without bytes stay empty with -Z, and count as keys with --skip-empty")
    func empty() {
        expectEveryCut(
            of: [0, 0, 1, 7, 0],
            keyed(.u8, emptyIsNull: true),
            [
                .record(key: "", value: .null, size: 2),
                .record(key: .bytes([7]), value: .null, size: 3),
            ]
        )
        expectEveryCut(
            of: [0, 0, 1, 7, 0],
            keyed(.u8, skipsEmpty: true),
            [
                .record(key: "", value: "", size: 2),
                .record(key: .bytes([7]), value: "", size: 3),
            ]
        )
        expectEveryCut(
            of: [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
            keyed(.u32, skipsEmpty: true),
            [.skipped(size: 8)]
        )
    }

    @Test("that nothing follows are cut short")
    func cutShort() {
        expectEveryCut(
            of: [1, 7, 1, 8, 1, 9],
            keyed(.u8),
            [
                .record(key: .bytes([7]), value: .bytes([8]), size: 4),
                .broken(.cutShort, size: 2),
            ]
        )
        expectEveryCut(of: [1, 7, 2, 8], keyed(.u8), [.broken(.cutShort, size: 4)])
        expectEveryCut(of: [0], keyed(.u8), [.broken(.cutShort, size: 1)])
        expectEveryCut(
            of: [4, 1, 2, 3, 4],
            keyed(.u8, maxRecord: 2),
            [.broken(.cutShort, size: 5)]
        )
    }

    @Test("count with their values towards the largest record")
    func maxRecord() {
        expectEveryCut(
            of: [1, 7, 2, 8, 9, 2, 7, 7, 2, 8, 9, 0],
            keyed(.u8, maxRecord: 3),
            [
                .record(key: .bytes([7]), value: .bytes([8, 9]), size: 5),
                .tooLong(3, size: 6), .broken(.cutShort, size: 1),
            ]
        )
    }

    @Test("that are too long take their values with them")
    func tooLongKey() {
        let end: [UInt8] = [0, 1, 5]
        let last = Found.record(key: "", value: .bytes([5]), size: 3)
        expectEveryCut(
            of: [4, 1, 2, 3, 4, 2, 8, 9] + end,
            keyed(.u8, maxRecord: 3),
            [.tooLong(3, size: 8), last]
        )
        expectEveryCut(
            of: [4, 1, 2, 3, 4, 0] + end,
            keyed(.u8, maxRecord: 3),
            [.tooLong(3, size: 6), last]
        )
        let null = Frames.frame("abc", .u32) + Frames.frame(.null, .u32)
        expectEveryCut(
            of: null + null,
            keyed(.u32, maxRecord: 2),
            [.tooLong(2, size: 11), .tooLong(2, size: 11)]
        )
    }

    @Test("end the FILE where a length is corrupt, their own or their values'")
    func corrupt() {
        let negative = Frames.prefix(UInt64(bitPattern: -3), .u32)
        let key = Frames.frame("abc", .u32)
        expectEveryCut(
            of: negative + key,
            keyed(.u32),
            [.broken(.negativeLength(-3), size: 4)]
        )
        for maxRecord in [2, 3] {
            expectEveryCut(
                of: key + negative,
                keyed(.u32, maxRecord: maxRecord),
                [.broken(.negativeLength(-3), size: 11)]
            )
        }
    }

    @Test("are compared with the end of a regular file, and so are their values")
    func pastEnd() {
        for maxRecord in [0, 9] {
            expectEveryCut(
                of: [3, 1, 2],
                keyed(.u8, maxRecord: maxRecord),
                isRegularFile: true,
                [.broken(.lengthPastEnd(length: 3, remaining: 2), size: 1)]
            )
            expectEveryCut(
                of: [2, 1, 2, 5, 1],
                keyed(.u8, maxRecord: maxRecord),
                isRegularFile: true,
                [.broken(.lengthPastEnd(length: 5, remaining: 1), size: 4)]
            )
        }
    }

    @Test("make the same bytes again when they are put back together")
    func roundTrip() {
        for prefix in LengthPrefix.allCases {
            var choices = Choices()
            while choices.next() {
                var input: [UInt8] = []
                for _ in 0..<2 * choices.upTo(2) {
                    let count = choices.upTo(prefix.hasNull ? 3 : 2)
                    let field: Field = count == 3 ? .null : .bytes([0xff, 0x00].suffix(count))
                    input += Frames.frame(field, prefix)
                }
                let delivery = Delivery(input: input, configuration: keyed(prefix))
                let found = delivery.found(pieceEnds: Array(0...input.count))
                #expect(Frames.unframe(found, prefix) == input)
            }
        }
    }
}
