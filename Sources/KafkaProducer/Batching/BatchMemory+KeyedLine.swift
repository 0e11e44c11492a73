/// The hot path of a line with a key: into its batch, where nothing needs a decision.
///
/// It does what ``append(to:key:value:timestamp:origin:recordLimit:usesReserve:)`` does, for
/// lengths of two bytes at most. Keys take neighbouring lines to different partitions at random, so
/// what a branch on their batches' state would decide is computed both ways, and one is taken. All
/// sums are of numbers that were compared before: none of them can overflow.
extension BatchMemory {
    /// The first length that takes three bytes as a varint.
    private static var lengthLimit: Int { 0x2000 }

    /// The most bytes of a key that are copied in place, whatever its length.
    private static var shortKeySize: Int { 16 }

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
        let keyCount = key.upperBound &- key.lowerBound
        let valueCount = value.upperBound &- value.lowerBound
        let delta = unsafe zigzag(timestamp &- batch.pointee.baseTimestamp)
        guard (keyCount | valueCount) < Self.lengthLimit, delta < 0x4000, count < recordLimit
        else { return false }
        let offsetDelta = UInt64(truncatingIfNeeded: count) &<< 1
        let bodySize =
            4 &+ isLong(delta) &+ varintSize(offsetDelta) &+ isLong(keyCount) &+ keyCount
            &+ isLong(valueCount) &+ valueCount &+ 1
        let size = bodySize &+ (bodySize < 64 ? 1 : bodySize < Self.lengthLimit ? 2 : 3)
        let start = unsafe batch.pointee.writeOffset
        let byteCount = unsafe batch.pointee.byteCount &+ size
        guard unsafe byteCount <= batch.pointee.byteLimit,
            unsafe start &+ size &+ Self.originSizeLimit <= batch.pointee.wallOffset
        else { return false }
        guard unsafe putOriginOfLine(origin, in: batch) else { return false }
        unsafe batch.pointee.writeOffset = start &+ size
        unsafe batch.pointee.byteCount = byteCount
        unsafe batch.pointee.recordCount = count &+ 1
        unsafe batch.pointee.maxTimestamp = max(timestamp, batch.pointee.maxTimestamp)
        var at = unsafe putLength(base + start, UInt64(truncatingIfNeeded: bodySize) &<< 1)
        unsafe at.storeBytes(of: 0, as: UInt8.self)  // Attributes: none are defined.
        unsafe at = putVarint(at + 1, delta)
        unsafe at = putVarint(at, offsetDelta)
        unsafe at = putLength(at, UInt64(truncatingIfNeeded: keyCount) &<< 1)
        unsafe window.withUnsafeBytes { window in
            guard let source = window.baseAddress else { return }
            if keyCount <= Self.shortKeySize, window.count &- key.lowerBound >= Self.shortKeySize {
                // A call costs more than the bytes too many, which the value overwrites.
                unsafe copyShortKey(source + key.lowerBound, to: at)
            } else {
                unsafe at.copyMemory(from: source + key.lowerBound, byteCount: keyCount)
            }
            unsafe at = putLength(at + keyCount, UInt64(truncatingIfNeeded: valueCount) &<< 1)
            unsafe at.copyMemory(from: source + value.lowerBound, byteCount: valueCount)
        }
        unsafe (at + valueCount).storeBytes(of: 0, as: UInt8.self)  // No headers.
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

    /// How many bytes more than one a varint of a length below ``lengthLimit`` takes.
    @inline(__always)
    private func isLong(_ length: Int) -> Int { length < 64 ? 0 : 1 }

    @inline(__always)
    private func isLong(_ value: UInt64) -> Int { value < 0x80 ? 0 : 1 }
}
