/// Where the fields of a record batch lie: record batch v2, "magic 2", which Kafka 0.11 brought.
///
/// ```
///    0  baseOffset            8        23  lastOffsetDelta   4
///    8  batchLength           4        27  baseTimestamp     8
///   12  partitionLeaderEpoch  4        35  maxTimestamp      8
///   16  magic                 1        43  producerId        8
///   17  crc                   4        51  producerEpoch     2
///   21  attributes            2        53  baseSequence      4
///                                      57  records count     4
///   61  the records, as they are or compressed into one piece
/// ```
package enum RecordBatchLayout {
    /// The offset of the size of what follows the size, in bytes.
    package static let batchLength = 8

    /// The offset of the checksum.
    package static let crc = 17

    /// The offset of the attributes, which is also where the checksum begins to count.
    package static let attributes = 21

    /// The offset of the producer id, with which the fields begin that are known last.
    package static let producerID = 43

    /// The size of the fixed header that precedes the records, in bytes.
    package static let headerSize = 61

    /// How much of a batch `batchLength` does not count: the offset and itself.
    package static let sizeBeforeBatchLengthCounts = 12

    /// The version of the layout.
    package static let magic: Int8 = 2

    /// The bits of the attributes that hold the codec.
    package static let codecMask: Int16 = 0b111

    /// The bit of the attributes that says the broker set the timestamps.
    package static let logAppendTimeBit: Int16 = 1 << 3

    /// The bit of the attributes that says the batch is part of a transaction.
    package static let transactionalBit: Int16 = 1 << 4

    /// The bit of the attributes that says the records are marks of the broker's own.
    package static let controlBit: Int16 = 1 << 5
}
