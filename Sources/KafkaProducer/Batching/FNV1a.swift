/// The hash by which Sarama places a key: 32-bit FNV-1a.
package enum FNV1a {
    private static let offsetBasis: UInt32 = 0x811c_9dc5
    private static let prime: UInt32 = 0x0100_0193

    /// The hash of a key.
    package static func hash(_ key: Span<UInt8>) -> UInt32 {
        var hash = offsetBasis
        for index in key.indices {
            hash = (hash ^ UInt32(key[index])) &* prime
        }
        return hash
    }
}
