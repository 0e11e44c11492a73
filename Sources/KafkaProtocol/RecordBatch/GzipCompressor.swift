private import CZlib

/// Compresses the records of one batch after another with gzip, by zlib: what every build has.
///
/// zlib's state (some 256 KiB) is allocated once and used for every batch. It belongs to this value
/// alone, lives as long, and is never moved, since it points to itself. zlib is given the true
/// bounds of both memories, for the length of one call.
@safe
package struct GzipCompressor: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    /// Allocates a compressor.
    ///
    /// - Parameter level: A level of ``CompressionCodec/levels``.
    package init(level: Int) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 is the largest window, 16 more ask for gzip's framing; 8 is zlib's usual memory.
        let status = unsafe deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(status == Z_OK, "zlib has no memory for its state, or no such level.")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The bytes of memory that the result of so many bytes needs while it is made.
    package func outputSize(for count: Int) -> Int { count }

    /// Compresses bytes into memory.
    ///
    /// - Precondition: The memory has ``outputSize(for:)`` bytes.
    /// - Returns: The size of the result, or `nil` if it would be larger than the records.
    package func compress(
        _ records: Span<UInt8>,
        into memory: inout MutableSpan<UInt8>
    ) -> Int? {
        precondition(records.count <= memory.count && records.count <= Int(UInt32.max))
        let status = unsafe deflateReset(stream)
        precondition(status == Z_OK)
        return unsafe records.withUnsafeBufferPointer { input in
            unsafe memory.withUnsafeMutableBufferPointer { output in
                // zlib only reads what it takes as mutable.
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(input.count)
                guard unsafe deflate(stream, Z_FINISH) == Z_STREAM_END else { return nil }
                return input.count - Int(unsafe stream.pointee.avail_out)
            }
        }
    }
}
