/// The hot loop: plain lines, one behind the other, into one batch.
///
/// It does what ``append(to:key:value:timestamp:origin:recordLimit:usesReserve:)`` does, for as
/// long as nothing needs a decision: no line starts a chunk or a batch, none follows a gap in the
/// input. So what a line changes can stay in registers, and is written back once, behind the last.
extension BatchMemory {
    /// The most bytes that a key and its length may take here.
    private static var keySizeLimit: Int { 100 }

    /// The first size of a line that may be too long here, in bytes: its length and that of its
    /// record have to be varints of two bytes at most.
    private static var lineSizeLimit: Int { shortLengthLimit - keySizeLimit - 20 }

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
    /// - Returns: How many lines were appended; the one behind them needs a decision.
    mutating func appendLines(
        to index: Int32,
        key: Span<UInt8>?,
        _ window: Span<UInt8>,
        from start: Int,
        ends: Span<Int>,
        origin: RecordOrigin,
        timestamp: Int64,
        recordLimit: Int
    ) -> Int {
        let batch = unsafe batches.advanced(by: Int(index))
        guard unsafe batch.pointee.nextOrdinal == origin.ordinal,
            unsafe batch.pointee.nextPosition == origin.position
        else { return 0 }
        let firstCount = unsafe Int(batch.pointee.recordCount)
        let most = min(ends.count, recordLimit - firstCount)
        let timestampDelta = unsafe zigzag(timestamp &- batch.pointee.baseTimestamp)
        var keySize = 0
        if let key { keySize = zigzagSize(Int64(key.count)) + key.count }
        guard keySize <= Self.keySizeLimit else { return 0 }
        let first = unsafe base + batch.pointee.writeOffset
        let limit = unsafe first + (batch.pointee.byteLimit - batch.pointee.byteCount)
        var at = unsafe first
        var wall = unsafe base + batch.pointee.wallOffset
        var lineStart = start
        var done = 0
        unsafe window.withUnsafeBytes { window in
            guard let source = window.baseAddress else { return }
            while done < most {
                let offset = Int32(truncatingIfNeeded: firstCount + done)
                let head = RecordHead(timestampDelta, offset: offset, hasKey: key != nil)
                guard head.count > 0 else { return }
                let last = min(most, done + Int(head.count))
                // With the length of the value, and no headers.
                let headSize = Int(head.size)
                let fixedSize = headSize + keySize + 2
                var word = head.word
                while done < last {
                    let lineEnd = unsafe ends[unchecked: done]
                    precondition(lineEnd <= window.count)
                    let count = lineEnd &- lineStart
                    // A negative one is a large one.
                    guard UInt(bitPattern: count) < Self.lineSizeLimit else { return }
                    let bodySize = fixedSize &+ isLong(count) &+ count
                    let end = unsafe at + (1 &+ isLong(bodySize) &+ bodySize)
                    guard unsafe end <= limit, unsafe end + Self.originSizeLimit <= wall
                    else { return }
                    unsafe wall = putShortLengthDownward(wall, count &+ 1)
                    unsafe at = putShortLength(at, bodySize)
                    unsafe at.storeBytes(of: word.littleEndian, as: UInt64.self)
                    unsafe at += headSize
                    if let key { unsafe at = putField(at, key) }
                    unsafe at = putShortLength(at, count)
                    unsafe at.copyMemory(from: source + lineStart, byteCount: count)
                    unsafe (at + count).storeBytes(of: 0, as: UInt8.self)  // No headers.
                    unsafe at = end
                    word = head.word(after: word)
                    lineStart = lineEnd &+ 1
                    done &+= 1
                }
                guard done == last else { return }
            }
        }
        guard done > 0 else { return 0 }
        unsafe batch.pointee.writeOffset = at - base
        unsafe batch.pointee.wallOffset = wall - base
        unsafe batch.pointee.byteCount += at - first
        unsafe batch.pointee.didAppendLines(done, byteCount: lineStart - start, timestamp)
        return done
    }
}

extension ProducerBatch {
    /// Counts lines that stand behind the last record.
    fileprivate mutating func didAppendLines(_ count: Int, byteCount: Int, _ timestamp: Int64) {
        recordCount += Int32(count)
        maxTimestamp = max(timestamp, maxTimestamp)
        nextOrdinal += UInt64(count)
        nextPosition += UInt64(byteCount)
    }
}
