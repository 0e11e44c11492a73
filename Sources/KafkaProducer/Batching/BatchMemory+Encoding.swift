/// The encoding of integers and fields inside a record: docs/PROTOCOL.md section 5.
///
/// This is the inside of the hot path, and there are two ways to write a varint. What hardly
/// changes from record to record is written byte by byte: the processor foresees the branches. A
/// length is written as two bytes, whether it is one or two: those of lines lie on both sides of
/// 64, where one becomes two, and a branch on that would be mispredicted for every second line. The
/// byte too many is overwritten by what comes next, or lies in the free space that whoever writes a
/// record has made sure of behind it.
extension BatchMemory {
    /// The most bytes a record's origin takes, three varints of 64 bits, and what the last varint
    /// of a record and that of its origin may touch besides.
    ///
    /// The origin of a line takes nine bytes at most, so that there is room for what else is
    /// written in one go: eight bytes of ``RecordHead``, and sixteen of a short key.
    static var originSizeLimit: Int { 30 + 2 }
}

/// The size of a varint, in bytes.
@inline(__always)
func varintSize(_ value: UInt64) -> Int {
    guard value < 0x4000 else { return longVarintSize(value) }
    return value < 0x80 ? 1 : 2
}

/// Apart, as are the other long ones, so that the short ones keep their registers.
@inline(never)
private func longVarintSize(_ value: UInt64) -> Int {
    // Bits, in groups of seven.
    (70 - value.leadingZeroBitCount) / 7
}

/// The size of a zigzag varint, in bytes.
@inline(__always)
func zigzagSize(_ value: Int64) -> Int { varintSize(zigzag(value)) }

/// Moves the sign to the lowest bit.
@inline(__always)
func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

/// Writes a varint whose size is mostly that of the one before; returns where it ends.
@inline(__always)
func putVarint(_ start: UnsafeMutableRawPointer, _ value: UInt64) -> UnsafeMutableRawPointer {
    var at = unsafe start
    var rest = value
    while rest >= 0x80 {
        unsafe at.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
        unsafe at += 1
        rest >>= 7
    }
    unsafe at.storeBytes(of: UInt8(truncatingIfNeeded: rest), as: UInt8.self)
    return unsafe at + 1
}

/// Writes the varint of a length; returns where it ends.
@inline(__always)
func putLength(_ at: UnsafeMutableRawPointer, _ value: UInt64) -> UnsafeMutableRawPointer {
    guard value < 0x4000 else { return unsafe putLongVarint(at, value) }
    return unsafe putTwoByteVarint(at, value)
}

@inline(never)
private func putLongVarint(
    _ at: UnsafeMutableRawPointer,
    _ value: UInt64
) -> UnsafeMutableRawPointer {
    unsafe putVarint(at, value)
}

/// Writes a zigzag varint; returns where it ends.
@inline(__always)
func putZigzag(_ at: UnsafeMutableRawPointer, _ value: Int64) -> UnsafeMutableRawPointer {
    unsafe putVarint(at, zigzag(value))
}

/// The bytes of a varint of two at most, the first lowest.
@inline(__always)
private func twoByteVarint(_ value: UInt64) -> UInt16 {
    let bytes = value & 0x7f | (value < 0x80 ? 0 : 0x80) | (value &>> 7) &<< 8
    return UInt16(truncatingIfNeeded: bytes)
}

/// Writes a varint of two bytes at most, both bytes in any case; returns where it ends.
@inline(__always)
private func putTwoByteVarint(
    _ at: UnsafeMutableRawPointer,
    _ value: UInt64
) -> UnsafeMutableRawPointer {
    unsafe at.storeBytes(of: twoByteVarint(value).littleEndian, as: UInt16.self)
    return unsafe at + 1 + isLong(value)
}

/// The same, the first byte the highest in memory.
@inline(__always)
private func putTwoByteVarintDownward(
    _ wall: UnsafeMutableRawPointer,
    _ value: UInt64
) -> UnsafeMutableRawPointer {
    unsafe (wall - 2).storeBytes(of: twoByteVarint(value).bigEndian, as: UInt16.self)
    return unsafe wall - 1 - isLong(value)
}

/// The first length that takes three bytes as a varint.
let shortLengthLimit = 0x2000

/// How many bytes more than one the varint of a length below ``shortLengthLimit`` takes.
@inline(__always)
func isLong(_ length: Int) -> Int { length < 64 ? 0 : 1 }

/// How many bytes more than one a varint of two at most takes.
@inline(__always)
func isLong(_ value: UInt64) -> Int { value < 0x80 ? 0 : 1 }

