/// Reads a record batch as strictly as the strictest broker, and a little more so.
///
/// It is what the simulator holds our own batches against, so that whatever Kafka would refuse
/// fails there first. Call ``next()`` until it returns `nil`: some rules can only be checked behind
/// the last record.
package struct RecordBatchReader {
    /// A record; its ranges lie in ``RecordBatchReader/bytes``.
    package struct Record: Equatable, Sendable {
        /// The record's place in the batch, counted from zero.
        package let offsetDelta: Int32

        /// The time of the record, in milliseconds since the Unix epoch.
        package let timestamp: Int64

        /// The key, or `nil` if it is null.
        package let key: Range<Int>?

        /// The value, or `nil` if it is null.
        package let value: Range<Int>?

        /// The headers, in their order.
        package let headers: [Header]
    }

    /// A header of a record.
    package struct Header: Equatable, Sendable {
        /// The name.
        package let key: Range<Int>

        /// The value, or `nil` if it is null.
        package let value: Range<Int>?
    }

    /// The largest decompressed batch that is read, in bytes.
    ///
    /// From `socket.request.max.bytes`, which bounds what a broker receives.
    package static let decompressedLimit = 100 << 20

    /// The header of the batch.
    package let header: RecordBatchHeader

    /// The bytes that the records lie in: the batch's own, or what they decompressed to.
    package let bytes: [UInt8]

    private var reader: ByteReader
    private var nextIndex: Int32 = 0
    private var maxTimestamp = Int64.min

    /// Checks a batch's header and checksum, and decompresses its records.
    ///
    /// - Parameters:
    ///   - bytes: The bytes the batch lies in.
    ///   - range: Where it lies.
    /// - Throws: ``RecordBatchError`` if it is not exactly one batch of a producer.
    package init(_ bytes: [UInt8], range: Range<Int>) throws(RecordBatchError) {
        var reader = ByteReader(bytes, range: range)
        do throws(WireError) {
            header = try RecordBatchHeader.decode(&reader)
        } catch {
            throw .malformed(error)
        }
        let claimed = Int(header.batchLength) + RecordBatchLayout.sizeBeforeBatchLengthCounts
        guard claimed == range.count else {
            throw .wrongSize(claimed: claimed, actual: range.count)
        }
        guard header.magic == RecordBatchLayout.magic else { throw .wrongMagic(header.magic) }
        let checked = range.lowerBound + RecordBatchLayout.attributes..<range.upperBound
        let crc = CRC32C.checksum(bytes.span.extracting(checked))
        guard crc == header.crc else {
            throw .wrongChecksum(claimed: header.crc, actual: crc)
        }
        try header.checkProducerFields()
        let codec = try header.codec()
        guard codec != .none else {
            self.bytes = bytes
            self.reader = reader
            return
        }
        let compressed = bytes.span.extracting(reader.offset..<range.upperBound)
        self.bytes = try Self.decompress(compressed, with: codec)
        self.reader = ByteReader(self.bytes)
    }

    /// Checks and returns the next record.
    ///
    /// - Returns: The record, or `nil` behind the last.
    /// - Throws: ``RecordBatchError`` if the record, or the batch as a whole, breaks a rule.
    package mutating func next() throws(RecordBatchError) -> Record? {
        guard nextIndex < header.recordCount else {
            try checkEnd()
            return nil
        }
        let record: Record
        let timestampDelta: Int64
        let attributes: Int8
        do throws(WireError) {
            let length = Int(try reader.varint("record.length"))
            var body = ByteReader(bytes, range: try reader.skip(length, "record.length"))
            attributes = try body.int8("record.attributes")
            timestampDelta = try body.varlong("record.timestamp_delta")
            record = Record(
                offsetDelta: try body.varint("record.offset_delta"),
                timestamp: header.baseTimestamp &+ timestampDelta,
                key: try Self.nullableBytes(&body, "record.key"),
                value: try Self.nullableBytes(&body, "record.value"),
                headers: try Self.headers(&body)
            )
            try body.finish("record")
        } catch {
            throw .malformed(error)
        }
        try check("attributes", Int64(attributes), attributes == 0)
        try check("offset_delta", Int64(record.offsetDelta), record.offsetDelta == nextIndex)
        let overflows = header.baseTimestamp.addingReportingOverflow(timestampDelta).overflow
        try check("timestamp_delta", timestampDelta, !overflows)
        maxTimestamp = max(maxTimestamp, record.timestamp)
        nextIndex += 1
        return record
    }

    private func check(
        _ field: String,
        _ value: Int64,
        _ isRight: Bool
    ) throws(RecordBatchError) {
        guard isRight else { throw .wrongRecord(index: nextIndex, field: field, value: value) }
    }

    private func checkEnd() throws(RecordBatchError) {
        do throws(WireError) {
            try reader.finish("records")
        } catch {
            throw .malformed(error)
        }
        guard header.maxTimestamp == maxTimestamp else {
            throw .wrongHeader(field: "max_timestamp", value: header.maxTimestamp)
        }
    }

    private static func decompress(
        _ compressed: Span<UInt8>,
        with codec: CompressionCodec
    ) throws(RecordBatchError) -> [UInt8] {
        guard codec.isBuiltIn else { throw .codecNotBuiltIn(codec) }
        do throws(CompressionError) {
            return try RecordDecompressor.decompress(
                compressed,
                with: codec,
                limit: decompressedLimit
            )
        } catch {
            throw .notDecompressed(error)
        }
    }

    private static func nullableBytes(
        _ reader: inout ByteReader,
        _ field: String
    ) throws(WireError) -> Range<Int>? {
        let length = Int(try reader.varint(field))
        return length == -1 ? nil : try reader.skip(length, field)
    }

    private static func headers(_ reader: inout ByteReader) throws(WireError) -> [Header] {
        let start = reader.offset
        let count = Int(try reader.varint("record.headers"))
        guard count >= 0 else {
            throw WireError("record.headers", at: start, .negativeLength(count))
        }
        var headers: [Header] = []
        for _ in 0..<count {
            let keyLength = Int(try reader.varint("record.headers.key"))
            let key = try reader.skip(keyLength, "record.headers.key")
            let value = try nullableBytes(&reader, "record.headers.value")
            headers.append(Header(key: key, value: value))
        }
        return headers
    }
}

