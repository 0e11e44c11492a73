#if Snappy
private import CSnappy

/// Compresses the records of one batch after another with Snappy, as one raw block.
///
/// That is what librdkafka and franz-go write. The Java client wraps such blocks in a frame of its
/// own (xerial); brokers and consumers read both. libsnappy keeps no state.
@safe
package struct SnappyCompressor: ~Copyable {
    /// The shared library's function, or `nil` where it is not installed: loaded once.
    private static let shared = unsafe csnappy_shared_compress()

    private let function: CSnappyCompress

    /// Creates a compressor.
    ///
    /// - Parameter isShared: Whether to look for the shared library, which compresses the same to
    ///   the same bytes in half the time (csnappy.h); otherwise it is what was linked.
    package init(isShared: Bool = true) {
        let linked: CSnappyCompress = unsafe snappy_compress
        unsafe function = (isShared ? Self.shared : nil) ?? linked
    }

    /// The bytes of memory that the result of so many bytes needs while it is made.
    package func outputSize(for count: Int) -> Int { snappy_max_compressed_length(count) }

    /// Compresses bytes into memory.
    ///
    /// - Precondition: The memory has ``outputSize(for:)`` bytes.
    /// - Returns: The size of the result.
    package func compress(
        _ records: Span<UInt8>,
        into memory: inout MutableSpan<UInt8>
    ) -> Int? {
        precondition(memory.count >= outputSize(for: records.count))
        var count = memory.count
        let status = unsafe records.withUnsafeBytes { input in
            unsafe memory.withUnsafeMutableBytes { output in
                unsafe function(
                    input.baseAddress?.assumingMemoryBound(to: CChar.self),
                    input.count,
                    output.baseAddress?.assumingMemoryBound(to: CChar.self),
                    &count
                )
            }
        }
        precondition(status == SNAPPY_OK, "libsnappy compresses everything.")
        return count
    }
}
#endif
