import KafkaProtocol

/// The header of a record batch, as a broker reads it from a Produce request.
///
/// It is decoded here once more, from the table in docs/PROTOCOL.md section 5 and not with what the
/// producer encodes by: a mistake in one of the two then shows.
struct ReceivedBatch {
    /// The size of everything before the records.
    static let headerSize = 61
    /// The size of `baseOffset` and `batchLength`, which the length does not count.
    static let prefixSize = 12

    /// Where the batch stands in the request.
    let range: Range<Int>
    let baseOffset: Int64
    let batchLength: Int32
    let magic: Int8
    let checksum: UInt32
    let attributes: Int16
    let lastOffsetDelta: Int32
    let baseTimestamp: Int64
    let maxTimestamp: Int64
    let producerID: Int64
    let producerEpoch: Int16
    let baseSequence: Int32
    let recordCount: Int32

    /// Reads the header of the only batch of a partition.
    ///
    /// This is what a broker does before it looks for the partition: exactly one batch, of the
    /// current format, with a codec that the request's version allows.
    init(in frame: [UInt8], at range: Range<Int>, produceVersion: Int16) throws(BatchRefusal) {
        precondition(range.upperBound <= frame.count, "The batch lies in the request.")
        guard range.count >= Self.headerSize else {
            throw .violation(.invalidRecord, "\(range.count) bytes are no batch")
        }
        var reader = BatchCursor(frame, range)
        self.range = range
        baseOffset = reader.fixed(Int64.self)
        batchLength = reader.fixed(Int32.self)
        _ = reader.fixed(Int32.self)  // The leader's epoch, which the broker overwrites.
        magic = reader.fixed(Int8.self)
        checksum = reader.fixed(UInt32.self)
        attributes = reader.fixed(Int16.self)
        lastOffsetDelta = reader.fixed(Int32.self)
        baseTimestamp = reader.fixed(Int64.self)
        maxTimestamp = reader.fixed(Int64.self)
        producerID = reader.fixed(Int64.self)
        producerEpoch = reader.fixed(Int16.self)
        baseSequence = reader.fixed(Int32.self)
        recordCount = reader.fixed(Int32.self)

        guard Int64(batchLength) + Int64(Self.prefixSize) == Int64(range.count) else {
            let claimed = Int64(batchLength) + Int64(Self.prefixSize)
            throw .violation(
                .invalidRecord,
                "a batch of \(claimed) bytes in \(range.count) bytes of records"
            )
        }
        guard magic == 2 else { throw .violation(.invalidRecord, "magic is \(magic), not 2") }
        if codec == CompressionCodec.zstd.rawValue && produceVersion < 7 {
            throw .violation(
                .unsupportedCompressionType,
                "zstd in Produce version \(produceVersion)"
            )
        }
    }

    /// The codec's number: the low three bits of the attributes.
    var codec: Int8 { Int8(attributes & 0b111) }

    /// The bytes that hold the records, as they stand in the request.
    var recordsRange: Range<Int> { range.lowerBound + Self.headerSize..<range.upperBound }

    /// Whose batch it is, or `nil` if its producer is not idempotent.
    var identity: ProducerStates.Batch? {
        guard producerID >= 0 else { return nil }
        return ProducerStates.Batch(
            producerID: producerID,
            producerEpoch: producerEpoch,
            baseSequence: baseSequence,
            recordCount: recordCount
        )
    }

    /// The sequence number of a record, or -1 if the producer is not idempotent.
    func sequence(at index: Int32) -> Int32 {
        guard producerID >= 0 else { return -1 }
        return Int32((Int64(baseSequence) + Int64(index)) % (Int64(Int32.max) + 1))
    }

    /// Checks the header and the checksum, in the order in which a broker does.
    func check(in frame: [UInt8], maxMessageBytes: Int, checksums: Bool) throws(BatchRefusal) {
        guard baseOffset == 0 else {
            throw .violation(.invalidRecord, "the base offset is \(baseOffset), not 0")
        }
        guard range.count <= maxMessageBytes else {
            throw .expected(
                .messageTooLarge,
                "a batch of \(range.count) bytes; max.message.bytes is \(maxMessageBytes)"
            )
        }
        if checksums {
            let covered = frame.span.extracting(range.lowerBound + 21..<range.upperBound)
            let actual = CRC32C.checksum(covered)
            guard actual == checksum else {
                let expectation = "\(String(actual, radix: 16)) is expected"
                throw .violation(
                    .corruptMessage,
                    "the CRC is \(String(checksum, radix: 16)); \(expectation)"
                )
            }
        }
        guard recordCount > 0, lastOffsetDelta == recordCount - 1 else {
            throw .violation(
                .invalidRecord,
                "\(recordCount) records with a last offset delta of \(lastOffsetDelta)"
            )
        }
        try checkAttributes()
        try checkIdentity()
    }

    /// The records, decompressed and checked.
    ///
    /// - Throws: `unsupportedCompressionType` also for a codec that is not built in: what cannot be
    ///   checked is not accepted.
    func records(
        in frame: [UInt8],
        keepsPayloads: Bool,
        rules: TopicRules
    ) throws(BatchRefusal) -> [LogRecord] {
        let (bytes, range) = try plainRecords(in: frame)
        var scanner = RecordScanner(self, in: bytes, at: range, keepsPayloads: keepsPayloads)
        let records = try scanner.scan()
        try rules.check(records)
        return records
    }

    /// Bytes that hold the records, decompressed, and where.
    private func plainRecords(
        in frame: [UInt8]
    ) throws(BatchRefusal) -> (bytes: [UInt8], range: Range<Int>) {
        guard let codec = CompressionCodec(rawValue: codec) else {
            // Kafka has no code for this one, nor for what does not decompress.
            throw .violation(.unknownServerError, "codec \(codec) does not exist")
        }
        if codec == .none { return (frame, recordsRange) }
        guard codec.isBuiltIn else {
            throw .expected(.unsupportedCompressionType, "\(codec.name) is not built in")
        }
        do {
            // The limit is that of a request; no batch of ours expands to as much.
            let bytes = try RecordDecompressor.decompress(
                frame.span.extracting(recordsRange),
                with: codec,
                limit: FakeCluster.largestRequest
            )
            return (bytes, bytes.indices)
        } catch {
            throw .violation(.unknownServerError, "\(codec.name): \(error)")
        }
    }

    private func checkAttributes() throws(BatchRefusal) {
        if attributes & 0b1000 != 0 {
            throw .violation(.invalidTimestamp, "a producer may not claim log append time")
        }
        if attributes & 0b1_0000 != 0 {
            throw .violation(.invalidTxnState, "no transaction is open")
        }
        guard attributes & ~0b111 == 0 else {
            throw .violation(
                .invalidRecord,
                "attributes \(String(attributes, radix: 2)) are not a producer's"
            )
        }
    }

    private func checkIdentity() throws(BatchRefusal) {
        let isIdempotent = producerID >= 0 && producerEpoch >= 0 && baseSequence >= 0
        let isAnonymous = producerID == -1 && producerEpoch == -1 && baseSequence == -1
        guard isIdempotent || isAnonymous else {
            let identity = "\(producerID), epoch \(producerEpoch), sequence \(baseSequence)"
            throw .violation(.invalidRecord, "no producer is \(identity)")
        }
    }
}
