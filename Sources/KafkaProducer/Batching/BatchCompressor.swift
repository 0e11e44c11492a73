internal import KafkaProtocol

/// Compresses batches one after another, for a producer, on whatever thread it is.
///
/// It owns a codec's state and the memory for one result; a worker has one of its own.
package struct BatchCompressor: ~Copyable, Sendable {
    private var compressor: RecordCompressor
    private var result: CompressedRecords

    /// Allocates a compressor for a producer's batches; `nil` without a codec.
    package init?(_ configuration: ProducerConfiguration) {
        guard
            let compressor = RecordCompressor(
                configuration.codec,
                level: configuration.compressionLevel,
                capacity: configuration.largestBatch
            )
        else { return nil }
        result = CompressedRecords(byteCount: compressor.outputSize)
        self.compressor = compressor
    }

    /// Compresses the records of a batch, forgetting those of the one before.
    package mutating func compress(_ job: borrowing CompressionJob) {
        compressor.begin()
        job.forEachPiece { compressor.append($0) }
        result.take(from: &compressor)
    }

    /// The compressed records, or `nil` if they are not smaller than the plain ones.
    package var output: Span<UInt8>? {
        @_lifetime(borrow self)
        borrowing get { result.bytes }
    }

    /// More memory for a result, to be exchanged for the one that holds it.
    package func makeResult() -> CompressedRecords {
        CompressedRecords(byteCount: compressor.outputSize)
    }

    /// Hands the last result over, for memory to put the next one in.
    package mutating func exchangeResult(for other: inout CompressedRecords) {
        swap(&result, &other)
    }
}
