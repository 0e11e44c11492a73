/// Places keys on partitions as the clients of other languages do (docs/PROTOCOL.md section 9).
enum Partitioner {
    /// The hash of a key, or `nil` if the partitioner does not place this key.
    @inline(__always)
    static func hash(_ key: Span<UInt8>, _ kind: PartitionerKind) -> UInt32? {
        switch kind {
        case .murmur2: Murmur2.hash(key)
        // librdkafka's consistent_random takes an empty key as none.
        case .crc32: key.isEmpty ? nil : CRC32.hash(key)
        case .fnv1a: FNV1a.hash(key)
        case .random, .roundRobin: nil
        }
    }

    /// The partition of a hash.
    ///
    /// `count` is how many partitions the topic has, with and without a leader.
    @inline(__always)
    static func partition(ofHash hash: UInt32, _ kind: PartitionerKind, count: Int) -> Int {
        switch kind {
        case .murmur2: return Int(hash & 0x7fff_ffff) % count
        case .crc32: return Int(hash) % count
        case .fnv1a:
            // Sarama takes the remainder of the signed hash, and then its absolute value.
            let remainder = Int(Int32(bitPattern: hash)) % count
            return abs(remainder)
        case .random, .roundRobin: return 0
        }
    }
}
