internal import KafkaProtocol

/// Reading and finishing the bytes of a batch, chunk by chunk.
extension BatchMemory {
    /// Visits the pieces of the batch's bytes in order: header and records, as they go out.
    ///
    /// `body` is given each piece's start in all chunks' memory, and its size in bytes.
    func forEachPiece(of index: Int32, _ body: (_ offset: Int, _ count: Int) -> Void) {
        forEachChunk(of: index) { start, chunk in
            if chunk.recordsEnd > 0 { body(start, Int(chunk.recordsEnd)) }
        }
    }

    /// Visits the bytes of the batch's records in order, without the header.
    func forEachRecordsPiece(of index: Int32, _ body: (Span<UInt8>) -> Void) {
        var skip = recordBatchHeaderSize
        forEachPiece(of: index) { offset, count in
            body(bytes(at: offset + skip, count: count - skip))
            skip = 0
        }
    }

    /// The bytes of a piece.
    @_lifetime(borrow self)
    func bytes(at offset: Int, count: Int) -> Span<UInt8> {
        precondition(offset >= 0 && count >= 0 && offset + count <= chunkCount * chunkSize)
        let start = unsafe UnsafePointer((base + offset).assumingMemoryBound(to: UInt8.self))
        let span = unsafe Span(_unsafeStart: start, count: count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Freezes a batch: writes its header, checksum last.
    ///
    /// - Parameters:
    ///   - index: The batch; its producer id, epoch and base sequence are set.
    ///   - codec: The codec its records are compressed with, if they are.
    mutating func seal(_ index: Int32, codec: CompressionCodec) {
        let batch = self[index]
        precondition(batch.recordCount > 0)
        endChunk(of: index)
        let header = RecordBatchHeader(
            recordByteCount: batch.byteCount - recordBatchHeaderSize,
            recordCount: batch.recordCount,
            codec: batch.isCompressed ? codec : .none,
            baseTimestamp: batch.baseTimestamp,
            maxTimestamp: batch.maxTimestamp,
            producerID: batch.producerID,
            producerEpoch: batch.epoch,
            baseSequence: batch.baseSequence
        )
        withHeader(of: index) { header.encode(into: &$0) }
        let headerChecksum = CRC32C.checksum(
            bytes(
                at: Int(batch.firstChunk) * chunkSize + RecordBatchLayout.attributes,
                count: recordBatchHeaderSize - RecordBatchLayout.attributes
            )
        )
        let checksum = CRC32C.combine(
            headerChecksum,
            recordsChecksum(of: index),
            secondSize: batch.byteCount - recordBatchHeaderSize
        )
        withHeader(of: index) { RecordBatchHeader.store(crc: checksum, into: &$0) }
        self[index].isSealed = true
    }

    /// The checksum of the records in all chunks of a batch, the last of which has ended.
    func recordsChecksum(of index: Int32) -> UInt32 {
        guard sumsFullChunks else {
            var checksum: UInt32 = 0
            forEachRecordsPiece(of: index) { checksum = CRC32C.update(checksum, $0) }
            return checksum
        }
        let batch = self[index]
        let skip = batch.firstChunk == batch.lastChunk ? recordBatchHeaderSize : 0
        let end = unsafe Int(chunks[Int(batch.lastChunk)].recordsEnd)
        return CRC32C.update(
            batch.finishedChecksum,
            bytes(at: Int(batch.lastChunk) * chunkSize + skip, count: end - skip)
        )
    }

    /// All bytes of a batch's records in one piece, compressed if they are.
    func recordBytes(of index: Int32) -> [UInt8] {
        endChunk(of: index)
        var all: [UInt8] = []
        all.reserveCapacity(self[index].byteCount)
        forEachRecordsPiece(of: index) { piece in
            unsafe piece.withUnsafeBufferPointer { unsafe all.append(contentsOf: $0) }
        }
        return all
    }

    /// The varints of a batch's origins, in the order of its records.
    func originBytes(of index: Int32) -> [UInt8] {
        var bytes = reversedOriginBytes(of: index)
        bytes.reverse()
        return bytes
    }

    /// The same back to front, as they lie in each chunk: to be copied a chunk at a time.
    private func reversedOriginBytes(of index: Int32) -> [UInt8] {
        endChunk(of: index)
        var count = 0
        forEachChunk(of: index) { count += chunkSize - Int($1.originsStart) }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { all, initializedCount in
            var free = count
            forEachChunk(of: index) { start, chunk in
                let size = chunkSize - Int(chunk.originsStart)
                free -= size
                guard size > 0, let target = all.baseAddress else { return }
                unsafe UnsafeMutableRawPointer(target + free).copyMemory(
                    from: base + start + Int(chunk.originsStart),
                    byteCount: size
                )
            }
            initializedCount = count
        }
    }

    /// Puts other bytes in place of a batch's records, and gives back the chunks that saves.
    ///
    /// - Precondition: The records are not larger than those they replace.
    mutating func replaceRecords(of index: Int32, with records: Span<UInt8>) {
        precondition(recordBatchHeaderSize + records.count <= self[index].byteCount)
        let origins = reversedOriginBytes(of: index)
        releaseChunks(of: index)
        beginChunk(of: index)
        self[index].writeOffset += recordBatchHeaderSize
        var noted = putOriginBytes(origins, from: 0, in: index)
        var done = 0
        while done < records.count || noted < origins.count {
            if self[index].writeOffset == self[index].wallOffset {
                beginChunk(of: index)
                noted = putOriginBytes(origins, from: noted, in: index)
            }
            let room = self[index].wallOffset - self[index].writeOffset
            let piece = records.extracting(done..<min(done + room, records.count))
            unsafe piece.withUnsafeBytes { source in
                guard let start = source.baseAddress else { return }
                unsafe (base + self[index].writeOffset).copyMemory(
                    from: start,
                    byteCount: source.count
                )
            }
            self[index].writeOffset += piece.count
            done += piece.count
            if done == records.count, noted < origins.count {
                beginChunk(of: index)
                noted = putOriginBytes(origins, from: noted, in: index)
            }
        }
        self[index].byteCount = recordBatchHeaderSize + records.count
        self[index].isCompressed = true
        endChunk(of: index)
    }

    /// Notes as many origin bytes below the wall of the last chunk as fit.
    ///
    /// - Parameters:
    ///   - origins: All of the batch's, back to front.
    ///   - start: How many of them are noted already.
    ///   - index: The batch.
    /// - Returns: How many of all are noted now.
    private mutating func putOriginBytes(
        _ origins: [UInt8],
        from start: Int,
        in index: Int32
    ) -> Int {
        let size = min(
            origins.count - start,
            self[index].wallOffset - self[index].writeOffset
        )
        self[index].wallOffset -= size
        unsafe origins.withUnsafeBytes { source in
            guard size > 0, let first = source.baseAddress else { return }
            unsafe (base + self[index].wallOffset).copyMemory(
                from: first + (origins.count - start - size),
                byteCount: size
            )
        }
        return start + size
    }

    private func withHeader(of index: Int32, _ body: (inout MutableSpan<UInt8>) -> Void) {
        let offset = Int(self[index].firstChunk) * chunkSize
        let start = unsafe (base + offset).assumingMemoryBound(to: UInt8.self)
        var header = unsafe MutableSpan(_unsafeStart: start, count: recordBatchHeaderSize)
        body(&header)
    }

    private func forEachChunk(of index: Int32, _ body: (_ start: Int, Chunk) -> Void) {
        var chunk = self[index].firstChunk
        while chunk != noChunk {
            let known = unsafe chunks[Int(chunk)]
            body(Int(chunk) * chunkSize, known)
            chunk = chunk == self[index].lastChunk ? noChunk : known.next
        }
    }
}

/// The size of a record batch's header, in bytes (docs/PROTOCOL.md section 5).
let recordBatchHeaderSize = RecordBatchLayout.headerSize
