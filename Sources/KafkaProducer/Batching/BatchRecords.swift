internal import KafkaProtocol

/// The records of a batch, read back from its own bytes.
///
/// Records live only as bytes, so the failed ones are still there: to name them, or to build other
/// batches of them, they are read again. That happens when something went wrong, so this copies
/// freely.
struct BatchRecords {
    /// One record, as ranges of ``bytes``.
    struct Record {
        /// The key, or `nil` for null.
        var key: Range<Int>?
        /// The value, or `nil` for null.
        var value: Range<Int>?
        /// In milliseconds.
        var timestamp: Int64
        /// Where it came from.
        var origin: RecordOrigin
    }

    /// All records' bytes, uncompressed.
    let bytes: [UInt8]

    /// How many records have not been taken.
    private(set) var remainingCount: Int

    private var reader: ByteReader
    private var origins: ByteReader
    private let baseTimestamp: Int64
    private var nextOrdinal: UInt64
    private var nextPosition: UInt64

    /// Reads a batch back.
    ///
    /// - Parameters:
    ///   - memory: What holds the batch.
    ///   - index: The batch.
    ///   - codec: What its records are compressed with, if they are.
    ///   - largest: The most bytes its records can have uncompressed.
    init(
        _ memory: borrowing BatchMemory,
        _ index: Int32,
        codec: CompressionCodec,
        largest: Int
    ) {
        let batch = memory[index]
        let stored = memory.recordBytes(of: index)
        if batch.isCompressed {
            // Our own compressor's output: anything but the records is a bug of ours.
            guard
                let plain = try? RecordDecompressor.decompress(
                    stored.span,
                    with: codec,
                    limit: largest
                )
            else { preconditionFailure("A batch of ours does not decompress.") }
            bytes = plain
        } else {
            bytes = stored
        }
        reader = ByteReader(bytes)
        origins = ByteReader(memory.originBytes(of: index))
        remainingCount = Int(batch.recordCount)
        baseTimestamp = batch.baseTimestamp
        nextOrdinal = batch.firstOrdinal
        nextPosition = batch.firstPosition
    }

    /// The next record, or `nil` after the last.
    mutating func next() -> Record? {
        guard remainingCount > 0 else { return nil }
        remainingCount -= 1
        do {
            _ = try reader.varint("length")
            _ = try reader.int8("attributes")
            let delta = try reader.varlong("timestampDelta")
            _ = try reader.varint("offsetDelta")
            let key = try field("key")
            let value = try field("value")
            _ = try reader.varint("headerCount")
            return Record(
                key: key,
                value: value,
                timestamp: baseTimestamp + delta,
                origin: try nextOrigin()
            )
        } catch {
            preconditionFailure("A batch of ours does not read back: \(error)")
        }
    }

    private mutating func field(_ name: String) throws(WireError) -> Range<Int>? {
        let count = try reader.varint(name)
        return count < 0 ? nil : try reader.skip(Int(count), name)
    }

    private mutating func nextOrigin() throws(WireError) -> RecordOrigin {
        let sizeAndGap = try origins.uvarlong("origin")
        if sizeAndGap & 1 == 1 {
            nextOrdinal &+= try origins.uvarlong("origin")
            nextPosition &+= try origins.uvarlong("origin")
        }
        let origin = RecordOrigin(
            ordinal: nextOrdinal,
            position: nextPosition,
            size: Int(sizeAndGap >> 1)
        )
        nextOrdinal += 1
        nextPosition += UInt64(origin.size)
        return origin
    }
}
