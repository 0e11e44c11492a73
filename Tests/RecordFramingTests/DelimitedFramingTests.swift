import CByteSearch
import RecordFraming
import Testing

@Suite("Delimited records")
struct DelimitedFramingTests {
    private func lines(
        by delimiter: String = "\n",
        crlf: Bool = false,
        emptyIsNull: Bool = false,
        skipsEmpty: Bool = false,
        maxRecord: Int = 100
    ) -> FramingConfiguration {
        FramingConfiguration(
            framing: .delimited(Delimiter(Array(delimiter.utf8))),
            stripsCarriageReturn: crlf,
            emptyIsNull: emptyIsNull,
            skipsEmpty: skipsEmpty,
            maxRecord: maxRecord
        )
    }

    @Test("end with a newline, which the last may lack")
    func newlines() {
        expectEveryCut(
            of: "ab\n\nc\nd",
            lines(),
            [
                .record("ab", size: 3), .record("", size: 1), .record("c", size: 2),
                .record("d", size: 1),
            ]
        )
    }

    @Test("are not followed by another one where the input ends with a newline")
    func newlineAtEnd() {
        expectEveryCut(of: "ab\n", lines(), [.record("ab", size: 3)])
        expectEveryCut(of: "\n", lines(), [.record("", size: 1)])
        expectEveryCut(of: "\n\n", lines(), [.record("", size: 1), .record("", size: 1)])
        expectEveryCut(of: "", lines(), [])
    }

    @Test("may hold any byte: NUL, a lone CR, what is not UTF-8")
    func anyByte() {
        let input: [UInt8] = [0x00, 0xff, 0x0a, 0xc3, 0x0d, 0x00, 0x0a, 0x80]
        expectEveryCut(
            of: input,
            lines(),
            [
                .record(.bytes([0x00, 0xff]), size: 3),
                .record(.bytes([0xc3, 0x0d, 0x00]), size: 4), .record(.bytes([0x80]), size: 1),
            ]
        )
    }

    @Test("end with NUL, and hold newlines")
    func nulDelimiter() {
        let configuration = FramingConfiguration(framing: .delimited(.null), maxRecord: 9)
        expectEveryCut(
            of: "a\nb\0\0c",
            configuration,
            [.record("a\nb", size: 4), .record("", size: 1), .record("c", size: 1)]
        )
    }

    @Test("end with a delimiter of several bytes, wherever it is cut")
    func longDelimiter() {
        expectEveryCut(
            of: "a\r\n\r\n\rb\n\r",
            lines(by: "\r\n"),
            [.record("a", size: 3), .record("", size: 2), .record("\rb\n\r", size: 4)]
        )
    }

    @Test("end with the first whole delimiter, though a part of it stands before")
    func overlappingDelimiter() {
        expectEveryCut(
            of: "aaabaabxaa",
            lines(by: "aab"),
            [.record("a", size: 4), .record("", size: 3), .record("xaa", size: 3)]
        )
    }

    @Test("lose the CR before their newline, and no other, with --crlf")
    func carriageReturns() {
        expectEveryCut(
            of: "a\r\nb\nc\r\r\nd\r",
            lines(crlf: true),
            [
                .record("a", size: 3), .record("b", size: 2), .record("c\r", size: 4),
                .record("d\r", size: 2),
            ]
        )
        expectEveryCut(
            of: "\r\n\n",
            lines(crlf: true),
            [.record("", size: 2), .record("", size: 1)]
        )
    }

    @Test("with nothing in them are null with -Z")
    func emptyIsNull() {
        expectEveryCut(
            of: "a\n\nb",
            lines(emptyIsNull: true),
            [.record("a", size: 2), .record(.null, size: 1), .record("b", size: 1)]
        )
    }

    @Test("with nothing in them are skipped with --skip-empty, with -Z too")
    func skipsEmpty() {
        for emptyIsNull in [false, true] {
            expectEveryCut(
                of: "a\n\n\nb\n",
                lines(emptyIsNull: emptyIsNull, skipsEmpty: true),
                [
                    .record("a", size: 2), .skipped(size: 1), .skipped(size: 1),
                    .record("b", size: 2),
                ]
            )
        }
        expectEveryCut(of: "\r\n", lines(crlf: true, skipsEmpty: true), [.skipped(size: 2)])
    }

    @Test("of the largest size are records, and one byte more is a failure")
    func maxRecord() {
        expectEveryCut(
            of: "abc\nabcd\nabc",
            lines(maxRecord: 3),
            [.record("abc", size: 4), .tooLong(3, size: 5), .record("abc", size: 3)]
        )
        expectEveryCut(
            of: "abcdefgh\na\n",
            lines(maxRecord: 3),
            [.tooLong(3, size: 9), .record("a", size: 2)]
        )
        expectEveryCut(of: "abcd", lines(maxRecord: 3), [.tooLong(3, size: 4)])
        expectEveryCut(
            of: "\na\n",
            lines(maxRecord: 0),
            [.record("", size: 1), .tooLong(0, size: 2)]
        )
    }

