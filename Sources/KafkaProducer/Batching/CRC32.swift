/// The hash by which librdkafka, and so kcat, places a key: the CRC-32 of Ethernet and gzip.
///
/// It is not the checksum of record batches, whose polynomial is another.
package enum CRC32 {
    /// The polynomial of IEEE 802.3, its bits reversed.
    private static let polynomial: UInt32 = 0xedb8_8320

    /// The register after each byte.
    ///
    /// A step of one byte is enough for keys, which are short.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in
            crc >> 1 ^ (crc & 1 == 1 ? polynomial : 0)
        }
    }

    /// The hash of a key.
    package static func hash(_ key: Span<UInt8>) -> UInt32 {
        let table = table
        var crc = ~UInt32(0)
        for index in key.indices {
            crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ key[index])]
        }
        return ~crc
    }
}
