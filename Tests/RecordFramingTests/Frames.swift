import RecordFraming

/// Writes what ``RecordFramer`` reads, for the properties and the inputs of tests.
enum Frames {
    /// A frame: the prefix and the bytes.
    static func frame(_ field: Field, _ prefix: LengthPrefix) -> [UInt8] {
        switch field {
        case .null: Self.prefix(UInt64.max, prefix)
        case .bytes(let bytes): Self.prefix(UInt64(bytes.count), prefix) + bytes
        }
    }

    /// The prefix alone.
    static func prefix(_ length: UInt64, _ prefix: LengthPrefix) -> [UInt8] {
        switch prefix {
        case .u8: bigEndian(length, 1)
        case .u16: bigEndian(length, 2)
        case .u32: bigEndian(length, 4)
        case .u64: bigEndian(length, 8)
        case .u16le: bigEndian(length, 2).reversed()
        case .u32le: bigEndian(length, 4).reversed()
        case .u64le: bigEndian(length, 8).reversed()
        case .varint: varint(length)
        }
    }

    /// Puts back together what was framed, or `nil` if not all of it is records.
    static func unframe(_ found: [Found], _ prefix: LengthPrefix) -> [UInt8]? {
        var bytes: [UInt8] = []
        for case .record(let key, let value, _) in found {
            if let key { bytes += frame(key, prefix) }
            bytes += frame(value, prefix)
        }
        return found.count(where: { if case .record = $0 { true } else { false } }) == found.count
            ? bytes : nil
    }

    private static func bigEndian(_ number: UInt64, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }

    private static func varint(_ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var number = number
        while number >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
            number >>= 7
        }
        return bytes + [UInt8(number)]
    }
}

extension LengthPrefix {
    /// Whether a length of -1 is null.
    var hasNull: Bool {
        switch self {
        case .u32, .u32le, .u64, .u64le: true
        case .u8, .u16, .u16le, .varint: false
        }
    }
}
