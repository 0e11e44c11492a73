#if LZ4
private import CLZ4

/// Decompresses LZ4 frames, as strictly as Kafka's own reader.
@safe
package enum LZ4Decompressor {
    /// The flags of a frame: behind its magic.
    private static let flagsOffset = 4
    /// The blocks do not need those before them.
    private static let independentBlocks: UInt8 = 0x20
    /// A dictionary is needed, which Kafka has not.
    private static let dictionary: UInt8 = 0x01
    private static let scratchSize = 64 << 10

    /// Decompresses all of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: One LZ4 frame.
    ///   - limit: The largest result to accept, in bytes.
    /// - Returns: What was compressed.
    /// - Throws: ``CompressionError`` if the bytes are anything else.
    package static func decompress(
        _ bytes: Span<UInt8>,
        limit: Int
    ) throws(CompressionError) -> [UInt8] {
        precondition(limit >= 0)
        guard bytes.count > flagsOffset else { throw .truncated }
        guard bytes[flagsOffset] & (independentBlocks | dictionary) == independentBlocks else {
            throw .damaged
        }
        var context: OpaquePointer?
        let status = unsafe LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
        // Never moved and freed here: it is used for the length of this call alone.
        guard LZ4F_isError(status) == 0, let context = unsafe context else {
            preconditionFailure("liblz4 has no memory for its state.")
        }
        defer { unsafe LZ4F_freeDecompressionContext(context) }
        var result: [UInt8] = []
        let failure = unsafe bytes.withUnsafeBytes { input in
            unsafe decompress(input, with: context, limit: limit, into: &result)
        }
        if let failure { throw failure }
        return result
    }

    private static func decompress(
        _ input: UnsafeRawBufferPointer,
        with context: OpaquePointer,
        limit: Int,
        into result: inout [UInt8]
    ) -> CompressionError? {
        unsafe withUnsafeTemporaryAllocation(byteCount: scratchSize, alignment: 1) { scratch in
            var consumed = 0
            while true {
                var written = scratch.count
                var taken = input.count - consumed
                let hint = unsafe LZ4F_decompress(
                    context,
                    scratch.baseAddress,
                    &written,
                    input.baseAddress?.advanced(by: consumed),
                    &taken,
                    nil
                )
                guard LZ4F_isError(hint) == 0 else { return .damaged }
                guard written <= limit - result.count else { return .tooLarge(limit: limit) }
                unsafe result.append(contentsOf: scratch[..<written])
                consumed += taken
                if hint == 0 {
                    return consumed == input.count ? nil : .trailingBytes
                }
                if written == 0 && taken == 0 { return .truncated }
            }
        }
    }
}
#endif
