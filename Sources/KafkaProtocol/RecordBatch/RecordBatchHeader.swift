/// The fixed header of a record batch.
///
/// A batch is sealed in four steps: its records are in place; the header is written in front of
/// them with ``encode(into:)``; ``CRC32C`` runs over everything from
/// ``RecordBatchLayout/attributes`` on; ``store(crc:into:)`` puts the result in its place.
package struct RecordBatchHeader: Equatable, Sendable {
    /// The offset of the first record; 0 from a producer.
    package var baseOffset: Int64

    /// The size of the batch behind this field.
    package var batchLength: Int32

    /// The reign of the leader that appended the batch; -1 from a producer, outside the checksum.
    package var partitionLeaderEpoch: Int32

    /// The version of the layout.
    package var magic: Int8

    /// The checksum of everything behind it.
    package var crc: UInt32

    /// The codec and the flags; see ``RecordBatchLayout``.
    package var attributes: Int16

    /// The number of records less one.
    package var lastOffsetDelta: Int32

    /// The timestamp of the first record, in milliseconds since the Unix epoch.
    package var baseTimestamp: Int64

    /// The highest timestamp of a record.
    package var maxTimestamp: Int64

    /// The producer id, or -1.
    package var producerID: Int64

    /// The producer's epoch, or -1.
    package var producerEpoch: Int16

    /// The sequence number of the first record, or -1.
    package var baseSequence: Int32

    /// The number of records.
    package var recordCount: Int32

    /// Creates the header of a producer's batch, with a checksum yet to be computed.
    ///
    /// - Parameters:
    ///   - recordByteCount: The size of the records, as they are sent.
    ///   - recordCount: The number of records.
    ///   - codec: The codec the records are compressed with.
    ///   - baseTimestamp: The timestamp of the first record.
    ///   - maxTimestamp: The highest timestamp of a record.
    ///   - producerID: The producer id, or -1.
    ///   - producerEpoch: The epoch, or -1.
    ///   - baseSequence: The sequence number of the first record, or -1.
    package init(
        recordByteCount: Int,
        recordCount: Int32,
        codec: CompressionCodec,
        baseTimestamp: Int64,
        maxTimestamp: Int64,
        producerID: Int64 = -1,
        producerEpoch: Int16 = -1,
        baseSequence: Int32 = -1
    ) {
        precondition(recordCount > 0)
        let size = RecordBatchLayout.headerSize + recordByteCount
        self.baseOffset = 0
        self.batchLength = Int32(size - RecordBatchLayout.sizeBeforeBatchLengthCounts)
        self.partitionLeaderEpoch = -1
        self.magic = RecordBatchLayout.magic
        self.crc = 0
        self.attributes = Int16(codec.rawValue)
        self.lastOffsetDelta = recordCount - 1
        self.baseTimestamp = baseTimestamp
        self.maxTimestamp = maxTimestamp
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.baseSequence = baseSequence
        self.recordCount = recordCount
    }

    /// Writes the header to the front of a batch.
    ///
    /// - Precondition: There are ``RecordBatchLayout/headerSize`` bytes at least.
    package func encode(into batch: inout MutableSpan<UInt8>) {
        precondition(batch.count >= RecordBatchLayout.headerSize)
        var offset = 0
        Self.store(baseOffset, into: &batch, at: &offset)
        Self.store(batchLength, into: &batch, at: &offset)
        Self.store(partitionLeaderEpoch, into: &batch, at: &offset)
        Self.store(magic, into: &batch, at: &offset)
        Self.store(crc, into: &batch, at: &offset)
        Self.store(attributes, into: &batch, at: &offset)
        Self.store(lastOffsetDelta, into: &batch, at: &offset)
        Self.store(baseTimestamp, into: &batch, at: &offset)
        Self.store(maxTimestamp, into: &batch, at: &offset)
        Self.store(producerID, into: &batch, at: &offset)
        Self.store(producerEpoch, into: &batch, at: &offset)
        Self.store(baseSequence, into: &batch, at: &offset)
        Self.store(recordCount, into: &batch, at: &offset)
        assert(offset == RecordBatchLayout.headerSize)
    }

    /// Writes the checksum to its place in a batch.
    ///
    /// - Precondition: The header lies at the front of `batch`.
    package static func store(crc: UInt32, into batch: inout MutableSpan<UInt8>) {
        precondition(batch.count >= RecordBatchLayout.headerSize)
        var offset = RecordBatchLayout.crc
        store(crc, into: &batch, at: &offset)
    }

    /// Reads a header, whatever it says.
    package static func decode(_ reader: inout ByteReader) throws(WireError) -> RecordBatchHeader {
        try RecordBatchHeader(from: &reader)
    }

    private init(from reader: inout ByteReader) throws(WireError) {
        baseOffset = try reader.int64("base_offset")
        batchLength = try reader.int32("batch_length")
        partitionLeaderEpoch = try reader.int32("partition_leader_epoch")
        magic = try reader.int8("magic")
        crc = try reader.uint32("crc")
        attributes = try reader.int16("attributes")
        lastOffsetDelta = try reader.int32("last_offset_delta")
        baseTimestamp = try reader.int64("base_timestamp")
        maxTimestamp = try reader.int64("max_timestamp")
        producerID = try reader.int64("producer_id")
        producerEpoch = try reader.int16("producer_epoch")
        baseSequence = try reader.int32("base_sequence")
        recordCount = try reader.int32("records_count")
    }

    private static func store<Number: FixedWidthInteger>(
        _ value: Number,
        into batch: inout MutableSpan<UInt8>,
        at offset: inout Int
    ) {
        var shift = Number.bitWidth
        while shift > 0 {
            shift -= 8
            batch[offset] = UInt8(truncatingIfNeeded: value >> Number(shift))
            offset += 1
        }
    }
}
