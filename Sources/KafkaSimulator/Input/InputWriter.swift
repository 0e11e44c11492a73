import KafkaProducer
import RecordFraming

/// Writes an input in some format, with records in it that are refused or skipped.
struct InputWriter {
    /// Where in a record's bytes its parts are while it is being written.
    struct Parts {
        var key: Range<Int>?
        var value: Range<Int>?
        /// The key if it does not stand in the record as it is.
        var decodedKey: [UInt8]?
        var isBroken = false
        var hasKey = true
    }

    /// The odd thing about a record.
    enum Oddity {
        case none, empty, nullValue, nullKey, missingKey, broken, tooLong, tooLarge
    }

    let format: InputFormat
    private let valueSize: ClosedRange<Int>
    private let maxRequestSize: Int
    private let keys: [[UInt8]]
    private let oddityInterval: Int
    var random: SplitMix64
    var input: SimulatedInput

    /// Prepares to write.
    ///
    /// - Parameters:
    ///   - format: What the records look like.
    ///   - valueSize: How large the ordinary values are, in bytes.
    ///   - keyCount: How many different keys there are.
    ///   - maxRequestSize: `max.request.size`.
    ///   - random: Where choices come from.
    init(
        _ format: InputFormat,
        valueSize: ClosedRange<Int>,
        keyCount: Int,
        maxRequestSize: Int,
        _ random: inout SplitMix64
    ) {
        self.format = format
        self.valueSize = valueSize
        self.maxRequestSize = maxRequestSize
        let letters = SimulatedInput.letters(count: 4096, &random)
        input = SimulatedInput(filler: letters)
        let mayBeEmpty = format.keySource == .split || format.keySource == .frame
        keys = (0..<keyCount).map { _ in
            let size = format.keySource == .bytes ? 4 : random.below(20) + (mayBeEmpty ? 0 : 1)
            let start = random.below(4000)
            return Array(letters[start..<start + size])
        }
        oddityInterval = [0, 5, 20, 200][random.below(4)]
        self.random = SplitMix64(seed: random.next())
    }

    /// Writes records.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - isCut: Whether the input ends somewhere within a record.
    ///   - isCorrupt: Whether a length somewhere is nonsense, where records have one.
    /// - Returns: The input.
    consuming func input(count: Int, isCut: Bool, isCorrupt: Bool) -> SimulatedInput {
        let size = (valueSize.lowerBound + valueSize.upperBound) / 2
        input.reserve(records: count, bytes: count * (size + 40))
        var corruptIndex = count
        if isCorrupt, case .prefixed = format.framing { corruptIndex = random.below(count) }
        for index in 0..<corruptIndex { write(index, isLast: index == count - 1) }
        if corruptIndex < count, !writeCorruptLength() { write(corruptIndex, isLast: true) }
        if isCut, corruptIndex == count { cut() }
        return input
    }

    private mutating func cut() {
        let end = 1 + random.below(input.count)
        if case .prefixed = format.framing {
            input.cut(at: end, fate: .cutShort)
        } else {
            input.cut(at: end, fate: .cut)
        }
    }

    /// Writes a length that cannot be, and what nobody will read.
    ///
    /// - Returns: Whether there is such a length.
    private mutating func writeCorruptLength() -> Bool {
        var record = InputRecord(start: input.count, fate: .corrupt)
        switch format.framing {
        case .prefixed(.u32): input.append([0xff, 0xff, 0xff, 0xf0])
        case .prefixed(.u32le): input.append([0xf0, 0xff, 0xff, 0xff])
        case .prefixed(.u64): input.append([UInt8](repeating: 0xff, count: 7) + [0xfe])
        case .prefixed(.u64le): input.append([0xfe] + [UInt8](repeating: 0xff, count: 7))
        case .prefixed(.varint): input.append([UInt8](repeating: 0xff, count: 10))
        case .prefixed, .delimited, .whole: return false
        }
        record.size = input.count - record.start
        input.append(record)
        input.appendFiller(random.below(500), at: 0)
        return true
    }

