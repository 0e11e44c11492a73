#if Snappy
private import CSnappy

/// Decompresses Snappy, in both forms that a broker accepts.
@safe
package enum SnappyDecompressor {
    /// What the Java client's streams begin with; two numbers of 32 bits follow.
    private static let streamMagic: [UInt8] = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]
    private static let streamHeaderSize = 16

    /// How many times larger than its compressed form anything can be at most: a copy of three
    /// bytes stands for 64.
    private static let largestRatio = 22

    /// Decompresses all of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: A raw block, or such blocks in a stream of the Java client.
    ///   - limit: The largest result to accept, in bytes.
    /// - Returns: What was compressed.
    /// - Throws: ``CompressionError`` if the bytes are anything else. libsnappy does not tell
    ///   damage from a missing end.
    package static func decompress(
        _ bytes: Span<UInt8>,
        limit: Int
    ) throws(CompressionError) -> [UInt8] {
        var result: [UInt8] = []
        guard isStream(bytes) else {
            try append(bytes, to: &result, limit: limit)
            return result
        }
        guard bytes.count >= streamHeaderSize else { throw .truncated }
        var offset = streamHeaderSize
        while offset < bytes.count {
            guard bytes.count - offset >= 4 else { throw .truncated }
            let size = (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
            offset += 4
            guard size <= bytes.count - offset else { throw .truncated }
            try append(bytes.extracting(offset..<offset + size), to: &result, limit: limit)
            offset += size
        }
        return result
    }

    private static func isStream(_ bytes: Span<UInt8>) -> Bool {
        bytes.count >= streamMagic.count
            && streamMagic.indices.allSatisfy { bytes[$0] == streamMagic[$0] }
    }

    /// Decompresses one raw block behind what there is.
    private static func append(
        _ block: Span<UInt8>,
        to result: inout [UInt8],
        limit: Int
    ) throws(CompressionError) {
        let failure: CompressionError? = unsafe block.withUnsafeBytes { input in
            let start = unsafe input.baseAddress?.assumingMemoryBound(to: CChar.self)
            var size = 0
            guard
                unsafe snappy_uncompressed_length(start, input.count, &size) == SNAPPY_OK,
                size >= 0, size <= largestRatio * input.count
            else { return .damaged }
            guard size <= limit - result.count else { return .tooLarge(limit: limit) }
            let offset = result.count
            result.append(contentsOf: repeatElement(0, count: size))
            let status = unsafe result.withUnsafeMutableBytes { output in
                unsafe snappy_uncompress(
                    start,
                    input.count,
                    output.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self),
                    &size
                )
            }
            return status == SNAPPY_OK ? nil : .damaged
        }
        if let failure { throw failure }
    }
}
#endif
