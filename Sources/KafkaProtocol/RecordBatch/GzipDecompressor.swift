private import CZlib

/// Decompresses the records of one batch with gzip, by zlib: what every build has.
///
/// The compressed bytes come in as many pieces as they lie in. The result never grows past its
/// limit, whatever the bytes say.
///
/// zlib's state belongs to this value alone and is never moved, since it points to itself. zlib is
/// given the true bounds of the scratch, which lives as long as the value, and a piece for the
/// length of one call.
@safe
package struct GzipDecompressor: ~Copyable {
    /// How much is decompressed at a time; large enough for the calls not to matter.
    private static let scratchSize = 64 << 10

    private let limit: Int
    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableBufferPointer<UInt8>
    private var result: [UInt8] = []
    private var isComplete = false

    /// Begins a result of at most `limit` bytes.
    package init(limit: Int) {
        precondition(limit >= 0)
        self.limit = limit
        unsafe scratch = .allocate(capacity: Self.scratchSize)
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 is the largest window, 16 more ask for gzip's framing.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        let status = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size)
        precondition(status == Z_OK, "zlib has no memory for its state.")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
        unsafe scratch.deallocate()
    }

    /// Decompresses all of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: One gzip member.
    ///   - limit: The largest result to accept, in bytes.
    /// - Returns: What was compressed.
    /// - Throws: ``CompressionError`` if the bytes are anything else.
    package static func decompress(
        _ bytes: Span<UInt8>,
        limit: Int
    ) throws(CompressionError) -> [UInt8] {
        var decompressor = GzipDecompressor(limit: limit)
        try decompressor.append(bytes)
        return try decompressor.finish()
    }

    /// Decompresses the next piece.
    package mutating func append(_ piece: Span<UInt8>) throws(CompressionError) {
        precondition(piece.count <= Int(UInt32.max))
        guard piece.count > 0 else { return }
        let failure: CompressionError? = unsafe piece.withUnsafeBufferPointer { bytes in
            // zlib only reads what it takes as mutable.
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(bytes.count)
            defer {
                unsafe stream.pointee.next_in = nil
                unsafe stream.pointee.avail_in = 0
            }
            return inflatePiece()
        }
        if let failure { throw failure }
    }

    /// Ends the result.
    ///
    /// - Returns: What was compressed.
    /// - Throws: `truncated` if the member did not end.
    package consuming func finish() throws(CompressionError) -> [UInt8] {
        guard isComplete else { throw .truncated }
        return result
    }

    /// Decompresses what zlib was given, and tells what is wrong with it, if anything is.
    private mutating func inflatePiece() -> CompressionError? {
        var hasMore = true
        while hasMore {
            guard !isComplete else { return .trailingBytes }
            unsafe stream.pointee.next_out = scratch.baseAddress
            unsafe stream.pointee.avail_out = UInt32(Self.scratchSize)
            let status = unsafe inflate(stream, Z_NO_FLUSH)
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                return .damaged
            }
            let free = Int(unsafe stream.pointee.avail_out)
            let count = Self.scratchSize - free
            guard count <= limit - result.count else { return .tooLarge(limit: limit) }
            unsafe result.append(contentsOf: scratch[0..<count])
            isComplete = status == Z_STREAM_END
            // A full scratch may mean that zlib holds back more of what it took.
            hasMore = unsafe stream.pointee.avail_in > 0
            if !isComplete && free == 0 { hasMore = true }
        }
        return nil
    }
}
