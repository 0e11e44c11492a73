/// The length that stands before each frame, in bytes of the frame.
///
/// The raw values are the names of `--framing`.
package enum LengthPrefix: String, CaseIterable, Hashable, Sendable {
    case u8, u16, u32, u64
    case u16le, u32le, u64le

    /// Unsigned LEB128, protobuf's varint: seven bits a byte, the lowest first.
    case varint

    /// The bytes of the longest prefix of this kind.
    package var largestSize: Int {
        switch self {
        case .u8: 1
        case .u16, .u16le: 2
        case .u32, .u32le: 4
        case .u64, .u64le: 8
        case .varint: 10
        }
    }
}

/// What a length prefix says.
enum FrameHead: Equatable {
    /// The window ends within the prefix.
    case incomplete

    /// The frame is null, and has no bytes.
    case null

    /// The frame has this many bytes, more perhaps than an `Int` can count.
    case length(UInt64)

    /// The prefix says nothing that can be followed.
    case corrupt(FramingFailure.Reason)
}

extension LengthPrefix {
    /// Reads the prefix at `position` and moves `position` behind it, unless it is incomplete.
    func read(_ window: Span<UInt8>, at position: inout Int) -> FrameHead {
        switch self {
        case .u8, .u16, .u32, .u64:
            guard largestSize <= window.count - position else { return .incomplete }
            var number: UInt64 = 0
            for index in position..<position + largestSize {
                number = number << 8 | UInt64(window[index])
            }
            position += largestSize
            return head(number)
        case .u16le, .u32le, .u64le:
            guard largestSize <= window.count - position else { return .incomplete }
            var number: UInt64 = 0
            for index in (position..<position + largestSize).reversed() {
                number = number << 8 | UInt64(window[index])
            }
            position += largestSize
            return head(number)
        case .varint:
            return readVarint(window, at: &position)
        }
    }

    /// What a number means that stands before a frame.
    ///
    /// Widths of 32 and 64 bits are signed, so that there is a null, as in Kafka's own protocol and
    /// in what `kcat -f %R` prints.
    private func head(_ number: UInt64) -> FrameHead {
        let signed: Int64
        switch self {
        case .u8, .u16, .u16le, .varint: return .length(number)
        case .u32, .u32le: signed = Int64(Int32(truncatingIfNeeded: number))
        case .u64, .u64le: signed = Int64(bitPattern: number)
        }
        if signed == -1 { return .null }
        return signed < 0 ? .corrupt(.negativeLength(signed)) : .length(number)
    }

    private func readVarint(_ window: Span<UInt8>, at position: inout Int) -> FrameHead {
        var number: UInt64 = 0
        var index = position
        while index < window.count {
            let byte = window[index]
            let shift = 7 * (index - position)
            index += 1
            // The tenth byte has room for the last of the 64 bits.
            guard shift < 63 || byte <= 1 else {
                position = index
                return .corrupt(.varintTooLong)
            }
            number |= UInt64(byte & 0x7f) << UInt64(shift)
            if byte < 0x80 {
                position = index
                return .length(number)
            }
        }
        return .incomplete
    }
}
