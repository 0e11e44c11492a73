internal import CProcessor

/// The hot path of a line with a key: into its batch, where nothing needs a decision.
///
/// It does what ``append(to:key:value:timestamp:origin:recordLimit:usesReserve:)`` does, for
/// lengths of two bytes at most. Keys take neighbouring lines to different partitions at random, so
/// what a branch on their batches' state would decide is computed both ways, and one is taken. All
/// sums are of numbers that were compared before: none of them can overflow.
extension BatchMemory {
    /// The most bytes of a key that are copied in place, whatever its length.
    private static var shortKeySize: Int { 16 }

    /// The first size of key and value together that may be too long here, in bytes: the length of
    /// their record has to be a varint of two bytes at most.
    private static var lineSizeLimit: Int { shortLengthLimit - 20 }

    /// Encodes a line at the end of an open batch.
    ///
    /// - Parameters:
    ///   - index: The batch; it is open.
    ///   - window: Where the line is.
    ///   - key: The place in it of the key.
    ///   - value: The place in it of the value.
    ///   - timestamp: In milliseconds.
    ///   - origin: Where the line came from.
    ///   - recordLimit: The most records the batch may have.
    /// - Returns: Whether it was appended. If not, nothing happened.
    @inline(__always)
    mutating func appendLine(
        to index: Int32,
        _ window: Span<UInt8>,
        key: Range<Int>,
        value: Range<Int>,
        timestamp: Int64,
        origin: RecordOrigin,
        recordLimit: Int32
    ) -> Bool {
        precondition(key.lowerBound >= 0 && key.upperBound <= window.count)
        precondition(value.lowerBound >= 0 && value.upperBound <= window.count)
        let batch = unsafe batches.advanced(by: Int(index))
        let count = unsafe batch.pointee.recordCount
        let isPrepared =
            unsafe batch.pointee.headOffset == count && batch.pointee.headTimestamp == timestamp
        if !isPrepared {
            guard unsafe prepareHead(of: batch, timestamp, recordLimit) else { return false }
        }
        let keyCount = key.upperBound &- key.lowerBound
        let valueCount = value.upperBound &- value.lowerBound
        let headSize = unsafe Int(batch.pointee.head.size)
        let bodySize =
            headSize &+ 3 &+ isLong(keyCount) &+ keyCount &+ isLong(valueCount) &+ valueCount
        let size = bodySize &+ 1 &+ isLong(bodySize)
        let start = unsafe batch.pointee.writeOffset
        let byteCount = unsafe batch.pointee.byteCount &+ size
        guard keyCount &+ valueCount < Self.lineSizeLimit,
            unsafe byteCount <= batch.pointee.byteLimit,
            unsafe start &+ size &+ Self.originSizeLimit <= batch.pointee.wallOffset,
            unsafe putOriginOfLine(origin, in: batch)
        else { return false }
        let word = unsafe batch.pointee.head.word
        unsafe batch.pointee.writeOffset = start &+ size
        unsafe batch.pointee.byteCount = byteCount
        unsafe batch.pointee.recordCount = count &+ 1
        unsafe batch.pointee.maxTimestamp = max(timestamp, batch.pointee.maxTimestamp)
        unsafe batch.pointee.head.advance()
        // Prepared anew where the offset becomes a varint of another size.
        unsafe batch.pointee.headOffset = batch.pointee.head.count > 0 ? count &+ 1 : -1
        var at = unsafe putShortLength(base + start, bodySize)
        unsafe at.storeBytes(of: word.littleEndian, as: UInt64.self)
        unsafe at = putShortLength(at + headSize, keyCount)
        unsafe window.withUnsafeBytes { window in
            guard let source = window.baseAddress else { return }
            if keyCount <= Self.shortKeySize, window.count &- key.lowerBound >= Self.shortKeySize {
                // A call costs more than the bytes too many, which the value overwrites.
                unsafe copyShortKey(source + key.lowerBound, to: at)
            } else {
                unsafe at.copyMemory(from: source + key.lowerBound, byteCount: keyCount)
            }
            unsafe at = putShortLength(at + keyCount, valueCount)
            unsafe at.copyMemory(from: source + value.lowerBound, byteCount: valueCount)
        }
        unsafe (at + valueCount).storeBytes(of: 0, as: UInt8.self)  // No headers.
        return true
    }

    /// Brings the counters of a batch into the processor's cache.
    @inline(__always)
    func fetchCounters(of index: Int32) {
        let counters = unsafe UnsafeRawPointer(batches.advanced(by: Int(index)))
        for line in 0..<(MemoryLayout<ProducerBatch>.stride + 63) / 64 {
            unsafe processor_fetch(counters + line * 64)
        }
    }

    /// Brings into the processor's cache where a batch's next record is written, for one of up to
    /// two hundred bytes.
    @inline(__always)
    func fetchEnd(of index: Int32) {
        let batch = unsafe batches.advanced(by: Int(index))
        let end = unsafe UnsafeRawPointer(base + batch.pointee.writeOffset)
        for line in 0..<3 { unsafe processor_fetch(end + line * 64) }
        unsafe processor_fetch(base + batch.pointee.wallOffset - 1)
    }

    /// Computes what records of this timestamp have in common.
    ///
    /// - Returns: Whether the batch takes another, and this way.
    @inline(never)
    private func prepareHead(
        of batch: UnsafeMutablePointer<ProducerBatch>,
        _ timestamp: Int64,
        _ recordLimit: Int32
    ) -> Bool {
        let count = unsafe batch.pointee.recordCount
        let delta = unsafe zigzag(timestamp &- batch.pointee.baseTimestamp)
        var head = RecordHead(delta, offset: count, hasKey: true)
        head.keep(first: recordLimit &- count)
        guard head.count > 0 else { return false }
        unsafe batch.pointee.head = head
        unsafe batch.pointee.headOffset = count
        unsafe batch.pointee.headTimestamp = timestamp
        return true
    }

    /// Notes a line's origin as ``putOrigin(_:in:)`` does, with varints of three bytes at most.
    ///
    /// - Returns: Whether they were enough. If not, nothing was noted.
    @inline(__always)
    private func putOriginOfLine(
        _ origin: RecordOrigin,
        in batch: UnsafeMutablePointer<ProducerBatch>
    ) -> Bool {
        let skippedRecords = unsafe origin.ordinal &- batch.pointee.nextOrdinal
        let skippedBytes = unsafe origin.position &- batch.pointee.nextPosition
        guard skippedRecords | skippedBytes | UInt64(truncatingIfNeeded: origin.size) < 0x10_0000
        else { return false }
        let follows = skippedRecords | skippedBytes == 0
        let wall = unsafe base + batch.pointee.wallOffset
        let flagged = UInt64(truncatingIfNeeded: origin.size) &<< 1 | (follows ? 0 : 1)
        let afterSize = unsafe putShortVarintDownward(wall, flagged)
        let afterRecords = unsafe putShortVarintDownward(afterSize, skippedRecords)
        let afterBytes = unsafe putShortVarintDownward(afterRecords, skippedBytes)
        unsafe batch.pointee.wallOffset = (follows ? afterSize : afterBytes) - base
        unsafe batch.pointee.nextOrdinal = origin.ordinal &+ 1
        unsafe batch.pointee.nextPosition =
            origin.position &+ UInt64(truncatingIfNeeded: origin.size)
        return true
    }
}
