/// What of the input is copied to standard output, and how far: `-T` (D10).
///
/// Bytes stay in the ring until each record that begins before them has ended; then they are
/// written from there, without the ranges of records that failed or were skipped.
nonisolated struct Tee {
    /// Beyond so many ranges nothing more is read: they are held in memory, too.
    static let holeLimit = 65536

    /// Up to where everything was written or left out.
    private(set) var position: UInt64 = 0
    /// Ranges that are left out, in order, behind ``position``.
    private var holes: [Range<UInt64>] = []
    private var firstHole = 0

    /// Whether there is room for more ranges.
    var acceptsMore: Bool { holes.count - firstHole < Self.holeLimit }

    /// Leaves a range out.
    mutating func leaveOut(_ range: Range<UInt64>) {
        guard !range.isEmpty else { return }
        if let last = holes.last, firstHole < holes.count, last.upperBound == range.lowerBound {
            holes[holes.count - 1] = last.lowerBound..<range.upperBound
            return
        }
        var place = holes.count
        while place > firstHole, holes[place - 1].lowerBound > range.lowerBound { place -= 1 }
        holes.insert(range, at: place)
    }

    /// Takes the next ranges to write, up to a position and about a number of bytes.
    mutating func take(upTo end: UInt64, about limit: Int) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        var count = 0
        while position < end, count < limit {
            let hole = firstHole < holes.count ? holes[firstHole] : end..<end
            if hole.lowerBound <= position, firstHole < holes.count {
                position = max(position, min(hole.upperBound, end))
                if hole.upperBound <= position { dropFirstHole() }
                continue
            }
            let stop = min(end, hole.lowerBound, position + UInt64(limit - count))
            ranges.append(position..<stop)
            count += Int(stop - position)
            position = stop
        }
        return ranges
    }

    /// Passes over everything: nobody reads the copy any more.
    mutating func giveUp(at end: UInt64) {
        position = max(position, end)
        holes.removeAll()
        firstHole = 0
    }

    private mutating func dropFirstHole() {
        firstHole += 1
        if firstHole == holes.count {
            holes.removeAll(keepingCapacity: true)
            firstHole = 0
        } else if firstHole > 1024, firstHole * 2 > holes.count {
            holes.removeFirst(firstHole)
            firstHole = 0
        }
    }
}