    // MARK: One record

    private mutating func write(_ index: Int, isLast: Bool) {
        var record = InputRecord()
        record.start = input.count
        let parts: Parts
        let oddity = drawOddity()
        switch format.framing {
        case .delimited(let delimiter):
            parts = writeContent(index, oddity)
            // The last record may end with the input.
            if !isLast || random.below(2) == 0 {
                if format.stripsCarriageReturn, random.below(2) == 0 { input.append(0x0d) }
                input.append(delimiter.bytes)
            }
        case .prefixed(let prefix): parts = writeFrames(index, oddity, prefix)
        case .whole: preconditionFailure("No input of ours is one record.")
        }
        record.size = input.count - record.start
        settle(&record, parts)
        // An empty line at the very end is no record.
        guard record.size > 0 else { return }
        input.append(record)
    }

    private mutating func drawOddity() -> Oddity {
        guard oddityInterval > 0, random.below(oddityInterval) == 0 else { return .none }
        switch random.below(7) {
        case 0 where format.skipsEmpty && format.keySource != .fixed: return .empty
        case 1 where format.emptyIsNull && format.keySource == .split: return .nullValue
        case 1 where hasNulls: return .nullValue
        case 2 where hasNulls: return .nullKey
        case 3 where format.canMissKey: return .missingKey
        case 4 where format.keySource == .json: return .broken
        case 5 where format.maxRecord < 10_000 && format.frameLimit == nil: return .tooLong
        case 6 where format.maxRecord > maxRequestSize && random.below(20) == 0: return .tooLarge
        case _: return .none
        }
    }

    /// Whether the format has a null, for keys and values alike, and keys of their own.
    private var hasNulls: Bool {
        guard format.keySource == .frame else { return false }
        switch format.framing {
        case .prefixed(.u32), .prefixed(.u32le), .prefixed(.u64), .prefixed(.u64le): return true
        case .prefixed, .delimited, .whole: return false
        }
    }

    /// Says what has to become of a record, by what was written of it.
    private mutating func settle(_ record: inout InputRecord, _ parts: Parts) {
        if let value = parts.value {
            record.valueStart = value.lowerBound
            record.valueCount = value.count
        }
        let isEmpty = parts.value?.isEmpty ?? false
        let keyFrame = parts.key?.count ?? 0
        let content =
            format.keySource == .split || format.keySource == .frame
            ? keyFrame + max(record.valueCount, 0) : max(record.valueCount, 0)
        if content > format.maxRecord {
            record.fate = .tooLong
            return
        }
        if isEmpty, format.skipsEmpty, parts.key == nil {
            record.fate = .skipped
            return
        }
        if isEmpty, format.emptyIsNull { record.valueCount = -1 }
        if parts.isBroken {
            record.fate = .broken
            return
        }
        if let key = parts.decodedKey {
            setKey(key, of: &record)
        } else if let key = parts.key {
            record.keyStart = key.lowerBound
            record.keyCount = key.count
        } else if !parts.hasKey {
            let without = format.withoutKey
            record.fate = without.fate
            if let key = without.key { setKey(key, of: &record) }
        }
        if record.fate == .delivered, content > maxRequestSize { record.fate = .tooLarge }
    }

    private mutating func setKey(_ key: [UInt8], of record: inout InputRecord) {
        record.keyStart = input.keep(key)
        record.keyCount = key.count
    }

    mutating func drawKey() -> [UInt8] { keys[random.below(keys.count)] }

    private mutating func fillerSize(_ oddity: Oddity) -> Int {
        switch oddity {
        case .tooLong: return format.maxRecord + 1 + random.below(3 * format.maxRecord)
        case .tooLarge: return maxRequestSize + random.below(4000)
        case .none, .empty, .nullValue, .nullKey, .missingKey, .broken:
            let size = valueSize.lowerBound + random.below(valueSize.count)
            // A frame whose length has one byte is not to be longer than that with all around it.
            let limit = format.frameLimit.map { $0 / 2 } ?? .max
            return max(0, min(size, limit) - SimulatedInput.numberSize)
        }
    }

