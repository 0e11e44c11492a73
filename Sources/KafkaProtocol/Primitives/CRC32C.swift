private import CKafkaChecksums

/// The checksum of record batches: CRC-32C, of the Castagnoli polynomial.
///
/// The C function that computes it is lent the bytes for the length of a call, and reads no more
/// than the span holds; hence the pointer is safe.
package enum CRC32C {
    /// The checksum of some bytes.
    package static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        update(0, bytes)
    }

    /// The checksum of what `crc` is the checksum of, followed by some more bytes.
    package static func update(_ crc: UInt32, _ bytes: Span<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe kafka_crc32c(crc, $0.baseAddress, $0.count) }
    }

    /// The checksum of what `first` is the checksum of, followed by the bytes of `second`.
    package static func combine(_ first: UInt32, _ second: UInt32, secondSize: Int) -> UInt32 {
        kafka_crc32c_combine(first, second, secondSize)
    }
}
