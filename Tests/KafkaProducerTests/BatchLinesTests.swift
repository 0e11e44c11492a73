import KafkaProtocol
import Testing

@testable import KafkaProducer

/// The hot loops: lines into a batch, many at a time or with a key each, become what single records
/// become.
@Suite("Lines in a batch")
struct BatchLinesTests {
    /// Lines one behind the other, each with a newline, and where what is in them lies.
    private struct Lines {
        var window: [UInt8] = []
        var ends: [Int] = []
        var keys: [Range<Int>] = []

        /// Adds a line of a key, a colon and a value.
        mutating func add(keySize: Int, valueSize: Int) {
            let start = window.count
            for index in 0..<keySize { window.append(UInt8(truncatingIfNeeded: 97 + index % 26)) }
            keys.append(start..<window.count)
            window.append(UInt8(ascii: ":"))
            for index in 0..<valueSize { window.append(UInt8(truncatingIfNeeded: 65 + index % 26)) }
            ends.append(window.count)
            window.append(UInt8(ascii: "\n"))
        }

        func start(of line: Int) -> Int { line == 0 ? 0 : ends[line - 1] + 1 }

        func origin(of line: Int) -> RecordOrigin {
            let start = start(of: line)
            return RecordOrigin(
                ordinal: 7 + UInt64(line),
                position: 1000 + UInt64(start),
                size: ends[line] + 1 - start
            )
        }
    }

    /// Sizes on both sides of each one at which a length or a record takes a byte more, and larger
    /// ones that take another way.
    private static let sizes = [
        0, 1, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 100, 500,
        8040, 8050, 8060, 8065, 8071, 8072, 8091, 8092, 8150, 8165, 8170, 8175, 8180, 8190, 8191,
        8192, 9000,
    ]

    private static let base: Int64 = 1_700_000_000_000

    /// Timestamps whose differences to the first take one, two, three and more bytes.
    private static let timestamps =
        [base, base - 1, base + 63, base + 64, base + 9000, base + 1 << 21]

    /// More records than a varint of two bytes counts, and all sizes.
    private static func lines(keySizes: [Int]) -> Lines {
        var lines = Lines()
        for index in 0..<8400 {
            lines.add(keySize: keySizes[index % keySizes.count], valueSize: index % 90)
        }
        for size in sizes {
            for keySize in keySizes { lines.add(keySize: keySize, valueSize: size) }
        }
        return lines
    }

    private static func begin(_ memory: inout BatchMemory, _ lines: Lines) throws -> Int32 {
        let allocated = memory.allocateBatch()
        let batch = try #require(allocated)
        memory[batch].byteLimit = 8 << 20
        memory[batch].begin(with: lines.origin(of: 0), timestamp: base)
        memory[batch].producerID = 1
        memory[batch].epoch = 0
        memory[batch].baseSequence = 0
        return batch
    }

    /// What is known of a batch: its bytes, sealed, and the origins of its records.
    private static func result(_ memory: inout BatchMemory, _ batch: Int32) -> [[UInt8]] {
        memory.seal(batch, codec: .none)
        var bytes: [UInt8] = []
        memory.forEachPiece(of: batch) { offset, count in
            let piece = memory.bytes(at: offset, count: count)
            for index in 0..<count { bytes.append(piece[index]) }
        }
        let counters = memory[batch]
        let numbers = [
            Int64(counters.recordCount), Int64(counters.byteCount), counters.maxTimestamp,
            Int64(counters.nextOrdinal), Int64(counters.nextPosition),
        ]
        return [bytes, memory.originBytes(of: batch), Array("\(numbers)".utf8)]
    }

    /// Appends a line as a single record is.
    private static func appendSingly(
        _ lines: Lines,
        _ line: Int,
        key: [UInt8]?,
        valueStart: Int,
        timestamp: Int64,
        to batch: Int32,
        _ memory: inout BatchMemory
    ) {
        let keyBytes = key ?? []
        let result = memory.append(
            to: batch,
            key: key == nil ? nil : keyBytes.span,
            value: lines.window.span.extracting(valueStart..<lines.ends[line]),
            timestamp: timestamp,
            origin: lines.origin(of: line)
        )
        #expect(result == .appended)
    }

    /// Appends a line of no key or one that is not in it.
    private static func appendWhole(
        _ lines: Lines,
        _ line: Int,
        key: [UInt8]?,
        timestamp: Int64,
        to batch: Int32,
        _ memory: inout BatchMemory
    ) {
        let start = lines.start(of: line)
        appendSingly(
            lines,
            line,
            key: key,
            valueStart: start,
            timestamp: timestamp,
            to: batch,
            &memory
        )
    }

    /// Appends a line whose key is split off.
    private static func appendSplit(
        _ lines: Lines,
        _ line: Int,
        timestamp: Int64,
        to batch: Int32,
        _ memory: inout BatchMemory
    ) {
        let key = Array(lines.window[lines.keys[line]])
        let start = lines.keys[line].upperBound + 1
        appendSingly(
            lines,
            line,
            key: key,
            valueStart: start,
            timestamp: timestamp,
            to: batch,
            &memory
        )
    }