    mutating func appendFiller(_ oddity: Oddity) {
        let count = fillerSize(oddity)
        input.appendFiller(count, at: Int(truncatingIfNeeded: random.next() >> 32))
    }

    // MARK: Frames

    private mutating func writeFrames(
        _ index: Int,
        _ oddity: Oddity,
        _ prefix: LengthPrefix
    ) -> Parts {
        guard format.keySource == .frame else {
            let hole = beginFrame(prefix)
            let parts = writeContent(index, oddity)
            return moved(parts, by: endFrame(prefix, hole))
        }
        var parts = Parts()
        if oddity == .nullKey || oddity == .empty {
            parts.key = nil
            guard hasNulls else { return writeKeyedFrame(index, prefix) }
            writePrefix(prefix, -1)
        } else if oddity == .nullValue {
            parts.key = writeFrame(prefix) { writer in writer.input.appendNumber(index) }
            writePrefix(prefix, -1)
            return parts
        } else {
            let key = drawKey()
            parts.key = writeFrame(prefix) { writer in writer.input.append(key) }
        }
        parts.value = writeFrame(prefix) { writer in
            guard oddity != .empty else { return }
            writer.input.appendNumber(index)
            writer.appendFiller(oddity)
        }
        return parts
    }

    private mutating func writeKeyedFrame(_ index: Int, _ prefix: LengthPrefix) -> Parts {
        var parts = Parts()
        let key = drawKey()
        parts.key = writeFrame(prefix) { writer in writer.input.append(key) }
        parts.value = writeFrame(prefix) { writer in writer.input.appendNumber(index) }
        return parts
    }

    private mutating func writeFrame(
        _ prefix: LengthPrefix,
        _ body: (inout Self) -> Void
    ) -> Range<Int> {
        let hole = beginFrame(prefix)
        body(&self)
        let shift = endFrame(prefix, hole)
        return hole + prefixSize(prefix) + shift..<input.count
    }

    /// Bytes of a prefix as it is first written: a varint has one until it is known to need more.
    private func prefixSize(_ prefix: LengthPrefix) -> Int {
        prefix == .varint ? 1 : prefix.largestSize
    }

    private mutating func beginFrame(_ prefix: LengthPrefix) -> Int {
        let hole = input.count
        for _ in 0..<prefixSize(prefix) { input.append(0) }
        return hole
    }

    /// Writes the length into its hole.
    ///
    /// - Returns: By how many bytes the frame moved, as its length needed them.
    private mutating func endFrame(_ prefix: LengthPrefix, _ hole: Int) -> Int {
        let count = input.count - hole - prefixSize(prefix)
        let bytes = Self.encoded(prefix, UInt64(count))
        input.write(bytes, over: prefixSize(prefix), at: hole)
        return bytes.count - prefixSize(prefix)
    }

    private mutating func writePrefix(_ prefix: LengthPrefix, _ number: Int64) {
        input.append(Self.encoded(prefix, UInt64(bitPattern: number)))
    }

    private func moved(_ parts: Parts, by shift: Int) -> Parts {
        guard shift > 0 else { return parts }
        var parts = parts
        parts.key = parts.key.map { $0.lowerBound + shift..<$0.upperBound + shift }
        parts.value = parts.value.map { $0.lowerBound + shift..<$0.upperBound + shift }
        return parts
    }

    private static func encoded(_ prefix: LengthPrefix, _ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        switch prefix {
        case .varint:
            var rest = number
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: rest))
        case .u8, .u16, .u32, .u64, .u16le, .u32le, .u64le:
            for place in 0..<prefix.largestSize {
                bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place)))
            }
            switch prefix {
            case .u16le, .u32le, .u64le, .varint: break
            case .u8, .u16, .u32, .u64: bytes.reverse()
            }
        }
        return bytes
    }
}
