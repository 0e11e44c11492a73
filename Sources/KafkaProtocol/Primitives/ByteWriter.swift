/// Writes Kafka's primitive types, one behind the other.
///
/// What it is given is ours, so what cannot be written is a bug of ours and traps.
package struct ByteWriter {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []

    /// Creates a writer that has written nothing.
    ///
    /// - Parameter capacity: The number of bytes to reserve memory for.
    package init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// The number of bytes written so far.
    package var count: Int { bytes.count }

    // MARK: Numbers

    /// Writes a signed number of one byte.
    package mutating func int8(_ value: Int8) { bytes.append(UInt8(bitPattern: value)) }

    /// Writes a signed number of two bytes.
    package mutating func int16(_ value: Int16) { number(UInt16(bitPattern: value)) }

    /// Writes a signed number of four bytes.
    package mutating func int32(_ value: Int32) { number(UInt32(bitPattern: value)) }

    /// Writes an unsigned number of four bytes.
    package mutating func uint32(_ value: UInt32) { number(value) }

    /// Writes a signed number of eight bytes.
    package mutating func int64(_ value: Int64) { number(UInt64(bitPattern: value)) }

    /// Writes a truth value, which takes one byte.
    package mutating func bool(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// Writes the sixteen bytes of a topic's identity.
    package mutating func topicID(_ id: TopicID) {
        number(id.high)
        number(id.low)
    }

    /// Writes an unsigned variable-length number.
    package mutating func uvarint(_ value: UInt32) { variable(UInt64(value)) }

    /// Writes a zigzag variable-length number.
    package mutating func varint(_ value: Int32) { variable(Varint.zigzag(Int64(value))) }

    /// Writes a zigzag variable-length number that may take more than 32 bits.
    package mutating func varlong(_ value: Int64) { variable(Varint.zigzag(value)) }

    /// Writes a number over four bytes that were written before.
    ///
    /// - Precondition: There are four bytes at `offset`.
    package mutating func patch(int32 value: Int32, at offset: Int) {
        precondition(offset >= 0)
        precondition(offset + 4 <= bytes.count)
        for index in 0..<4 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (24 - 8 * index))
        }
    }

    // MARK: Bytes and text

    /// Writes bytes as they are, without a length.
    package mutating func raw(_ source: some Sequence<UInt8>) { bytes.append(contentsOf: source) }

    /// Writes borrowed bytes as they are, without a length.
    package mutating func raw(_ source: Span<UInt8>) {
        bytes.reserveCapacity(bytes.count + source.count)
        for index in source.indices { bytes.append(source[index]) }
    }

    /// Writes a string that may be null.
    ///
    /// - Precondition: A version that is not flexible takes at most 32767 bytes of UTF-8.
    package mutating func nullableString(_ text: String?, flexible: Bool) {
        guard let text else {
            if flexible { uvarint(0) } else { int16(-1) }
            return
        }
        if flexible {
            uvarint(UInt32(text.utf8.count + 1))
        } else {
            int16(Int16(text.utf8.count))
        }
        raw(text.utf8)
    }

    /// Writes a string.
    ///
    /// - Precondition: A version that is not flexible takes at most 32767 bytes of UTF-8.
    package mutating func string(_ text: String, flexible: Bool) {
        nullableString(text, flexible: flexible)
    }

    /// Writes the length of bytes that are to follow, or `nil` for null.
    package mutating func byteCount(_ count: Int?, flexible: Bool) {
        arrayCount(count, flexible: flexible)
    }

    // MARK: Arrays and tagged fields

    /// Writes the number of elements of an array that is to follow, or `nil` for null.
    package mutating func arrayCount(_ count: Int?, flexible: Bool) {
        switch (count, flexible) {
        case (let count?, true): uvarint(UInt32(count + 1))
        case (nil, true): uvarint(0)
        case (let count?, false): int32(Int32(count))
        case (nil, false): int32(-1)
        }
    }

    /// Ends a structure that has no tagged fields, which takes a byte in a flexible version.
    package mutating func endStructure(flexible: Bool) {
        if flexible { uvarint(0) }
    }

    /// Writes one tagged field: its tag, its size, and what `body` writes.
    ///
    /// The number of tagged fields, as a ``uvarint(_:)``, precedes the first of them.
    package mutating func taggedField(_ tag: UInt32, _ body: (inout ByteWriter) -> Void) {
        var field = ByteWriter()
        body(&field)
        uvarint(tag)
        uvarint(UInt32(field.count))
        raw(field.bytes)
    }

    // MARK: -

    private mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number) {
        var shift = Number.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> Number(shift)))
        }
    }

    private mutating func variable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
