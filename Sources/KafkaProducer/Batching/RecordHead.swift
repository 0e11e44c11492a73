/// What stands in a record between its length and its key, as one word that is written at once:
/// attributes, timestamp and offset, and the length of a key that is null.
///
///     word:  0 | timestamp delta | offset delta | 1, without a key
///
/// From record to record the offset alone changes, which is an addition to the word. The bits that
/// say that more bytes of the varint follow are ones, so that a carry passes through them, and are
/// ones again afterwards.
struct RecordHead {
    /// The bytes of the next record, the first of them lowest.
    private(set) var word: UInt64 = 0

    /// How many bytes of the word there are.
    let size: Int32

    /// For how many records on end the offset is a varint of the same size; none if a word has no
    /// room for the head.
    private(set) var count: Int32 = 0

    private var step: UInt64 = 0
    private var more: UInt64 = 0

    /// Creates the head of a record.
    ///
    /// - Parameters:
    ///   - timestampDelta: As it is written.
    ///   - offset: The record's number in its batch.
    ///   - hasKey: Whether a key follows.
    init(_ timestampDelta: UInt64, offset: Int32, hasKey: Bool) {
        guard timestampDelta < 0x20_0000, offset < 0x10_0000 else {
            size = 0
            return
        }
        let offsetDelta = UInt64(truncatingIfNeeded: offset) &<< 1
        // Without a branch: the batches of a thousand partitions each have a head of their own.
        let timestampSize = threeByteVarintSize(timestampDelta)
        let offsetSize = threeByteVarintSize(offsetDelta)
        let shift = UInt64(truncatingIfNeeded: 8 &+ 8 &* timestampSize)
        let offsetBits = UInt64(truncatingIfNeeded: 8 &* offsetSize)
        word =
            threeByteVarint(timestampDelta) &<< 8 | threeByteVarint(offsetDelta) &<< shift
            | (hasKey ? 0 : 1 &<< (shift &+ offsetBits))
        size = Int32(truncatingIfNeeded: 1 &+ timestampSize &+ offsetSize) &+ (hasKey ? 0 : 1)
        count = 1 &<< Int32(truncatingIfNeeded: 7 &* offsetSize &- 1) &- offset
        step = 2 &<< shift
        more = (0x80_8080 &>> (32 &- offsetBits)) &<< shift
    }

    /// Is for no more records than so many.
    mutating func keep(first limit: Int32) { count = min(count, limit) }

    /// The word of the record behind the one of a word, of ``count`` on end.
    @inline(__always)
    func word(after word: UInt64) -> UInt64 { (word &+ step) | more }

    /// Moves on to the next record.
    @inline(__always)
    mutating func advance() {
        word = word(after: word)
        count &-= 1
    }
}
