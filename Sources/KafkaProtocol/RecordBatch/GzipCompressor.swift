private import CZlib

/// Compresses the records of one batch after another with gzip.
///
/// The state of zlib (some 256 KiB) and the memory for the result are allocated once and used for
/// every batch. The bytes to compress come in as many pieces as they lie in.
///
/// ```
/// compressor.begin(limit: records.count)
/// compressor.append(firstChunk)
/// compressor.append(secondChunk)
/// if compressor.finish() { send(compressor.output) } else { … }   // No smaller than it was.
/// ```
///
/// Both pointers belong to this value alone and live as long as it does. zlib's state is never
/// moved, since it points to itself. zlib is given the memory's true bounds, and a piece for the
/// length of one call. Nothing is shared, so that another thread may take the value over.
@safe
package struct GzipCompressor: ~Copyable, @unchecked Sendable {
    /// The largest result there is memory for, in bytes.
    package let capacity: Int

    private let stream: UnsafeMutablePointer<z_stream>
    private let memory: UnsafeMutablePointer<UInt8>
    private var limit = 0

    /// Allocates a compressor.
    ///
    /// - Parameters:
    ///   - level: 1 for the fastest to 9 for the smallest, or -1 for zlib's own choice, which is 6.
    ///   - capacity: The largest result to have memory for, in bytes.
    package init(level: Int, capacity: Int) {
        precondition((-1...9).contains(level))
        precondition(capacity > 0)
        precondition(capacity <= Int(UInt32.max))
        self.capacity = capacity
        unsafe memory = .allocate(capacity: capacity)
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
        precondition(status == Z_OK, "zlib has no memory for its state.")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
        unsafe memory.deallocate()
    }

    /// Begins a result, forgetting the one before.
    ///
    /// - Parameter limit: The largest result worth having, in bytes.
    /// - Precondition: The limit is within ``capacity``.
    package mutating func begin(limit: Int) {
        precondition(limit > 0)
        precondition(limit <= capacity)
        let status = unsafe deflateReset(stream)
        precondition(status == Z_OK)
        self.limit = limit
        unsafe stream.pointee.next_out = memory
        unsafe stream.pointee.avail_out = UInt32(limit)
    }

    /// Compresses the next piece.
    ///
    /// Once the limit is reached, more pieces do nothing.
    package mutating func append(_ piece: Span<UInt8>) {
        precondition(limit > 0, "A result begins with `begin`.")
        precondition(piece.count <= Int(UInt32.max))
        unsafe piece.withUnsafeBufferPointer { bytes in
            // zlib only reads what it takes as mutable.
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(bytes.count)
            while unsafe stream.pointee.avail_in > 0, unsafe stream.pointee.avail_out > 0 {
                let status = unsafe deflate(stream, Z_NO_FLUSH)
                precondition(status == Z_OK)
            }
            unsafe stream.pointee.next_in = nil
            unsafe stream.pointee.avail_in = 0
        }
    }

    /// Ends the result.
    ///
    /// - Returns: Whether all of it is in ``output``: `false` if it exceeded the limit.
    package mutating func finish() -> Bool {
        precondition(limit > 0, "A result begins with `begin`.")
        guard unsafe stream.pointee.avail_out > 0 else { return false }
        return unsafe deflate(stream, Z_FINISH) == Z_STREAM_END
    }

    /// The result so far; all of it once ``finish()`` returned `true`.
    package var output: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            let count = limit == 0 ? 0 : limit - Int(unsafe stream.pointee.avail_out)
            let span = unsafe Span(_unsafeStart: memory, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}
