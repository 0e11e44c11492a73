/// The hash by which Java's clients, and most others, place a key: 32-bit MurmurHash2.
///
/// The seed is Kafka's. The result must agree with theirs bit by bit, or records with one key would
/// be spread over two partitions.
package enum Murmur2 {
    private static let seed: UInt32 = 0x9747_b28c
    private static let multiplier: UInt32 = 0x5bd1_e995

    /// The hash of a key.
    package static func hash(_ key: Span<UInt8>) -> UInt32 {
        var hash = seed ^ UInt32(truncatingIfNeeded: key.count)
        let rest = key.count & 3
        var index = 0
        while index < key.count - rest {
            var word = word(of: key, at: index)
            word &*= multiplier
            word ^= word >> 24
            word &*= multiplier
            hash = (hash &* multiplier) ^ word
            index += 4
        }
        // Not by a branch on the rest, which is random where keys differ in length.
        let withRest = (hash ^ lastBytes(rest, of: key)) &* multiplier
        hash = rest == 0 ? hash : withRest
        hash ^= hash >> 13
        hash &*= multiplier
        hash ^= hash >> 15
        return hash
    }

    /// The last bytes of a key, three at most, the first of them the lowest.
    @inline(__always)
    private static func lastBytes(_ count: Int, of key: Span<UInt8>) -> UInt32 {
        if key.count >= 4 { return word(of: key, at: key.count - 4) >> (32 - 8 * count) }
        var bytes: UInt32 = 0
        for index in key.indices { bytes |= UInt32(key[index]) << (8 * index) }
        return bytes
    }

    @inline(__always)
    private static func word(of key: Span<UInt8>, at index: Int) -> UInt32 {
        // Its bounds are checked, and any four bytes are a word.
        let word = unsafe key.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self)
        return UInt32(littleEndian: word)
    }
}
