import RecordFraming
import Testing

@Suite("Length-prefixed records")
struct PrefixedFramingTests {
    private func frames(
        _ prefix: LengthPrefix,
        emptyIsNull: Bool = false,
        skipsEmpty: Bool = false,
        maxRecord: Int = 100
    ) -> FramingConfiguration {
        FramingConfiguration(
            framing: .prefixed(prefix),
            emptyIsNull: emptyIsNull,
            skipsEmpty: skipsEmpty,
            maxRecord: maxRecord
        )
    }

    @Test("are found in every framing, however they are cut", arguments: LengthPrefix.allCases)
    func everyPrefix(_ prefix: LengthPrefix) {
        let width = Frames.prefix(1, prefix).count
        let ab = Frames.frame("ab", prefix)
        expectEveryCut(of: ab, frames(prefix), [.record("ab", size: width + 2)])
        let more = Frames.frame("", prefix) + Frames.frame(.bytes([0, 0xff, 0x0a]), prefix)
        expectEveryCut(
            of: more,
            frames(prefix),
            [.record("", size: width), .record(.bytes([0, 0xff, 0x0a]), size: width + 3)]
        )
        expectEveryCut(of: [], frames(prefix), [])
    }

    @Test("are null with a length of -1, where the width has one", arguments: LengthPrefix.allCases)
    func null(_ prefix: LengthPrefix) {
        let width = prefix.largestSize
        let input = Frames.prefix(UInt64.max, prefix)
        if prefix.hasNull {
            let next = Frames.frame("x", prefix)
            expectEveryCut(
                of: input + next,
                frames(prefix, skipsEmpty: true),
                [.record(.null, size: width), .record("x", size: width + 1)]
            )
        } else {
            expectEveryCut(of: input, frames(prefix), [.broken(.cutShort, size: width)])
        }
    }

    @Test("end the FILE at a negative length other than -1")
    func negative() {
        for (prefix, width) in [(LengthPrefix.u32, 4), (.u32le, 4), (.u64, 8), (.u64le, 8)] {
            for length in [Int64(-2), Int64(Int32.min)] {
                let input = Frames.prefix(UInt64(bitPattern: length), prefix)
                expectEveryCut(
                    of: [UInt8](input + [1, 2]),
                    frames(prefix),
                    [.broken(.negativeLength(length), size: width)]
                )
            }
        }
        expectEveryCut(
            of: [0x80, 0, 0, 0, 0, 0, 0, 0],
            frames(.u64),
            [.broken(.negativeLength(Int64.min), size: 8)]
        )
    }

