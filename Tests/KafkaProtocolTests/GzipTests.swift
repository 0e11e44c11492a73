import KafkaProtocol
import Testing

/// gzip by zlib, which every build has.
@Suite("Gzip")
struct GzipTests {
    private static let text = SampleText.lines

    private func compress(_ bytes: [UInt8], level: Int) throws -> [UInt8] {
        let compressor = GzipCompressor(level: level)
        var memory = [UInt8](repeating: 0, count: compressor.outputSize(for: bytes.count))
        var span = memory.mutableSpan
        let size = compressor.compress(bytes.span, into: &span)
        let count = try #require(size)
        return Array(memory[..<count])
    }

    @Test("gives back what was compressed, at every level", arguments: 1...9)
    func roundTrip(level: Int) throws {
        let compressed = try compress(Self.text, level: level)
        #expect(compressed.count < Self.text.count / 2)
        #expect(compressed.starts(with: [0x1f, 0x8b, 8]))
        let result = try GzipDecompressor.decompress(compressed.span, limit: Self.text.count)
        #expect(result == Self.text)
    }

    @Test("does not care in which pieces compressed bytes lie")
    func pieces() throws {
        let whole = try compress(Self.text, level: 1)
        for cut in stride(from: 0, through: whole.count, by: 97) {
            var decompressor = GzipDecompressor(limit: Self.text.count)
            try decompressor.append(whole.span.extracting(0..<cut))
            try decompressor.append(whole.span.extracting(cut..<whole.count))
            #expect(try decompressor.finish() == Self.text)
        }
    }

    @Test("refuses what is not one whole gzip member of an accepted size")
    func refusals() throws {
        let whole = try compress(Self.text, level: 6)
        let decompress = { (bytes: [UInt8], limit: Int) throws(CompressionError) in
            _ = try GzipDecompressor.decompress(bytes.span, limit: limit)
        }
        #expect(throws: CompressionError.truncated) { try decompress([], 10) }
        #expect(throws: CompressionError.damaged) { try decompress(Array("hello".utf8), 10) }
        #expect(throws: CompressionError.truncated) { try decompress(whole.dropLast(), 100_000) }
        #expect(throws: CompressionError.trailingBytes) { try decompress(whole + [0], 100_000) }
        #expect(throws: CompressionError.trailingBytes) { try decompress(whole + whole, 100_000) }
        let limit = Self.text.count - 1
        #expect(throws: CompressionError.tooLarge(limit: limit)) { try decompress(whole, limit) }
        var damaged = whole
        damaged[damaged.count - 8] ^= 1  // The checksum.
        #expect(throws: CompressionError.damaged) { try decompress(damaged, 100_000) }
    }

    @Test("is read by the other library of a full build, and the other way round")
    func libraries() throws {
        let compressed = try compress(Self.text, level: 6)
        let result = try RecordDecompressor.decompress(
            compressed.span,
            with: .gzip,
            limit: Self.text.count
        )
        #expect(result == Self.text)
        let others = try #require(SampleText.compressed(Self.text, with: .gzip))
        #expect(try GzipDecompressor.decompress(others.span, limit: Self.text.count) == Self.text)
    }
}
