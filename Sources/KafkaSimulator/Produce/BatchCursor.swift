/// Reads the fields of a batch from bytes, one after another.
///
/// The caller knows that fixed fields are there (a header was measured before); variable ones may
/// be broken and say so.
struct BatchCursor {
    /// What a record can be broken by.
    struct Broken: Error {
        /// What was being read.
        var what: StaticString
    }

    private let bytes: [UInt8]
    private let end: Int
    private(set) var position: Int

    /// Starts at the first byte of a range.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        precondition(range.upperBound <= bytes.count, "The range lies in the bytes.")
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// How many bytes are left.
    var remaining: Int { end - position }

    /// Takes a big-endian integer.
    mutating func fixed<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer {
        let size = Integer.bitWidth / 8
        precondition(remaining >= size, "Fixed fields are measured before they are read.")
        var value: Integer = 0
        for index in 0..<size {
            value = value << 8 | Integer(truncatingIfNeeded: bytes[position + index])
        }
        position += size
        return value
    }

    /// Takes one byte.
    mutating func byte(_ what: StaticString) throws(Broken) -> UInt8 {
        guard remaining > 0 else { throw Broken(what: what) }
        defer { position += 1 }
        return bytes[position]
    }

    /// Takes a zigzag varint of at most 64 bits.
    mutating func varlong(_ what: StaticString) throws(Broken) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte(what)
            guard shift < 63 || (shift == 63 && next <= 1) else { throw Broken(what: what) }
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 { break }
            shift += 7
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Takes a zigzag varint of at most 32 bits.
    mutating func varint(_ what: StaticString) throws(Broken) -> Int32 {
        guard let value = Int32(exactly: try varlong(what)) else { throw Broken(what: what) }
        return value
    }

    /// Takes a length and that many bytes, or `nil` for a length of -1.
    mutating func bytes(_ what: StaticString) throws(Broken) -> Range<Int>? {
        let count = try varint(what)
        if count == -1 { return nil }
        guard count >= 0, Int(count) <= remaining else { throw Broken(what: what) }
        defer { position += Int(count) }
        return position..<position + Int(count)
    }
}
