/// Decompresses the records of a batch, whatever the codec.
///
/// That happens when something went wrong, or in tests, so nothing is kept from one to the next.
package enum RecordDecompressor {
    /// Decompresses all of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes behind a batch's header.
    ///   - codec: What they are compressed with.
    ///   - limit: The largest result to accept, in bytes; no more memory is taken, whatever the
    ///     bytes say.
    /// - Returns: What was compressed.
    /// - Throws: ``CompressionError`` if the bytes are not the codec's, or it is not built in.
    package static func decompress(
        _ bytes: Span<UInt8>,
        with codec: CompressionCodec,
        limit: Int
    ) throws(CompressionError) -> [UInt8] {
        switch codec {
        case .none:
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
            return bytes.indices.map { bytes[$0] }
        case .gzip:
            #if Deflate
            return try DeflateDecompressor.decompress(bytes, limit: limit)
            #else
            return try GzipDecompressor.decompress(bytes, limit: limit)
            #endif
        case .snappy:
            #if Snappy
            return try SnappyDecompressor.decompress(bytes, limit: limit)
            #else
            throw .notBuiltIn(codec)
            #endif
        case .lz4:
            #if LZ4
            return try LZ4Decompressor.decompress(bytes, limit: limit)
            #else
            throw .notBuiltIn(codec)
            #endif
        case .zstd:
            #if Zstd
            return try ZstdDecompressor.decompress(bytes, limit: limit)
            #else
            throw .notBuiltIn(codec)
            #endif
        }
    }
}
