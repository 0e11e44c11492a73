internal import KafkaProtocol

/// What came of compressing a batch's records.
package struct CompressedRecords: ~Copyable, Sendable {
    private var memory: CompressionMemory
    /// The size of the result, or `nil` if it is not smaller than the records.
    private var count: Int?

    /// Allocates memory for results of up to so many bytes.
    init(byteCount: Int) { memory = CompressionMemory(byteCount: byteCount) }

    /// Finishes what a compressor was given.
    mutating func take(from compressor: inout RecordCompressor) {
        var output = memory.bytes
        count = compressor.finish(into: &output)
    }

    /// Forgets the result.
    package mutating func removeAll() { count = nil }

    /// The compressed records, or `nil` if they are not smaller than the plain ones.
    package var bytes: Span<UInt8>? {
        @_lifetime(borrow self)
        borrowing get {
            if let count { return memory.result(count) }
            return nil
        }
    }
}
