/// The arithmetic of Kafka's variable-length integers.
///
/// There are two kinds. *Unsigned* ones are lengths, counts and tags of the flexible message
/// versions (KIP-482). *Zigzag* ones are every integer inside a record: zigzag folds the sign into
/// the lowest bit (0, -1, 1, -2 become 0, 1, 2, 3), so that small negatives stay short. Both are
/// then seven bits a byte, lowest first, the high bit saying that more follow.
package enum Varint {
    /// The most bytes a 32-bit variable-length integer takes.
    package static let maximumSize32 = 5

    /// The most bytes a 64-bit variable-length integer takes.
    package static let maximumSize64 = 10

    /// Folds the sign of a number into its lowest bit.
    @inline(__always)
    package static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value << 1) ^ (value >> 63))
    }

    /// The number whose zigzag form is given.
    @inline(__always)
    package static func unzigzag(_ folded: UInt64) -> Int64 {
        Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
    }

    /// The encoded size of an unsigned number, in bytes.
    @inline(__always)
    package static func size(ofUnsigned value: UInt64) -> Int {
        // Zero takes a byte too; setting the lowest bit never changes how many bits are needed
        // otherwise. 70 = 64 + 7 - 1, to round up.
        (70 - (value | 1).leadingZeroBitCount) / 7
    }

    /// The encoded size of a number in zigzag form, in bytes.
    @inline(__always)
    package static func size(ofZigzag value: Int64) -> Int {
        size(ofUnsigned: zigzag(value))
    }
}