    @Test("of the largest size may have a CR before their newline")
    func maxRecordWithCarriageReturn() {
        expectEveryCut(
            of: "abc\r\nabcd\r\nx",
            lines(crlf: true, maxRecord: 3),
            [.record("abc", size: 5), .tooLong(3, size: 6), .record("x", size: 1)]
        )
        expectEveryCut(
            of: "abc\r",
            lines(crlf: true, maxRecord: 3),
            [.tooLong(3, size: 4)]
        )
        expectEveryCut(
            of: "abc\rd\r\nx\n",
            lines(crlf: true, maxRecord: 3),
            [.tooLong(3, size: 7), .record("x", size: 2)]
        )
    }

    @Test("are discarded to a delimiter that straddles two windows")
    func straddlingDelimiter() {
        expectEveryCut(
            of: "abcdefaaabxaab",
            lines(by: "aab", maxRecord: 2),
            [.tooLong(2, size: 10), .record("x", size: 4)]
        )
        expectEveryCut(
            of: "abcdaaabxaa",
            lines(by: "aab", maxRecord: 1),
            [.tooLong(1, size: 8), .tooLong(1, size: 3)]
        )
    }

    @Test("are the same as a simple splitter's, for every small input in every cut")
    func everyInput() {
        for crlf in [false, true] {
            for skipsEmpty in [false, true] {
                let configuration = lines(crlf: crlf, skipsEmpty: skipsEmpty, maxRecord: 2)
                expectAsSplit(configuration, "\n", alphabet: "a\r\n", through: 4)
            }
        }
        expectAsSplit(lines(by: "aab", maxRecord: 1), "aab", alphabet: "ab", through: 7)
        expectAsSplit(lines(by: "abab", maxRecord: 2), "abab", alphabet: "ab", through: 7)
    }

    private func expectAsSplit(
        _ configuration: FramingConfiguration,
        _ delimiter: String,
        alphabet: String,
        through longest: Int
    ) {
        let alphabet = Array(alphabet.utf8)
        var choices = Choices()
        while choices.next() {
            var input: [UInt8] = []
            for _ in 0..<choices.upTo(longest) {
                input.append(alphabet[choices.upTo(alphabet.count - 1)])
            }
            let expected = split(input, configuration, Array(delimiter.utf8))
            for ends in everyCut(of: input.count) {
                for capacity in [nil, configuration.windowSize] {
                    let delivery = Delivery(
                        input: input,
                        configuration: configuration,
                        capacity: capacity
                    )
                    let found = delivery.found(pieceEnds: ends)
                    if found != expected {
                        #expect(found == expected, "\(input) cut at \(ends)")
                        return
                    }
                }
            }
        }
    }

    /// The records of an input that is all there, found the slow and obvious way.
    private func split(
        _ input: [UInt8],
        _ configuration: FramingConfiguration,
        _ delimiter: [UInt8]
    ) -> [Found] {
        var found: [Found] = []
        var value: [UInt8] = []
        var rest = input[...]
        while !rest.isEmpty {
            var size = value.count
            if rest.starts(with: delimiter) {
                rest = rest.dropFirst(delimiter.count)
                size += delimiter.count
                if configuration.stripsCarriageReturn, value.last == 0x0d { value.removeLast() }
            } else {
                value.append(rest.removeFirst())
                guard rest.isEmpty else { continue }
                size += 1
            }
            if value.count > configuration.maxRecord {
                found.append(.tooLong(configuration.maxRecord, size: size))
            } else if value.isEmpty, configuration.skipsEmpty {
                found.append(.skipped(size: size))
            } else {
                found.append(.record(.bytes(value), size: size))
            }
            value = []
        }
        return found
    }

