import KafkaProtocol

/// Gzip, both ways: what is compressed comes back, and what is not gzip is refused.
enum Compression {
    static func run(_ bytes: [UInt8]) {
        var choices = Choices(bytes)
        let isCompressed = choices.below(2) == 0
        let limit = choices.number()
        let cut = choices.number()
        let content = choices.rest
        if isCompressed {
            decompress(content, limit: limit, cut: cut)
            return
        }
        guard let member = gzip(content) else { return }
        let result = decompress(member[...], limit: content.count, cut: cut)
        require(result == Array(content), "what was compressed does not come back")
        if content.count > 0 {
            let tooLarge = decompress(member[...], limit: content.count - 1, cut: cut)
            require(tooLarge == nil, "a limit was passed")
        }
    }

    /// A gzip member, or `nil` of bytes that do not shrink.
    static func gzip(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let compressor = GzipCompressor(level: 1)
        var memory = CompressionMemory(byteCount: compressor.outputSize(for: bytes.count))
        var output = memory.bytes
        let count = withExactMemory(of: bytes) { compressor.compress($0, into: &output) }
        guard let count else { return nil }
        require(count <= bytes.count, "\(bytes.count) bytes became \(count)")
        let result = memory.result(count)
        return result.indices.map { result[$0] }
    }

    /// Decompresses in one piece and in two, which has to be the same.
    @discardableResult
    private static func decompress(
        _ bytes: ArraySlice<UInt8>,
        limit: Int,
        cut: Int
    ) -> [UInt8]? {
        let whole = withExactMemory(of: bytes) {
            try? GzipDecompressor.decompress($0, limit: limit)
        }
        require((whole?.count ?? 0) <= limit, "\(whole?.count ?? 0) bytes, limit \(limit)")
        let count = cut % (bytes.count + 1)
        let pieces = attempt(bytes.prefix(count), bytes.dropFirst(count), limit: limit)
        require(whole == pieces, "cut at \(count) something else comes out")
        return whole
    }

    private static func attempt(
        _ first: ArraySlice<UInt8>,
        _ second: ArraySlice<UInt8>,
        limit: Int
    ) -> [UInt8]? {
        var decompressor = GzipDecompressor(limit: limit)
        for piece in [first, second] {
            guard append(piece, to: &decompressor) else { return nil }
        }
        return try? decompressor.finish()
    }

    private static func append(
        _ piece: ArraySlice<UInt8>,
        to decompressor: inout GzipDecompressor
    ) -> Bool {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: piece.count)
        defer { memory.deallocate() }
        _ = memory.initialize(from: piece)
        do {
            try decompressor.append(memory.span)
            return true
        } catch {
            return false
        }
    }
}