extension RecordBatchHeader {
    /// The codec of the records.
    fileprivate func codec() throws(RecordBatchError) -> CompressionCodec {
        let number = attributes & RecordBatchLayout.codecMask
        guard let codec = CompressionCodec(rawValue: Int8(number)) else {
            throw .unknownCodec(number)
        }
        return codec
    }

    /// Checks what a broker checks before it looks at a record.
    fileprivate func checkProducerFields() throws(RecordBatchError) {
        let known = RecordBatchLayout.codecMask | RecordBatchLayout.transactionalBit
        try check("base_offset", baseOffset, baseOffset == 0)
        try check("attributes", Int64(attributes), attributes & ~known == 0)
        try check("records_count", Int64(recordCount), recordCount > 0)
        try check(
            "last_offset_delta",
            Int64(lastOffsetDelta),
            lastOffsetDelta == recordCount - 1
        )
        if producerID == -1 {
            try check("producer_epoch", Int64(producerEpoch), producerEpoch == -1)
            try check("base_sequence", Int64(baseSequence), baseSequence == -1)
        } else {
            try check("producer_id", producerID, producerID >= 0)
            try check("producer_epoch", Int64(producerEpoch), producerEpoch >= 0)
            try check("base_sequence", Int64(baseSequence), baseSequence >= 0)
        }
    }

    private func check(
        _ field: String,
        _ value: Int64,
        _ isRight: Bool
    ) throws(RecordBatchError) {
        guard isRight else { throw .wrongHeader(field: field, value: value) }
    }
}