    @Test("with one key or none are encoded as single records are", arguments: timestamps)
    func manyAtATime(timestamp: Int64) throws {
        let lines = Self.lines(keySizes: [3])
        let longKey = [UInt8](repeating: 107, count: 300)
        for key in [nil, [], Array("a key".utf8), longKey] as [[UInt8]?] {
            let keyBytes = key ?? []
            let keySpan: Span<UInt8>? = key == nil ? nil : keyBytes.span
            var expected = BatchMemory(byteCount: 16 << 20, largestBatch: 1 << 20)
            var memory = BatchMemory(byteCount: 16 << 20, largestBatch: 1 << 20)
            let single = try Self.begin(&expected, lines)
            let batch = try Self.begin(&memory, lines)
            var line = 0
            var together = 0
            while line < lines.ends.count {
                let taken = memory.appendLines(
                    to: batch,
                    key: keySpan,
                    lines.window.span,
                    from: lines.start(of: line),
                    ends: lines.ends.span.extracting(line..<min(line + 128, lines.ends.count)),
                    origin: lines.origin(of: line),
                    timestamp: timestamp,
                    recordLimit: .max
                )
                together += taken
                line += taken
                guard line < lines.ends.count else { break }
                Self.appendWhole(lines, line, key: key, timestamp: timestamp, to: batch, &memory)
                line += 1
            }
            for line in lines.ends.indices {
                Self.appendWhole(lines, line, key: key, timestamp: timestamp, to: single, &expected)
            }
            let isSame = Self.result(&memory, batch) == Self.result(&expected, single)
            #expect(isSame)
            // All but what begins a chunk or is too long; none where the head is too large.
            let isHot = keyBytes.count <= 100 && timestamp < Self.base + 1 << 20
            #expect(isHot ? together > 8000 : together == 0)
        }
    }

    @Test("with a key each are encoded as single records are")
    func withKeys() throws {
        let lines = Self.lines(keySizes: [0, 5, 16, 17, 70])
        var expected = BatchMemory(byteCount: 16 << 20, largestBatch: 1 << 20)
        var memory = BatchMemory(byteCount: 16 << 20, largestBatch: 1 << 20)
        let single = try Self.begin(&expected, lines)
        let batch = try Self.begin(&memory, lines)
        var hotCount = 0
        // Every fifth is left out, so that there are gaps as of neighbours in other partitions.
        for line in lines.ends.indices where line % 5 != 4 {
            let timestamp = Self.timestamps[line / 50 % Self.timestamps.count]
            let key = lines.keys[line]
            let isAppended = memory.appendLine(
                to: batch,
                lines.window.span,
                key: key,
                value: key.upperBound + 1..<lines.ends[line],
                timestamp: timestamp,
                origin: lines.origin(of: line),
                recordLimit: .max
            )
            hotCount += isAppended ? 1 : 0
            if !isAppended {
                Self.appendSplit(lines, line, timestamp: timestamp, to: batch, &memory)
            }
            Self.appendSplit(lines, line, timestamp: timestamp, to: single, &expected)
        }
        let isSame = Self.result(&memory, batch) == Self.result(&expected, single)
        #expect(isSame)
        #expect(hotCount > 5000)
    }

    @Test("leave a batch that has no room as it is")
    func noRoom() throws {
        let lines = Self.lines(keySizes: [4])
        var memory = BatchMemory(byteCount: 16 << 20, largestBatch: 1 << 20)
        let batch = try Self.begin(&memory, lines)
        memory[batch].byteLimit = memory[batch].byteCount + 5
        let isAppended = memory.appendLine(
            to: batch,
            lines.window.span,
            key: lines.keys[0],
            value: 5..<lines.ends[0],
            timestamp: Self.base + 9,
            origin: lines.origin(of: 0),
            recordLimit: .max
        )
        #expect(!isAppended)
        // Kafka compares it with the latest of the records.
        #expect(memory[batch].maxTimestamp == Self.base)
        #expect(memory[batch].recordCount == 0)
    }

    @Test("are no more than the batch may have")
    func recordLimit() throws {
        let lines = Self.lines(keySizes: [4])
        var memory = BatchMemory(byteCount: 16 << 20, largestBatch: 1 << 20)
        let many = try Self.begin(&memory, lines)
        let taken = memory.appendLines(
            to: many,
            key: nil,
            lines.window.span,
            from: 0,
            ends: lines.ends.span.extracting(first: 128),
            origin: lines.origin(of: 0),
            timestamp: Self.base,
            recordLimit: 70
        )
        #expect(taken == 70)
        let keyed = try Self.begin(&memory, lines)
        var count = 0
        for line in 0..<100 {
            let isAppended = memory.appendLine(
                to: keyed,
                lines.window.span,
                key: lines.keys[line],
                value: lines.keys[line].upperBound + 1..<lines.ends[line],
                timestamp: Self.base,
                origin: lines.origin(of: line),
                recordLimit: 70
            )
            count += isAppended ? 1 : 0
        }
        #expect(count == 70)
    }
}
