/// Memory for the result of a ``RecordCompressor``, as large as that asks for.
///
/// It belongs to this value alone and lives as long. What was not written yet reads as anything,
/// but is memory of ours. Pages that no result has reached take no room.
@safe
package struct CompressionMemory: ~Copyable, @unchecked Sendable {
    private let memory: UnsafeMutableBufferPointer<UInt8>

    /// Allocates memory of some bytes; none are not allocated.
    package init(byteCount: Int) {
        unsafe memory = .allocate(capacity: byteCount)
    }

    deinit { unsafe memory.deallocate() }

    /// All of it, to write to.
    package var bytes: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get {
            let span = unsafe MutableSpan(_unsafeElements: memory)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    /// A result of some bytes.
    @_lifetime(borrow self)
    package func result(_ count: Int) -> Span<UInt8> {
        let span = unsafe Span(_unsafeElements: UnsafeBufferPointer(memory)).extracting(0..<count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}
