#if LZ4
private import CLZ4

/// Compresses the records of one batch after another with LZ4, as one frame.
///
/// Its blocks have 64 KiB and are independent of each other, as librdkafka and Java have them:
/// Java's reader refuses blocks that are not (docs/PROTOCOL.md section 6).
///
/// The context is allocated once and used for every batch; it belongs to this value alone and lives
/// as long. The library is given the true bounds of both memories, for the length of one call.
@safe
package struct LZ4Compressor: ~Copyable {
    private let context: OpaquePointer
    private let preferences: LZ4F_preferences_t

    /// Allocates a compressor.
    ///
    /// - Parameter level: A level of ``CompressionCodec/levels``.
    package init(level: Int) {
        var context: OpaquePointer?
        let status = unsafe LZ4F_createCompressionContext(&context, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(status) == 0, let context = unsafe context else {
            preconditionFailure("liblz4 has no memory for its state.")
        }
        unsafe self.context = context
        var preferences = LZ4F_preferences_t()
        preferences.frameInfo.blockSizeID = LZ4F_max64KB
        preferences.frameInfo.blockMode = LZ4F_blockIndependent
        preferences.compressionLevel = Int32(level)
        // The last block, which is not full, is then compressed in place too.
        preferences.autoFlush = 1
        self.preferences = preferences
    }

    deinit { unsafe LZ4F_freeCompressionContext(context) }

    /// The bytes of memory that the result of so many bytes needs while it is made.
    package func outputSize(for count: Int) -> Int {
        unsafe withUnsafePointer(to: preferences) { unsafe LZ4F_compressFrameBound(count, $0) }
    }

    /// Compresses bytes into memory.
    ///
    /// - Precondition: The memory has ``outputSize(for:)`` bytes.
    /// - Returns: The size of the result.
    package func compress(
        _ records: Span<UInt8>,
        into memory: inout MutableSpan<UInt8>
    ) -> Int? {
        precondition(memory.count >= outputSize(for: records.count))
        return unsafe records.withUnsafeBytes { input in
            unsafe memory.withUnsafeMutableBytes { output in
                var rest = unsafe output
                unsafe advance(&rest, begin(rest))
                unsafe advance(
                    &rest,
                    LZ4F_compressUpdate(
                        context,
                        rest.baseAddress,
                        rest.count,
                        input.baseAddress,
                        input.count,
                        nil
                    )
                )
                unsafe advance(
                    &rest,
                    LZ4F_compressEnd(context, rest.baseAddress, rest.count, nil)
                )
                return output.count - rest.count
            }
        }
    }

    private func begin(_ output: UnsafeMutableRawBufferPointer) -> Int {
        unsafe withUnsafePointer(to: preferences) {
            unsafe LZ4F_compressBegin(context, output.baseAddress, output.count, $0)
        }
    }

    /// Passes over what was written.
    private func advance(_ rest: inout UnsafeMutableRawBufferPointer, _ count: Int) {
        precondition(LZ4F_isError(count) == 0, "liblz4 compresses everything.")
        unsafe rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
    }
}
#endif
