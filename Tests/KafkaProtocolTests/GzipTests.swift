import KafkaProtocol
import Testing

@Suite("Gzip")
struct GzipTests {
    /// Text of a kind that compresses, but not to nothing.
    private static let text: [UInt8] = (0..<4000).flatMap {
        Array("line \($0 * 7919 % 1000)\n".utf8)
    }

    private func compress(
        _ pieces: [ArraySlice<UInt8>],
        with compressor: inout GzipCompressor
    ) -> [UInt8]? {
        for piece in pieces { compressor.append(piece.span) }
        guard compressor.finish() else { return nil }
        let output = compressor.output
        return output.indices.map { output[$0] }
    }

    @Test("gives back what was compressed, at every level", arguments: [-1, 1, 6, 9])
    func roundTrip(level: Int) throws {
        var compressor = GzipCompressor(level: level, capacity: Self.text.count)
        // Twice, to see that the second result begins afresh.
        for _ in 0..<2 {
            compressor.begin(limit: Self.text.count)
            let compressed = try #require(compress([Self.text[...]], with: &compressor))
            #expect(compressed.count < Self.text.count / 2)
            #expect(compressed.starts(with: [0x1f, 0x8b, 8]))
            let result = try GzipDecompressor.decompress(compressed.span, limit: Self.text.count)
            #expect(result == Self.text)
        }
    }

    @Test("does not care in which pieces the bytes lie, on either way")
    func pieces() throws {
        var compressor = GzipCompressor(level: 1, capacity: Self.text.count)
        compressor.begin(limit: Self.text.count)
        let whole = try #require(compress([Self.text[...]], with: &compressor))
        for cut in [0, 1, 100, Self.text.count - 1, Self.text.count] {
            compressor.begin(limit: Self.text.count)
            let pieces = [Self.text[..<cut], Self.text[cut...]]
            #expect(compress(pieces, with: &compressor) == whole)
        }
        for cut in stride(from: 0, through: whole.count, by: 97) {
            var decompressor = GzipDecompressor(limit: Self.text.count)
            try decompressor.append(whole.span.extracting(0..<cut))
            try decompressor.append(whole.span.extracting(cut..<whole.count))
            #expect(try decompressor.finish() == Self.text)
        }
    }

    @Test("gives up when the result is not worth having")
    func limit() throws {
        var compressor = GzipCompressor(level: 6, capacity: 1000)
        compressor.begin(limit: 5)
        #expect(compress([Array("hello".utf8)[...]], with: &compressor) == nil)
        compressor.begin(limit: 1000)
        #expect(compress([Self.text[...]], with: &compressor) == nil)
        // And is as good as new.
        compressor.begin(limit: 1000)
        let compressed = try #require(compress([Array("hello".utf8)[...]], with: &compressor))
        let result = try GzipDecompressor.decompress(compressed.span, limit: 5)
        #expect(result == Array("hello".utf8))
    }

    @Test("finds the smallest limit that is enough, and none below")
    func exactLimit() throws {
        var compressor = GzipCompressor(level: 6, capacity: 1000)
        compressor.begin(limit: 1000)
        let size = try #require(compress([Self.text[..<300]], with: &compressor)).count
        for limit in 1...size + 1 {
            compressor.begin(limit: limit)
            #expect((compress([Self.text[..<300]], with: &compressor) != nil) == (limit >= size))
        }
    }

    @Test("refuses what is not one whole gzip member of an accepted size")
    func refusals() throws {
        var compressor = GzipCompressor(level: 6, capacity: Self.text.count)
        compressor.begin(limit: Self.text.count)
        let whole = try #require(compress([Self.text[...]], with: &compressor))
        let decompress = { (bytes: [UInt8], limit: Int) throws(GzipError) in
            _ = try GzipDecompressor.decompress(bytes.span, limit: limit)
        }
        #expect(throws: GzipError.truncated) { try decompress([], 10) }
        #expect(throws: GzipError.notGzip) { try decompress(Array("hello".utf8), 10) }
        #expect(throws: GzipError.truncated) { try decompress(whole.dropLast(), 100_000) }
        #expect(throws: GzipError.trailingBytes) { try decompress(whole + [0], 100_000) }
        #expect(throws: GzipError.trailingBytes) { try decompress(whole + whole, 100_000) }
        let limit = Self.text.count - 1
        #expect(throws: GzipError.tooLarge(limit: limit)) { try decompress(whole, limit) }
        var damaged = whole
        damaged[damaged.count - 8] ^= 1  // The checksum.
        #expect(throws: GzipError.notGzip) { try decompress(damaged, 100_000) }
    }

    @Test("compresses nothing to a member of nothing")
    func nothing() throws {
        var compressor = GzipCompressor(level: 6, capacity: 100)
        compressor.begin(limit: 100)
        let compressed = try #require(compress([], with: &compressor))
        #expect(try GzipDecompressor.decompress(compressed.span, limit: 0).isEmpty)
    }
}
