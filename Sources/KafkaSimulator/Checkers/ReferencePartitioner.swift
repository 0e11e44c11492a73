import KafkaProducer

/// Where other clients put a key (I8), written from docs/PROTOCOL.md section 9 and from nothing
/// that the producer uses.
enum ReferencePartitioner {
    /// What the partition of a key is worked out from, or `nil` if it may go anywhere.
    static func hash(of key: Span<UInt8>, _ kind: PartitionerKind) -> UInt32? {
        switch kind {
        case .murmur2: murmur2(key)
        case .crc32: key.isEmpty ? nil : crc32(key)
        case .fnv1a: fnv1a(key)
        case .random, .roundRobin: nil
        }
    }

    /// The partition of a hash among so many.
    static func partition(of hash: UInt32, _ kind: PartitionerKind, count: Int) -> Int {
        switch kind {
        case .murmur2: Int(hash & 0x7fff_ffff) % count
        case .crc32: Int(hash) % count
        case .fnv1a: abs(Int(Int32(bitPattern: hash)) % count)
        case .random, .roundRobin: 0
        }
    }

    /// Austin Appleby's MurmurHash2 with the seed of Kafka's `Utils.murmur2`.
    private static func murmur2(_ key: Span<UInt8>) -> UInt32 {
        let multiplier: UInt32 = 0x5bd1_e995
        var hash = 0x9747_b28c ^ UInt32(truncatingIfNeeded: key.count)
        var at = 0
        while key.count - at >= 4 {
            var word: UInt32 = 0
            for place in 0..<4 { word |= UInt32(key[at + place]) << UInt32(8 * place) }
            word &*= multiplier
            word ^= word >> 24
            hash = hash &* multiplier ^ word &* multiplier
            at += 4
        }
        if at < key.count {
            for place in 0..<key.count - at { hash ^= UInt32(key[at + place]) << UInt32(8 * place) }
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        return hash ^ hash >> 15
    }

    /// The CRC of zlib and Ethernet, bit by bit.
    private static func crc32(_ key: Span<UInt8>) -> UInt32 {
        var remainder = ~UInt32(0)
        for at in key.indices {
            remainder ^= UInt32(key[at])
            for _ in 0..<8 {
                remainder = remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0xedb8_8320
            }
        }
        return ~remainder
    }

    /// Fowler, Noll and Vo's hash of 32 bits, variant 1a.
    private static func fnv1a(_ key: Span<UInt8>) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for at in key.indices { hash = (hash ^ UInt32(key[at])) &* 0x0100_0193 }
        return hash
    }
}
