/// The one library by which records are compressed: of those that this build has.
enum CompressionEngine: ~Copyable {
    case gzip(GzipCompressor)
    #if Deflate
    case deflate(DeflateCompressor)
    #endif
    #if Snappy
    case snappy(SnappyCompressor)
    #endif
    #if LZ4
    case lz4(LZ4Compressor)
    #endif
    #if Zstd
    case zstd(ZstdCompressor)
    #endif

    /// Allocates the library's state, or gives `nil` for `none` and what is not built in.
    init?(_ codec: CompressionCodec, level: Int) {
        switch codec {
        case .none: return nil
        case .gzip:
            #if Deflate
            self = .deflate(DeflateCompressor(level: level))
            #else
            self = .gzip(GzipCompressor(level: level))
            #endif
        case .snappy:
            #if Snappy
            self = .snappy(SnappyCompressor())
            #else
            return nil
            #endif
        case .lz4:
            #if LZ4
            self = .lz4(LZ4Compressor(level: level))
            #else
            return nil
            #endif
        case .zstd:
            #if Zstd
            self = .zstd(ZstdCompressor(level: level))
            #else
            return nil
            #endif
        }
    }

    /// The bytes of memory that the result of so many bytes needs while it is made.
    func outputSize(for count: Int) -> Int {
        switch self {
        case .gzip(let compressor): compressor.outputSize(for: count)
        #if Deflate
        case .deflate(let compressor): compressor.outputSize(for: count)
        #endif
        #if Snappy
        case .snappy(let compressor): compressor.outputSize(for: count)
        #endif
        #if LZ4
        case .lz4(let compressor): compressor.outputSize(for: count)
        #endif
        #if Zstd
        case .zstd(let compressor): compressor.outputSize(for: count)
        #endif
        }
    }

    /// Compresses bytes into memory.
    ///
    /// - Returns: The size of the result, or `nil` if it does not fit.
    func compress(_ records: Span<UInt8>, into memory: inout MutableSpan<UInt8>) -> Int? {
        switch self {
        case .gzip(let compressor): compressor.compress(records, into: &memory)
        #if Deflate
        case .deflate(let compressor): compressor.compress(records, into: &memory)
        #endif
        #if Snappy
        case .snappy(let compressor): compressor.compress(records, into: &memory)
        #endif
        #if LZ4
        case .lz4(let compressor): compressor.compress(records, into: &memory)
        #endif
        #if Zstd
        case .zstd(let compressor): compressor.compress(records, into: &memory)
        #endif
        }
    }
}
