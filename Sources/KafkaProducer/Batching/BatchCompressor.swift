internal import KafkaProtocol

/// Compresses batches one after another, for a producer, on whatever thread it is.
///
/// It owns a codec's state and the memory for one result; a worker has one of its own.
package struct BatchCompressor: ~Copyable, Sendable {
    private var compressor: GzipCompressor
    private var isSmaller = false

    /// Allocates a compressor for a producer's batches; `nil` without a codec.
    package init?(_ configuration: ProducerConfiguration) {
        switch configuration.codec {
        case .none, .snappy, .lz4, .zstd: return nil
        case .gzip:
            compressor = GzipCompressor(
                level: configuration.compressionLevel ?? -1,
                capacity: max(configuration.batchSize, configuration.maxRequestSize)
            )
        }
    }

    /// Compresses the records of a batch, forgetting those of the one before.
    package mutating func compress(_ job: borrowing CompressionJob) {
        isSmaller = job.compress(with: &compressor)
    }

    /// The compressed records, or `nil` if they are not smaller than the plain ones.
    package var output: Span<UInt8>? {
        @_lifetime(borrow self)
        borrowing get { isSmaller ? compressor.output : nil }
    }
}
