/// The hot path: one record into a batch, encoded as it will be on the wire.
///
/// Everything here runs once a record, so it takes primitive arguments, checks once and writes
/// through pointers. The check comes before the first byte: the record and its origin must fit
/// between the write offset and the wall of the batch's last chunk, or ``appendAcrossChunks`` takes
/// over, which has made sure of the chunks it needs.
extension BatchMemory {
    /// What became of a record.
    enum AppendResult {
        case appended
        /// The batch is full: open another.
        case full
        /// No chunk is free.
        case noMemory
    }

    /// Encodes a record at the end of an open batch.
    ///
    /// - Parameters:
    ///   - index: The batch; it is open.
    ///   - key: The key, or `nil` for null.
    ///   - value: The value, or `nil` for null.
    ///   - timestamp: In milliseconds.
    ///   - origin: Where it came from; behind that of the batch's last record.
    ///   - recordLimit: The most records the batch may have.
    ///   - usesReserve: Whether the chunks kept for splits may be taken.
    /// - Returns: Whether it was appended, and why not.
    @inline(__always)
    mutating func append(
        to index: Int32,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        timestamp: Int64,
        origin: RecordOrigin,
        recordLimit: Int32 = .max,
        usesReserve: Bool = false
    ) -> AppendResult {
        let batch = unsafe batches.advanced(by: Int(index))
        let count = unsafe batch.pointee.recordCount
        let delta = unsafe timestamp &- batch.pointee.baseTimestamp
        let keyCount = key?.count ?? -1
        let valueCount = value?.count ?? -1
        let bodySize =
            2 + zigzagSize(delta) + zigzagSize(Int64(count)) + zigzagSize(Int64(keyCount))
            + max(keyCount, 0) + zigzagSize(Int64(valueCount)) + max(valueCount, 0)
        let size = zigzagSize(Int64(bodySize)) + bodySize
        guard unsafe batch.pointee.byteCount + size <= batch.pointee.byteLimit,
            count < recordLimit
        else { return .full }
        guard
            unsafe batch.pointee.writeOffset + size + Self.originSizeLimit
                <= batch.pointee.wallOffset
        else {
            return appendAcrossChunks(
                to: index,
                key: key,
                value: value,
                bodySize: bodySize,
                size: size,
                timestamp: timestamp,
                origin: origin,
                usesReserve: usesReserve
            )
        }
        unsafe putOrigin(origin, in: batch)
        var at = unsafe base + batch.pointee.writeOffset
        unsafe at = putRecordHead(
            at,
            bodySize: bodySize,
            timestampDelta: delta,
            offsetDelta: Int64(count)
        )
        unsafe at = putField(at, key)
        unsafe at = putField(at, value)
        unsafe at.storeBytes(of: 0, as: UInt8.self)  // No headers.
        unsafe batch.pointee.writeOffset += size
        unsafe batch.pointee.byteCount += size
        unsafe batch.pointee.recordCount = count &+ 1
        if unsafe timestamp > batch.pointee.maxTimestamp {
            unsafe batch.pointee.maxTimestamp = timestamp
        }
        return .appended
    }

    /// Notes a record's origin below the wall: its size, and a gap before it if there is one.
    @inline(__always)
    private func putOrigin(
        _ origin: RecordOrigin,
        in batch: UnsafeMutablePointer<ProducerBatch>
    ) {
        var wall = unsafe base + batch.pointee.wallOffset
        let follows =
            unsafe batch.pointee.nextOrdinal == origin.ordinal
            && batch.pointee.nextPosition == origin.position
        if follows {
            unsafe wall = putVarintDownward(wall, UInt64(origin.size) << 1)
        } else {
            unsafe wall = putVarintDownward(wall, UInt64(origin.size) << 1 | 1)
            unsafe wall = putVarintDownward(
                wall,
                origin.ordinal &- batch.pointee.nextOrdinal
            )
            unsafe wall = putVarintDownward(
                wall,
                origin.position &- batch.pointee.nextPosition
            )
        }
        unsafe batch.pointee.wallOffset = wall - base
        unsafe batch.pointee.nextOrdinal = origin.ordinal &+ 1
        unsafe batch.pointee.nextPosition = origin.position &+ UInt64(origin.size)
    }

    /// Appends a record that does not fit in the batch's last chunk: it goes on in the next ones.
    @inline(never)
    private mutating func appendAcrossChunks(
        to index: Int32,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        bodySize: Int,
        size: Int,
        timestamp: Int64,
        origin: RecordOrigin,
        usesReserve: Bool
    ) -> AppendResult {
        let room = self[index].wallOffset - self[index].writeOffset
        let needed = (size + Self.originSizeLimit) / (chunkSize - Self.originSizeLimit) + 1
        guard needed <= (usesReserve ? freeChunkCount : availableChunkCount) else {
            return .noMemory
        }
        if room < Self.originSizeLimit { beginChunk(of: index) }
        let batch = unsafe batches.advanced(by: Int(index))
        unsafe putOrigin(origin, in: batch)
        let delta = timestamp - self[index].baseTimestamp
        let count = self[index].recordCount
        unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { scratch in
            guard let start = scratch.baseAddress else { return }
            var at = unsafe putRecordHead(
                start,
                bodySize: bodySize,
                timestampDelta: delta,
                offsetDelta: Int64(count)
            )
            unsafe at = putZigzag(at, Int64(key?.count ?? -1))
            unsafe spread(UnsafeRawPointer(start), at - start, into: index)
            spread(key, into: index)
            unsafe at = putZigzag(start, Int64(value?.count ?? -1))
            unsafe spread(UnsafeRawPointer(start), at - start, into: index)
            spread(value, into: index)
            unsafe start.storeBytes(of: 0, as: UInt8.self)
            unsafe spread(UnsafeRawPointer(start), 1, into: index)
        }
        self[index].byteCount += size
        self[index].recordCount = count + 1
        self[index].maxTimestamp = max(self[index].maxTimestamp, timestamp)
        return .appended
    }

    private mutating func spread(_ bytes: Span<UInt8>?, into index: Int32) {
        guard let bytes else { return }
        unsafe bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe spread(start, buffer.count, into: index)
        }
    }

    /// Copies bytes to the batch's end, beginning chunks as they fill.
    ///
    /// - Precondition: Enough chunks are free; ``appendAcrossChunks`` has counted them.
    private mutating func spread(_ bytes: UnsafeRawPointer, _ count: Int, into index: Int32) {
        var done = 0
        while done < count {
            if self[index].writeOffset == self[index].wallOffset { beginChunk(of: index) }
            let room = self[index].wallOffset - self[index].writeOffset
            let piece = min(room, count - done)
            unsafe (base + self[index].writeOffset).copyMemory(
                from: bytes + done,
                byteCount: piece
            )
            self[index].writeOffset += piece
            done += piece
        }
    }
}