/// Writes the varint of a length below ``shortLengthLimit``; returns where it ends.
@inline(__always)
func putShortLength(_ at: UnsafeMutableRawPointer, _ length: Int) -> UnsafeMutableRawPointer {
    unsafe putTwoByteVarint(at, UInt64(truncatingIfNeeded: length) &<< 1)
}

/// Writes the varint of a length below ``shortLengthLimit``, its first byte the highest in memory;
/// returns where it ends.
@inline(__always)
func putShortLengthDownward(
    _ wall: UnsafeMutableRawPointer,
    _ length: Int
) -> UnsafeMutableRawPointer {
    unsafe putTwoByteVarintDownward(wall, UInt64(truncatingIfNeeded: length) &<< 1)
}

/// Writes a varint whose first byte is the highest in memory; returns where it ends.
@inline(__always)
func putVarintDownward(
    _ wall: UnsafeMutableRawPointer,
    _ value: UInt64
) -> UnsafeMutableRawPointer {
    guard value < 0x4000 else { return unsafe putLongVarintDownward(wall, value) }
    return unsafe putTwoByteVarintDownward(wall, value)
}

@inline(never)
private func putLongVarintDownward(
    _ wall: UnsafeMutableRawPointer,
    _ value: UInt64
) -> UnsafeMutableRawPointer {
    var at = unsafe wall - 1
    var rest = value
    while rest >= 0x80 {
        unsafe at.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
        unsafe at -= 1
        rest >>= 7
    }
    unsafe at.storeBytes(of: UInt8(truncatingIfNeeded: rest), as: UInt8.self)
    return unsafe at
}

/// The bytes of a varint of three at most, the first lowest; without a branch.
@inline(__always)
func threeByteVarint(_ value: UInt64) -> UInt64 {
    let second: UInt64 = value >= 0x80 ? 0x80 : 0
    let third: UInt64 = value >= 0x4000 ? 0x80 : 0
    return value & 0x7f | second | (value &>> 7 & 0x7f | third) &<< 8 | (value &>> 14) &<< 16
}

/// The size of such a varint, in bytes; without a branch.
@inline(__always)
func threeByteVarintSize(_ value: UInt64) -> Int {
    1 &+ (value >= 0x80 ? 1 : 0) &+ (value >= 0x4000 ? 1 : 0)
}

/// Writes a varint whose first byte is the highest in memory, without a branch.
///
/// The value is less than 2^21. Three bytes below the varint may be written too.
///
/// - Returns: Where it ends.
@inline(__always)
func putShortVarintDownward(
    _ wall: UnsafeMutableRawPointer,
    _ value: UInt64
) -> UnsafeMutableRawPointer {
    let bytes = UInt32(truncatingIfNeeded: threeByteVarint(value))
    unsafe (wall - 4).storeBytes(of: bytes.bigEndian, as: UInt32.self)
    return unsafe wall - threeByteVarintSize(value)
}

/// Copies a key of 16 bytes at most, and what stands behind it.
@inline(__always)
func copyShortKey(_ source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer) {
    let first = unsafe source.loadUnaligned(as: UInt64.self)
    let second = unsafe (source + 8).loadUnaligned(as: UInt64.self)
    unsafe destination.storeBytes(of: first, as: UInt64.self)
    unsafe (destination + 8).storeBytes(of: second, as: UInt64.self)
}

/// Writes what stands in a record before its key.
@inline(__always)
func putRecordHead(
    _ start: UnsafeMutableRawPointer,
    bodySize: Int,
    timestampDelta: Int64,
    offsetDelta: Int64
) -> UnsafeMutableRawPointer {
    var at = unsafe putLength(start, zigzag(Int64(bodySize)))
    unsafe at.storeBytes(of: 0, as: UInt8.self)  // Attributes: none are defined.
    unsafe at = putZigzag(at + 1, timestampDelta)
    return unsafe putZigzag(at, offsetDelta)
}

/// Writes a length and its bytes; -1 stands for null.
@inline(__always)
func putField(
    _ start: UnsafeMutableRawPointer,
    _ bytes: Span<UInt8>?
) -> UnsafeMutableRawPointer {
    guard let bytes else { return unsafe putZigzag(start, -1) }
    let at = unsafe putLength(start, zigzag(Int64(bytes.count)))
    unsafe bytes.withUnsafeBytes { buffer in
        guard let source = buffer.baseAddress else { return }
        unsafe at.copyMemory(from: source, byteCount: buffer.count)
    }
    return unsafe at + bytes.count
}
