#if Zstd
private import CZstd

/// Decompresses Zstandard.
@safe
package enum ZstdDecompressor {
    /// What a frame of unknown size is expected to expand to; it is tried again with more.
    private static let usualRatio = 8

    /// Decompresses all of some bytes.
    ///
    /// The result is written at once, so that a frame's window, which may be of 128 MiB, takes no
    /// memory of its own.
    ///
    /// - Parameters:
    ///   - bytes: Zstandard frames.
    ///   - limit: The largest result to accept, in bytes.
    /// - Returns: What was compressed.
    /// - Throws: ``CompressionError`` if the bytes are anything else.
    package static func decompress(
        _ bytes: Span<UInt8>,
        limit: Int
    ) throws(CompressionError) -> [UInt8] {
        guard bytes.count > 0 else { throw .truncated }
        // Never moved and freed here: it is used for the length of this call alone.
        guard let context = unsafe ZSTD_createDCtx() else {
            preconditionFailure("libzstd has no memory for its state.")
        }
        defer { unsafe ZSTD_freeDCtx(context) }
        return try unsafe GrowingResult.fill(
            expected: expectedSize(bytes),
            limit: limit
        ) { memory in
            let count = unsafe bytes.withUnsafeBytes { input in
                unsafe ZSTD_decompressDCtx(
                    context,
                    memory.baseAddress,
                    memory.count,
                    input.baseAddress,
                    input.count
                )
            }
            guard ZSTD_isError(count) != 0 else { return .complete(count) }
            switch ZSTD_getErrorCode(count) {
            case ZSTD_error_dstSize_tooSmall: return .tooSmall
            case ZSTD_error_srcSize_wrong: return .failed(.truncated)
            default: return .failed(.damaged)
            }
        }
    }

    /// The size that the first frame says it has, or else the usual.
    private static func expectedSize(_ bytes: Span<UInt8>) -> Int {
        let claimed = unsafe bytes.withUnsafeBytes {
            unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count)
        }
        // The largest two numbers say that it is unknown, and that there is no frame.
        return claimed < UInt64(Int32.max) ? Int(claimed) : usualRatio * bytes.count
    }
}
#endif
