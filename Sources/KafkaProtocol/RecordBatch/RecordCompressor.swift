/// Compresses the records of one batch after another, whatever the codec.
///
/// The codec's state is allocated once and used for every batch. The records come in one piece, or
/// in as many as they lie in, which are put together first: most libraries take one piece, and a
/// copy costs next to nothing beside compressing it.
///
/// ```
/// compressor.begin()
/// compressor.append(firstChunk)
/// compressor.append(secondChunk)
/// if let count = compressor.finish(into: &memory) { … } else { … }   // No smaller than it was.
/// ```
///
/// It knows neither producer nor batch memory: a worker thread may own one. What it owns is shared
/// with nobody, and used by `mutating` functions alone, so it is sound to send it to a thread.
package struct RecordCompressor: ~Copyable, @unchecked Sendable {
    /// The largest records it takes, in bytes.
    package let capacity: Int

    /// The bytes of memory that a result needs while it is made.
    package let outputSize: Int

    private let engine: CompressionEngine
    private var gathered: [UInt8] = []

    /// Allocates a compressor, or gives `nil` for `none` and for a codec that is not built in.
    ///
    /// - Parameters:
    ///   - codec: The codec.
    ///   - level: A level of ``CompressionCodec/levels``, or `nil` for the codec's own default.
    ///   - capacity: The largest records to compress, in bytes.
    package init?(_ codec: CompressionCodec, level: Int?, capacity: Int) {
        precondition(capacity > 0)
        if let level { precondition(codec.levels?.contains(level) ?? false, "No such level.") }
        guard let engine = CompressionEngine(codec, level: level ?? codec.defaultLevel) else {
            return nil
        }
        outputSize = engine.outputSize(for: capacity)
        self.engine = engine
        self.capacity = capacity
        gathered.reserveCapacity(capacity)
    }

    /// Begins with the records of another batch.
    package mutating func begin() {
        gathered.removeAll(keepingCapacity: true)
    }

    /// Takes the next piece of the records.
    ///
    /// - Precondition: All pieces together are within ``capacity``.
    package mutating func append(_ piece: Span<UInt8>) {
        precondition(piece.count <= capacity - gathered.count)
        unsafe piece.withUnsafeBufferPointer { unsafe gathered.append(contentsOf: $0) }
    }

    /// Compresses the pieces; see ``compress(_:into:)``.
    package mutating func finish(into memory: inout MutableSpan<UInt8>) -> Int? {
        Self.compress(gathered.span, with: engine, into: &memory)
    }

    /// Compresses records that lie in one piece.
    ///
    /// - Parameters:
    ///   - records: The records, within ``capacity``.
    ///   - memory: Where the result goes, at its start: ``outputSize`` bytes.
    /// - Returns: The size of the result, or `nil` if it is not smaller than the records.
    package mutating func compress(
        _ records: Span<UInt8>,
        into memory: inout MutableSpan<UInt8>
    ) -> Int? {
        Self.compress(records, with: engine, into: &memory)
    }

    private static func compress(
        _ records: Span<UInt8>,
        with engine: borrowing CompressionEngine,
        into memory: inout MutableSpan<UInt8>
    ) -> Int? {
        let size = engine.outputSize(for: records.count)
        precondition(size <= memory.count, "The memory is as large as `outputSize` says.")
        guard let count = engine.compress(records, into: &memory) else { return nil }
        return count < records.count ? count : nil
    }
}