    @Test("of ten gigabytes are one failure, and the next record is whole")
    func tenGigabytes() {
        let window = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        var framer = RecordFramer(lines(maxRecord: 1000))
        var consumed = 0
        while consumed < 10_000_000_000 {
            guard
                case .discarding(let size) = framer.next(
                    window.span,
                    atEnd: false,
                    remainingFileBytes: nil
                )
            else {
                Issue.record("found an end in an endless line")
                return
            }
            consumed += size
        }
        let end = Array("aa\nnext\n".utf8)
        let failure = FramingFailure(.recordTooLong(limit: 1000), size: consumed + 3)
        #expect(
            framer.next(end.span, atEnd: false, remainingFileBytes: nil)
                == .failed(failure, size: 3)
        )
        #expect(
            framer.next(end.span.extracting(3...), atEnd: false, remainingFileBytes: nil)
                == .record(FramedRecord(key: nil, value: .range(0..<4), size: 5))
        )
    }

    /// Changes bytes behind the framer's back: it must not look at them again.
    @Test("are searched for once in each byte of a growing window")
    func searchesOnce() {
        var framer = RecordFramer(lines())
        let before = Array("aaaa".utf8)
        #expect(framer.next(before.span, atEnd: false, remainingFileBytes: nil) == .needsMore)
        let between = Array("\n\n\n\na".utf8)
        #expect(framer.next(between.span, atEnd: false, remainingFileBytes: nil) == .needsMore)
        let after = Array("\n\n\n\n\na\n".utf8)
        #expect(
            framer.next(after.span, atEnd: false, remainingFileBytes: nil)
                == .record(FramedRecord(key: nil, value: .range(0..<6), size: 7))
        )

        var other = RecordFramer(lines(by: "xyz"))
        #expect(other.next(before.span, atEnd: false, remainingFileBytes: nil) == .needsMore)
        let later = Array("xyzaaxyz".utf8)
        #expect(
            other.next(later.span, atEnd: false, remainingFileBytes: nil)
                == .record(FramedRecord(key: nil, value: .range(0..<5), size: 8))
        )
    }

    @Test("are found many at a time where nothing is done to them but to split off a key")
    func findsLines() {
        #expect(RecordFramer(lines()).findsLines)
        #expect(
            RecordFramer(FramingConfiguration(framing: .delimited(.null), maxRecord: 9))
                .findsLines
        )
        #expect(!RecordFramer(lines(by: "\r\n")).findsLines)
        #expect(!RecordFramer(lines(crlf: true)).findsLines)
        #expect(!RecordFramer(lines(emptyIsNull: true)).findsLines)
        #expect(!RecordFramer(lines(skipsEmpty: true)).findsLines)
        let keyed = FramingConfiguration(
            framing: .delimited(.newline),
            keyDelimiter: [0x3a],
            maxRecord: 9
        )
        #expect(RecordFramer(keyed).findsLines)
    }

    @Test("are found as many at a time as there is room for, and the rest the next time")
    func manyLines() {
        var framer = RecordFramer(lines())
        let count = LineEnds.capacity + 3
        let window = [UInt8](repeating: UInt8(ascii: "\n"), count: count)
        var ends = LineEnds()
        framer.findLines(window.span, from: 0, into: &ends)
        #expect(ends.count == LineEnds.capacity)
        #expect(ends.indices[LineEnds.capacity - 1] == LineEnds.capacity - 1)
        framer.findLines(window.span, from: LineEnds.capacity, into: &ends)
        #expect(ends.count == 3)
        #expect(ends.indices[2] == count - 1)
    }

    @Test("are found wherever they end, however many, and none behind one that is too long")
    func everyLine() {
        var state: UInt32 = 11
        func random(below bound: Int) -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int(state >> 8) % bound
        }
        for round in 0..<400 {
            // From a newline for every byte to one for every 300.
            let density = 1 + round % 300
            let window = (0..<random(below: 700)).map { _ -> UInt8 in
                random(below: density) == 0 ? UInt8(ascii: "\n") : UInt8(ascii: "a")
            }
            let limit = round % 3 == 0 ? 40 : 1000
            var framer = RecordFramer(lines(maxRecord: limit))
            let start = random(below: min(window.count, 70) + 1)
            var expected: [Int] = []
            var lineStart = start
            for index in start..<window.count where window[index] == UInt8(ascii: "\n") {
                guard index - lineStart <= limit, expected.count < LineEnds.capacity else { break }
                expected.append(index)
                lineStart = index + 1
            }
            var ends = LineEnds()
            framer.findLines(window.span, from: start, into: &ends)
            #expect(ends.indices.indices.map { ends.indices[$0] } == expected)
            // Without the processor's instructions for it.
            var places = [Int](repeating: -1, count: 900)
            let count = byte_search_all_portable(window, window.count, start, 10, &places, 900)
            let all = window.indices.filter { $0 >= start && window[$0] == 10 }
            #expect(Array(places.prefix(count)) == all)
        }
    }

    @Test("of the next FILE owe nothing to the last one")
    func reset() {
        var framer = RecordFramer(lines(maxRecord: 2))
        let line = Array("abcdef".utf8)
        #expect(
            framer.next(line.span, atEnd: false, remainingFileBytes: nil) == .discarding(size: 6)
        )
        #expect(!framer.findsLines)
        framer.reset()
        #expect(
            framer.next(line.span.extracting(..<2), atEnd: false, remainingFileBytes: nil)
                == .needsMore
        )
        framer.reset()
        let next = Array("b\n".utf8)
        #expect(
            framer.next(next.span, atEnd: false, remainingFileBytes: nil)
                == .record(FramedRecord(key: nil, value: .range(0..<1), size: 2))
        )
    }
}
