#if Snappy
private import CSnappy

/// Compresses the records of one batch after another with Snappy, as one raw block.
///
/// That is what librdkafka and franz-go write. The Java client wraps such blocks in a frame of its
/// own (xerial); brokers and consumers read both. libsnappy keeps no state.
@safe
package struct SnappyCompressor: ~Copyable {
    /// Creates a compressor.
    package init() {}

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
                unsafe snappy_compress(
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
