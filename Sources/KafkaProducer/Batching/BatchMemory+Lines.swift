/// The hot loop: plain lines, one behind the other, into one batch.
///
/// It does what ``append(to:key:value:timestamp:origin:recordLimit:usesReserve:)`` does, for as
/// long as nothing needs a decision: no line starts a chunk or a batch, none follows a gap in the
/// input. So what a line changes can stay in registers, and is written back once, behind the last.
extension BatchMemory {
    /// Encodes lines at the end of an open batch.
    ///
    /// - Parameters:
    ///   - index: The batch; it is open.
    ///   - key: The key of every record, or `nil` for null.
    ///   - window: Where the lines are.
    ///   - start: The index in it of the first line.
    ///   - ends: The index in it of the one byte of delimiter behind each line.
    ///   - origin: Where the first line came from. Its own size does not matter.
    ///   - timestamp: In milliseconds.
    ///   - recordLimit: The most records the batch may have.
    ///   - stickyRoom: How many bytes may go to the partition, as ``StickyPartition`` counts them,
    ///     before a line that has to go elsewhere.
    /// - Returns: How many lines were appended; the one behind them needs a decision.
    mutating func appendLines(
        to index: Int32,
        key: Span<UInt8>?,
        _ window: Span<UInt8>,
        from start: Int,
        ends: Span<Int>,
        origin: RecordOrigin,
        timestamp: Int64,
        recordLimit: Int,
        stickyRoom: Int
    ) -> Int {
        let batch = unsafe batches.advanced(by: Int(index))
        guard unsafe batch.pointee.nextOrdinal == origin.ordinal,
            unsafe batch.pointee.nextPosition == origin.position
        else { return 0 }
        let firstCount = unsafe Int(batch.pointee.recordCount)
        let timestampDelta = unsafe zigzag(timestamp &- batch.pointee.baseTimestamp)
        let keyCount = key?.count ?? -1
        // Attributes, timestamp, key and the number of headers are the same size in all.
        let commonSize =
            2 + varintSize(timestampDelta) + zigzagSize(Int64(keyCount)) + max(keyCount, 0)
        let first = unsafe base + batch.pointee.writeOffset
        let limit = unsafe first + (batch.pointee.byteLimit - batch.pointee.byteCount)
        var at = unsafe first
        var wall = unsafe base + batch.pointee.wallOffset
        var lineStart = start
        var done = 0
        var room = stickyRoom
        unsafe window.withUnsafeBytes { window in
            guard let source = window.baseAddress else { return }
            while done < ends.count, room > 0 {
                let lineEnd = ends[done]
                let count = lineEnd - lineStart
                precondition(count >= 0 && lineEnd <= window.count)
                let offsetDelta = UInt64(firstCount + done) << 1
                let valueCount = UInt64(count) << 1
                let bodySize = commonSize + varintSize(offsetDelta) + varintSize(valueCount) + count
                let bodyCount = UInt64(bodySize) << 1
                let end = unsafe at + (varintSize(bodyCount) + bodySize)
                guard unsafe end <= limit, unsafe end + Self.originSizeLimit <= wall,
                    firstCount + done < recordLimit
                else { break }
                unsafe wall = putVarintDownward(wall, UInt64(count + 1) << 1)
                unsafe at = putLength(at, bodyCount)
                unsafe at.storeBytes(of: 0, as: UInt8.self)  // Attributes: none are defined.
                unsafe at = putVarint(at + 1, timestampDelta)
                unsafe at = putVarint(at, offsetDelta)
                unsafe at = putField(at, key)
                unsafe at = putLength(at, valueCount)
                unsafe at.copyMemory(from: source + lineStart, byteCount: count)
                unsafe (at + count).storeBytes(of: 0, as: UInt8.self)  // No headers.
                unsafe at = end
                room -= StickyPartition.size(ofValue: count)
                lineStart = lineEnd + 1
                done += 1
            }
        }
        guard done > 0 else { return 0 }
        unsafe batch.pointee.writeOffset = at - base
        unsafe batch.pointee.wallOffset = wall - base
        unsafe batch.pointee.byteCount += at - first
        unsafe batch.pointee.recordCount = Int32(firstCount + done)
        unsafe batch.pointee.maxTimestamp = max(timestamp, batch.pointee.maxTimestamp)
        unsafe batch.pointee.nextOrdinal += UInt64(done)
        unsafe batch.pointee.nextPosition += UInt64(lineStart - start)
        return done
    }
}
