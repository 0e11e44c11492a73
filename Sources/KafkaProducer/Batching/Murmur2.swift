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
        let wordsEnd = key.count & ~3
        var index = 0
        while index < wordsEnd {
            // Its bounds are checked, and any four bytes are a word.
            var word = unsafe UInt32(
                littleEndian: key.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self)
            )
            word &*= multiplier
            word ^= word >> 24
            word &*= multiplier
            hash = (hash &* multiplier) ^ word
            index += 4
        }
        if wordsEnd < key.count {
            for index in wordsEnd..<key.count {
                hash ^= UInt32(key[index]) << (8 * UInt32(index - wordsEnd))
            }
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        hash ^= hash >> 15
        return hash
    }
}
