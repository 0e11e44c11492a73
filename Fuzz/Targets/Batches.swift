import KafkaProtocol

/// The reader of record batches.
///
/// No fuzzer guesses a checksum or deflates, so the first byte says how the rest is dressed up: as
/// it is, with the size and the checksum put right, or with its records compressed besides.
enum Batches {
    static func run(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        var batch = Array(bytes[1...])
        if first % 3 == 2 { batch = compressed(batch) }
        if first % 3 > 0 { seal(&batch) }
        // Batches lie in a request, so not at the front of their memory.
        let padding = [UInt8](repeating: 0xaa, count: Int(first) / 3 % 5)
        read(padding + batch + padding, padding.count..<padding.count + batch.count)
    }

    private static func read(_ bytes: [UInt8], _ range: Range<Int>) {
        guard var reader = try? RecordBatchReader(bytes, range: range) else { return }
        let all = 0..<reader.bytes.count
        var count = 0
        while let record = try? reader.next() {
            count += 1
            require(count <= reader.header.recordCount, "\(count) records")
            for part in [record.key, record.value] + record.headers.map(\.value) {
                require(part.map { isWithin(all, $0) } ?? true, "\(part ?? all) of \(all)")
            }
            for header in record.headers {
                require(isWithin(all, header.key), "\(header.key) of \(all)")
            }
        }
    }

    private static func isWithin(_ whole: Range<Int>, _ part: Range<Int>) -> Bool {
        part.lowerBound >= whole.lowerBound && part.upperBound <= whole.upperBound
    }

    private static func compressed(_ batch: [UInt8]) -> [UInt8] {
        guard batch.count > RecordBatchLayout.headerSize,
            let member = Compression.gzip(batch[RecordBatchLayout.headerSize...])
        else { return batch }
        var header = Array(batch[..<RecordBatchLayout.headerSize])
        header[RecordBatchLayout.attributes + 1] = UInt8(CompressionCodec.gzip.rawValue)
        return header + member
    }

    private static func seal(_ batch: inout [UInt8]) {
        guard batch.count >= RecordBatchLayout.headerSize else { return }
        let size = batch.count - RecordBatchLayout.sizeBeforeBatchLengthCounts
        store(UInt32(size), in: &batch, at: RecordBatchLayout.batchLength)
        let crc = CRC32C.checksum(batch.span.extracting(RecordBatchLayout.attributes...))
        store(crc, in: &batch, at: RecordBatchLayout.crc)
    }

    /// Puts the checksums right of whatever looks like a batch in a request.
    static func correctChecksums(in frame: inout [UInt8]) {
        guard frame.count >= RecordBatchLayout.headerSize else { return }
        for start in 0...frame.count - RecordBatchLayout.headerSize
        where frame[start + 16] == UInt8(RecordBatchLayout.magic) {
            let length = frame[(start + 8)..<(start + 12)].reduce(0) { $0 << 8 | Int($1) }
            let end = start + RecordBatchLayout.sizeBeforeBatchLengthCounts + length
            guard end <= frame.count, end - start >= RecordBatchLayout.headerSize else { continue }
            let checked = frame[(start + RecordBatchLayout.attributes)..<end]
            let crc = withExactMemory(of: checked) { CRC32C.checksum($0) }
            store(crc, in: &frame, at: start + RecordBatchLayout.crc)
        }
    }

    private static func store(_ number: UInt32, in bytes: inout [UInt8], at offset: Int) {
        for index in 0..<4 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * (3 - index)))
        }
    }
}