    @Test("keep the bytes of other widths unsigned")
    func unsigned() {
        let zeros = [UInt8](repeating: 0, count: 255)
        expectEveryCut(
            of: [255] + zeros,
            frames(.u8, maxRecord: 255),
            [.record(.bytes(zeros), size: 256)]
        )
        let input = [0x80, 0x00] + [UInt8](repeating: 7, count: 0x8000) + [0, 0]
        let delivery = Delivery(input: input, configuration: frames(.u16, maxRecord: 9))
        #expect(
            delivery.found(pieceEnds: [input.count]) == [
                .tooLong(9, size: 0x8002), .record("", size: 2),
            ]
        )
    }

    @Test("may have a varint longer than it need be, up to ten bytes")
    func longVarint() {
        expectEveryCut(
            of: [0x81, 0x80, 0x00, 0x61],
            frames(.varint),
            [.record("a", size: 4)]
        )
        let ten: [UInt8] = [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]
        expectEveryCut(of: ten + [0x61], frames(.varint), [.record("a", size: 11)])
        expectEveryCut(
            of: [0xac, 0x02] + [UInt8](repeating: 1, count: 300),
            frames(.varint, maxRecord: 300),
            [.record(.bytes([UInt8](repeating: 1, count: 300)), size: 302)]
        )
    }

    @Test("end the FILE at a varint of more than 64 bits")
    func varintTooLong() {
        let nine = [UInt8](repeating: 0x80, count: 9)
        expectEveryCut(
            of: nine + [0x02, 0x00],
            frames(.varint),
            [.broken(.varintTooLong, size: 10)]
        )
        expectEveryCut(
            of: nine + [0x80, 0x00],
            frames(.varint),
            [.broken(.varintTooLong, size: 10)]
        )
        // 64 bits, all ones, is a length that no input has.
        let ones = [UInt8](repeating: 0xff, count: 9) + [0x01]
        expectEveryCut(of: ones + [0x61], frames(.varint), [.broken(.cutShort, size: 11)])
        expectEveryCut(
            of: ones + [0x61],
            frames(.varint),
            isRegularFile: true,
            [.broken(.lengthPastEnd(length: .max, remaining: 1), size: 10)]
        )
    }

    @Test("that the end of the input cuts short fail, and end the FILE")
    func cutShort() {
        expectEveryCut(
            of: [0, 1, 0x61, 0, 2, 0x62],
            frames(.u16),
            [.record("a", size: 3), .broken(.cutShort, size: 3)]
        )
        expectEveryCut(
            of: [0, 1, 0x61, 0],
            frames(.u16),
            [.record("a", size: 3), .broken(.cutShort, size: 1)]
        )
        expectEveryCut(of: [0x80], frames(.varint), [.broken(.cutShort, size: 1)])
        expectEveryCut(
            of: [5, 1, 2, 3],
            frames(.u8, maxRecord: 2),
            [.broken(.cutShort, size: 4)]
        )
    }

    @Test("with a length past the end of a regular file end it there, too long or not")
    func pastEnd() {
        let past = FramingFailure.Reason.lengthPastEnd(length: 3, remaining: 2)
        for maxRecord in [1, 100] {
            expectEveryCut(
                of: [1, 0x61, 3, 0x62, 0x63],
                frames(.u8, maxRecord: maxRecord),
                isRegularFile: true,
                [.record("a", size: 2), .broken(past, size: 1)]
            )
        }
        expectEveryCut(
            of: [1, 0x61, 0],
            frames(.u8),
            isRegularFile: true,
            [.record("a", size: 2), .record("", size: 1)]
        )
        expectEveryCut(of: [0], frames(.u16), isRegularFile: true, [.broken(.cutShort, size: 1)])
    }

    @Test("of the largest size are records, and one byte more is skipped by its length")
    func maxRecord() {
        expectEveryCut(
            of: [3, 1, 2, 3, 4, 1, 2, 3, 4, 1, 9],
            frames(.u8, maxRecord: 3),
            [
                .record(.bytes([1, 2, 3]), size: 4), .tooLong(3, size: 5),
                .record(.bytes([9]), size: 2),
            ]
        )
        expectEveryCut(
            of: [10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0],
            frames(.u8, maxRecord: 0),
            [.tooLong(0, size: 11), .record("", size: 1)]
        )
    }

    @Test("with nothing in them are null with -Z, and skipped with --skip-empty")
    func empty() {
        expectEveryCut(
            of: [0, 1, 7],
            frames(.u8, emptyIsNull: true),
            [.record(.null, size: 1), .record(.bytes([7]), size: 2)]
        )
        expectEveryCut(
            of: [0, 1, 7],
            frames(.u8, skipsEmpty: true),
            [.skipped(size: 1), .record(.bytes([7]), size: 2)]
        )
    }

    @Test("of ten gigabytes are one failure, and the next record is whole")
    func tenGigabytes() {
        var framer = RecordFramer(frames(.u64))
        var input = Frames.prefix(10_000_000_000, .u64) + [UInt8](repeating: 1, count: 1 << 20)
        var consumed = 0
        while case .discarding(let size) = framer.next(
            input.span,
            atEnd: false,
            remainingFileBytes: nil
        ) {
            consumed += size
            if consumed == size { input.removeFirst(8) }
        }
        // Within the last window the record ended, and its failure was returned.
        #expect(consumed == 10_000_000_008 - 10_000_000_000 % (1 << 20))
        let next = Frames.frame("next", .u64)
        #expect(
            framer.next(next.span, atEnd: false, remainingFileBytes: nil)
                == .record(FramedRecord(key: nil, value: .range(8..<12), size: 12))
        )
    }

    @Test("say nothing after the FILE was broken, until the next one")
    func afterBroken() {
        var framer = RecordFramer(frames(.u32))
        let input = Frames.prefix(UInt64(bitPattern: -9), .u32) + Frames.frame("a", .u32)
        let failure = FramingFailure(.negativeLength(-9), size: 4)
        #expect(
            framer.next(input.span, atEnd: false, remainingFileBytes: nil)
                == .broken(failure, size: 4)
        )
        #expect(framer.next(input.span, atEnd: false, remainingFileBytes: nil) == .ended)
        framer.reset()
        #expect(
            framer.next(input.span.extracting(4...), atEnd: false, remainingFileBytes: nil)
                == .record(FramedRecord(key: nil, value: .range(4..<5), size: 5))
        )
    }

    @Test("make the same bytes again when they are put back together")
    func roundTrip() {
        for prefix in LengthPrefix.allCases {
            var choices = Choices()
            while choices.next() {
                var input: [UInt8] = []
                for _ in 0..<choices.upTo(3) {
                    let count = choices.upTo(prefix.hasNull ? 3 : 2)
                    let field: Field = count == 3 ? .null : .bytes([0xff, 0x00].suffix(count))
                    input += Frames.frame(field, prefix)
                }
                let delivery = Delivery(input: input, configuration: frames(prefix))
                let found = delivery.found(pieceEnds: Array(0...input.count))
                #expect(Frames.unframe(found, prefix) == input)
            }
        }
    }
}
