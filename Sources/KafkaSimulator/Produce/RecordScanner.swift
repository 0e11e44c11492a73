import KafkaProtocol

/// Reads the records of one batch and checks each as a broker does, and stricter.
///
/// Kafka itself renumbers offset deltas that do not count from 0 and forgives a `maxTimestamp` that
/// is not the largest; a producer has no business sending either.
struct RecordScanner {
    private let batch: ReceivedBatch
    private let bytes: [UInt8]
    private let keepsPayloads: Bool
    private var cursor: BatchCursor
    private var largestTimestamp = Int64.min

    /// Starts at the first record.
    ///
    /// - Parameters:
    ///   - batch: The header.
    ///   - bytes: What holds the records, decompressed.
    ///   - range: Where in `bytes` they are.
    ///   - keepsPayloads: Whether keys, values and headers are wanted.
    init(_ batch: ReceivedBatch, in bytes: [UInt8], at range: Range<Int>, keepsPayloads: Bool) {
        self.batch = batch
        self.bytes = bytes
        self.keepsPayloads = keepsPayloads
        cursor = BatchCursor(bytes, range)
    }

    /// Reads every record.
    ///
    /// - Returns: The records, with their index for an offset.
    /// - Throws: A violation if the bytes are not what a producer may send.
    mutating func scan() throws(BatchRefusal) -> [LogRecord] {
        var records: [LogRecord] = []
        for index in 0..<batch.recordCount {
            do {
                records.append(try record(at: index))
            } catch let broken as BatchCursor.Broken {
                throw .violation(.invalidRecord, "record \(index): broken \(broken.what)")
            } catch {
                throw .violation(.invalidRecord, "record \(index): \(error)")
            }
        }
        guard cursor.remaining == 0 else {
            throw .violation(.invalidRecord, "\(cursor.remaining) bytes after the last record")
        }
        guard largestTimestamp == batch.maxTimestamp else {
            throw .violation(
                .invalidRecord,
                "the largest timestamp is \(largestTimestamp), not \(batch.maxTimestamp)"
            )
        }
        return records
    }

    /// Something a record must not be.
    private struct Wrong: Error, CustomStringConvertible {
        var description: String
    }

    private mutating func record(at index: Int32) throws -> LogRecord {
        let bodySize = try cursor.varint("length")
        guard bodySize >= 0, Int(bodySize) <= cursor.remaining else {
            throw Wrong(description: "a length of \(bodySize) with \(cursor.remaining) bytes left")
        }
        let end = cursor.position + Int(bodySize)
        guard try cursor.byte("attributes") == 0 else { throw Wrong(description: "attributes") }
        let (timestamp, overflow) = batch.baseTimestamp.addingReportingOverflow(
            try cursor.varlong("timestamp delta")
        )
        guard !overflow else { throw Wrong(description: "a timestamp out of range") }
        guard index > 0 || timestamp == batch.baseTimestamp else {
            throw Wrong(description: "its timestamp is not the base timestamp")
        }
        let offsetDelta = try cursor.varint("offset delta")
        guard offsetDelta == index else { throw Wrong(description: "offset delta \(offsetDelta)") }
        let key = try cursor.bytes("key")
        let value = try cursor.bytes("value")
        let headers = try headers()
        guard cursor.position == end else {
            throw Wrong(description: "\(end - cursor.position) bytes more than its fields take")
        }
        largestTimestamp = max(largestTimestamp, timestamp)
        return LogRecord(
            offset: Int64(index),
            timestamp: timestamp,
            key: key.map(kept),
            value: value.map(kept),
            headers: headers,
            producerID: batch.producerID,
            producerEpoch: batch.producerEpoch,
            sequence: batch.sequence(at: index)
        )
    }

    private mutating func headers() throws -> [LogRecord.Header] {
        let count = try cursor.varint("header count")
        // Two lengths are the least that a header takes.
        guard count >= 0, Int(count) <= cursor.remaining / 2 else {
            throw Wrong(description: "\(count) headers")
        }
        var headers: [LogRecord.Header] = []
        for _ in 0..<count {
            guard let key = try cursor.bytes("header key") else {
                throw Wrong(description: "a header without a key")
            }
            guard String(validating: bytes[key], as: UTF8.self) != nil else {
                throw Wrong(description: "a header key that is not UTF-8")
            }
            let value = try cursor.bytes("header value")
            guard keepsPayloads else { continue }
            headers.append(LogRecord.Header(key: kept(key), value: value.map(kept)))
        }
        return headers
    }

    /// A null stays a null without payloads; what is there becomes empty.
    private func kept(_ range: Range<Int>) -> [UInt8] {
        keepsPayloads ? [UInt8](bytes[range]) : []
    }
}
