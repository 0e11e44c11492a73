internal import KafkaProtocol

/// Compresses batches one after another, for a producer, on whatever thread it is.
///
/// It owns a codec's state and the memory for one result; a worker has one of its own.
package struct BatchCompressor: ~Copyable, Sendable {
    private var compressor: RecordCompressor
    private var memory: CompressionMemory
    /// The size of the result, or `nil` if it is not smaller than the records.
    private var count: Int?

    /// Allocates a compressor for a producer's batches; `nil` without a codec.
    package init?(_ configuration: ProducerConfiguration) {
        guard
            let compressor = RecordCompressor(
                configuration.codec,
                level: configuration.compressionLevel,
                capacity: max(configuration.batchSize, configuration.maxRequestSize)
            )
        else { return nil }
        memory = CompressionMemory(byteCount: compressor.outputSize)
        self.compressor = compressor
    }

    /// Compresses the records of a batch, forgetting those of the one before.
    package mutating func compress(_ job: borrowing CompressionJob) {
        compressor.begin()
        job.forEachPiece { compressor.append($0) }
        count = Self.finish(&compressor, into: &memory)
    }

    /// Apart, so that the memory alone is lent to the result.
    private static func finish(
        _ compressor: inout RecordCompressor,
        into memory: inout CompressionMemory
    ) -> Int? {
        var output = memory.bytes
        return compressor.finish(into: &output)
    }

    /// The compressed records, or `nil` if they are not smaller than the plain ones.
    package var output: Span<UInt8>? {
        @_lifetime(borrow self)
        borrowing get {
            if let count { return memory.result(count) }
            return nil
        }
    }
}
