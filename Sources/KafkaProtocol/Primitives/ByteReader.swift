/// Reads Kafka's primitive types from bytes that a peer sent.
///
/// Nothing here traps on what the bytes say: lengths and counts are compared with what is left
/// before they are used, and before anything is allocated for them. Each read takes the protocol's
/// name of the field, for the ``WireError`` that tells what went wrong.
///
/// ```
///   bytes   |........|#############################|......|
///           0        start         offset          end
///                                    |-- remaining --|
/// ```
///
/// After the last field call ``finish(_:)``, which refuses bytes that nobody read.
package struct ByteReader {
    /// The bytes being read; every offset and range counts from their start.
    package let bytes: [UInt8]

    /// The place of the next byte to read.
    package private(set) var offset: Int

    private let end: Int

    /// Creates a reader of all the bytes.
    package init(_ bytes: [UInt8]) {
        self.init(bytes, range: 0..<bytes.count)
    }

    /// Creates a reader of a part of the bytes.
    ///
    /// - Precondition: The range lies within the bytes.
    package init(_ bytes: [UInt8], range: Range<Int>) {
        precondition(range.lowerBound >= 0)
        precondition(range.upperBound <= bytes.count)
        self.bytes = bytes
        self.offset = range.lowerBound
        self.end = range.upperBound
    }

    /// The number of bytes that are left.
    package var remaining: Int { end - offset }

    /// Ends the reading.
    ///
    /// - Throws: `trailingBytes` if anything is left.
    package func finish(_ field: String) throws(WireError) {
        guard remaining == 0 else { throw WireError(field, at: offset, .trailingBytes(remaining)) }
    }

    // MARK: Numbers

    /// Reads one byte.
    package mutating func uint8(_ field: String) throws(WireError) -> UInt8 { try number(field) }

    /// Reads one byte as a signed number.
    package mutating func int8(_ field: String) throws(WireError) -> Int8 { try number(field) }

    /// Reads two bytes as a signed number.
    package mutating func int16(_ field: String) throws(WireError) -> Int16 { try number(field) }

    /// Reads four bytes as a signed number.
    package mutating func int32(_ field: String) throws(WireError) -> Int32 { try number(field) }

    /// Reads four bytes as an unsigned number.
    package mutating func uint32(_ field: String) throws(WireError) -> UInt32 { try number(field) }

    /// Reads eight bytes as a signed number.
    package mutating func int64(_ field: String) throws(WireError) -> Int64 { try number(field) }

    /// Reads a byte of which zero is false and everything else true, as Kafka reads it.
    package mutating func bool(_ field: String) throws(WireError) -> Bool {
        try uint8(field) != 0
    }

    /// Reads the sixteen bytes of a topic's identity.
    package mutating func topicID(_ field: String) throws(WireError) -> TopicID {
        let high: UInt64 = try number(field)
        let low: UInt64 = try number(field)
        return TopicID(high: high, low: low)
    }

    /// Reads an unsigned variable-length number of at most 32 bits.
    package mutating func uvarint(_ field: String) throws(WireError) -> UInt32 {
        UInt32(truncatingIfNeeded: try variable(field, bitWidth: 32))
    }

    /// Reads a zigzag variable-length number of at most 32 bits.
    package mutating func varint(_ field: String) throws(WireError) -> Int32 {
        Int32(truncatingIfNeeded: Varint.unzigzag(try variable(field, bitWidth: 32)))
    }

    /// Reads a zigzag variable-length number of at most 64 bits.
    package mutating func varlong(_ field: String) throws(WireError) -> Int64 {
        Varint.unzigzag(try variable(field, bitWidth: 64))
    }

    /// Reads an unsigned variable-length number of at most 64 bits.
    package mutating func uvarlong(_ field: String) throws(WireError) -> UInt64 {
        try variable(field, bitWidth: 64)
    }

    // MARK: Bytes and text

    /// Passes over a number of bytes.
    ///
    /// - Returns: Where they lie.
    package mutating func skip(_ count: Int, _ field: String) throws(WireError) -> Range<Int> {
        guard count >= 0 else { throw WireError(field, at: offset, .negativeLength(count)) }
        guard count <= remaining else {
            throw WireError(field, at: offset, .truncated(needed: count, remaining: remaining))
        }
        let start = offset
        offset += count
        return start..<offset
    }

    /// Reads a string that may be null.
    package mutating func nullableString(
        _ field: String,
        flexible: Bool
    ) throws(WireError) -> String? {
        let length: Int?
        if flexible {
            length = try compactLength(field)
        } else {
            let start = offset
            length = try plainLength(Int(int16(field)), field, at: start)
        }
        guard let length else { return nil }
        let range = try skip(length, field)
        do {
            return String(copying: try UTF8Span(validating: bytes.span.extracting(range)))
        } catch {
            throw WireError(field, at: range.lowerBound, .invalidText)
        }
    }

    /// Reads a string.
    package mutating func string(_ field: String, flexible: Bool) throws(WireError) -> String {
        let start = offset
        guard let text = try nullableString(field, flexible: flexible) else {
            throw WireError(field, at: start, .unexpectedNull)
        }
        return text
    }

    /// Reads the length of some bytes, which may be null, and passes over them.
    ///
    /// - Returns: Where they lie, or `nil` if they are null.
    package mutating func nullableBytes(
        _ field: String,
        flexible: Bool
    ) throws(WireError) -> Range<Int>? {
        let length: Int?
        if flexible {
            length = try compactLength(field)
        } else {
            let start = offset
            length = try plainLength(Int(int32(field)), field, at: start)
        }
        guard let length else { return nil }
        return try skip(length, field)
    }

    // MARK: Arrays

    /// Reads the number of elements of an array that may be null.
    ///
    /// - Parameters:
    ///   - field: The name of the array.
    ///   - flexible: Whether the version of the message is flexible.
    ///   - minimumElementSize: The fewest bytes an element takes, so that a count which the bytes
    ///     cannot hold is refused before memory is reserved for it.
    /// - Returns: The number of elements, or `nil` if the array is null.
    /// - Throws: `countTooLarge` if what is left cannot hold as many.
    package mutating func nullableArrayCount(
        _ field: String,
        flexible: Bool,
        minimumElementSize: Int
    ) throws(WireError) -> Int? {
        precondition(minimumElementSize > 0)
        let start = offset
        let count: Int?
        if flexible {
            count = try compactLength(field)
        } else {
            count = try plainLength(Int(int32(field)), field, at: start)
        }
        guard let count else { return nil }
        let limit = remaining / minimumElementSize
        guard count <= limit else {
            throw WireError(field, at: start, .countTooLarge(count: count, limit: limit))
        }
        return count
    }

    /// Reads the number of elements of an array.
    package mutating func arrayCount(
        _ field: String,
        flexible: Bool,
        minimumElementSize: Int
    ) throws(WireError) -> Int {
        let start = offset
        let count = try nullableArrayCount(
            field,
            flexible: flexible,
            minimumElementSize: minimumElementSize
        )
        guard let count else { throw WireError(field, at: start, .unexpectedNull) }
        return count
    }

    // MARK: Tagged fields

    /// Reads the tagged fields that end every structure of a flexible version.
    ///
    /// - Parameters:
    ///   - field: The name of the structure.
    ///   - flexible: Whether the version is flexible; if not, there are none and nothing is read.
    ///   - read: Reads the field of a tag from a reader that holds nothing else, and returns
    ///     `true`; or returns `false` for a tag it does not know, which is then passed over.
    /// - Throws: `trailingBytes` if a field that was read did not fill its size.
    package mutating func taggedFields(
        _ field: String,
        flexible: Bool,
        _ read: (UInt32, inout ByteReader) throws(WireError) -> Bool
    ) throws(WireError) {
        guard flexible else { return }
        // A tagged field is a tag and a size at least.
        let count = try uvarint(field)
        let limit = remaining / 2
        guard count <= limit else {
            throw WireError(field, at: offset, .countTooLarge(count: Int(count), limit: limit))
        }
        for _ in 0..<count {
            let tag = try uvarint(field)
            let size = try uvarint(field)
            let range = try skip(Int(size), field)
            var tagged = ByteReader(bytes, range: range)
            if try read(tag, &tagged) { try tagged.finish(field) }
        }
    }

    /// Passes over the tagged fields of a structure that has none we know.
    package mutating func skipTaggedFields(_ field: String, flexible: Bool) throws(WireError) {
        try taggedFields(field, flexible: flexible) { _, _ throws(WireError) in false }
    }

    // MARK: -

    private mutating func number<Number: FixedWidthInteger>(
        _ field: String
    ) throws(WireError) -> Number {
        let range = try skip(Number.bitWidth / 8, field)
        var value: Number = 0
        for index in range {
            value = value << 8 | Number(truncatingIfNeeded: bytes[index])
        }
        return value
    }

    private mutating func variable(
        _ field: String,
        bitWidth: Int
    ) throws(WireError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        var shift = 0
        while shift < bitWidth {
            let byte = try uint8(field)
            let bits = UInt64(byte & 0x7f)
            // The last byte has room for fewer than seven bits: 32 = 4 * 7 + 4, 64 = 9 * 7 + 1.
            guard bitWidth - shift >= 7 || bits >> UInt64(bitWidth - shift) == 0 else { break }
            value |= bits << UInt64(shift)
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        throw WireError(field, at: start, .varintTooLong)
    }

    /// Reads a length of a flexible version, of which zero means null and one means zero.
    private mutating func compactLength(_ field: String) throws(WireError) -> Int? {
        let length = Int(try uvarint(field))
        return length == 0 ? nil : length - 1
    }

    /// Checks a length of a version that is not flexible, of which -1 means null.
    private func plainLength(
        _ length: Int,
        _ field: String,
        at start: Int
    ) throws(WireError) -> Int? {
        guard length >= -1 else { throw WireError(field, at: start, .negativeLength(length)) }
        return length == -1 ? nil : length
    }
}
