#if Deflate
private import CDeflate

/// Decompresses gzip by libdeflate.
@safe
package enum DeflateDecompressor {
    /// How many times larger than its compressed form anything can be at most: 258 bytes for two
    /// bits (RFC 1951).
    private static let largestRatio = 1032

    /// Decompresses all of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: One gzip member.
    ///   - limit: The largest result to accept, in bytes.
    /// - Returns: What was compressed.
    /// - Throws: ``CompressionError`` if the bytes are anything else. libdeflate does not tell
    ///   damage from a missing end.
    package static func decompress(
        _ bytes: Span<UInt8>,
        limit: Int
    ) throws(CompressionError) -> [UInt8] {
        // Never moved and freed here: it is used for the length of this call alone.
        guard let state = unsafe libdeflate_alloc_decompressor() else {
            preconditionFailure("libdeflate has no memory for its state.")
        }
        defer { unsafe libdeflate_free_decompressor(state) }
        return try unsafe GrowingResult.fill(
            expected: min(claimedSize(bytes), largestRatio * bytes.count),
            limit: limit
        ) { memory in
            var consumed = 0
            var written = 0
            let status = unsafe bytes.withUnsafeBytes { input in
                unsafe libdeflate_gzip_decompress_ex(
                    state,
                    input.baseAddress,
                    input.count,
                    memory.baseAddress,
                    memory.count,
                    &consumed,
                    &written
                )
            }
            switch status {
            case LIBDEFLATE_SUCCESS:
                return consumed == bytes.count ? .complete(written) : .failed(.trailingBytes)
            case LIBDEFLATE_INSUFFICIENT_SPACE: return .tooSmall
            default: return .failed(.damaged)
            }
        }
    }

    /// What the member's last four bytes say: its size, as long as that is below 4 GiB.
    private static func claimedSize(_ bytes: Span<UInt8>) -> Int {
        guard bytes.count >= 4 else { return 0 }
        return (1...4).reduce(0) { $0 << 8 | Int(bytes[bytes.count - $1]) }
    }
}
#endif
