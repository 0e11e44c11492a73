import CKafkaChecksums
import KafkaProtocol
import Testing

@Suite("CRC32C")
struct CRC32CTests {
    @Test("computes the golden checksums")
    func golden() {
        let vectors: [([UInt8], String)] = [
            (Array("123456789".utf8), Fixtures.batches["_crc32c_check"]["value"].text),
            (Array(repeating: 0, count: 32), Fixtures.batches["_crc32c_32zero"].text),
            (Array(repeating: 0xff, count: 32), Fixtures.batches["_crc32c_32ff"].text),
            (Array(0...0x1f), Fixtures.batches["_crc32c_0to31"].text),
        ]
        for (bytes, hex) in vectors {
            let digits = String(CRC32C.checksum(bytes.span), radix: 16)
            #expect(digits == hex.dropFirst(2))
        }
        #expect(CRC32C.checksum([UInt8]().span) == 0)
    }

    /// The definition of the checksum, bit by bit.
    private func definition(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0x82f6_3b78 : 0) }
        }
        return ~crc
    }

    /// Sizes below, at and above each step of the processor's ways: 8, 64, 256, 3 * 256 and
    /// 3 * 4096 bytes.
    private static let sizes = [
        0, 1, 7, 8, 9, 63, 64, 65, 255, 256, 257, 319, 320, 327, 383, 511, 512, 513, 767, 768, 769,
        1535, 1536, 12_287, 12_288, 12_289, 13_056, 13_071, 25_000,
    ]

    @Test("is its definition, with the processor's instructions and without", arguments: sizes)
    func everySize(size: Int) {
        var state: UInt32 = 1
        let bytes = (0..<size + 3).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        for start in [0, 3] {
            let part = bytes[start..<start + size]
            let expected = definition(part)
            #expect(CRC32C.checksum(bytes.span.extracting(start..<start + size)) == expected)
            let portable = part.withUnsafeBytes {
                kafka_crc32c_portable(0, $0.baseAddress, $0.count)
            }
            #expect(portable == expected)
            let older = part.withUnsafeBytes {
                kafka_crc32c_without_avx512(0, $0.baseAddress, $0.count)
            }
            #expect(older == expected)
        }
    }

    @Test("can be computed in any two pieces")
    func pieces() {
        let bytes = Array("a batch whose records lie in two chunks".utf8)
        let whole = CRC32C.checksum(bytes.span)
        for cut in 0...bytes.count {
            let first = CRC32C.checksum(bytes.span.extracting(0..<cut))
            #expect(CRC32C.update(first, bytes.span.extracting(cut..<bytes.count)) == whole)
        }
    }

    @Test("is that of two pieces, from the checksum of each and the size of the second")
    func combined() {
        let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let whole = CRC32C.checksum(bytes.span)
        for cut in [0, 1, 40, 255, 4096, 65_000, 69_999, 70_000] {
            let first = CRC32C.checksum(bytes.span.extracting(0..<cut))
            let second = CRC32C.checksum(bytes.span.extracting(cut..<bytes.count))
            let size = bytes.count - cut
            #expect(CRC32C.combine(first, second, secondSize: size) == whole)
            #expect(kafka_crc32c_combine_portable(first, second, size) == whole)
        }
    }
}
