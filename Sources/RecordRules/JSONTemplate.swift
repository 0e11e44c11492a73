/// What stands before the wanted value in one JSON record after another: the hot path of `json:`.
///
/// A program writes its records in one way: but for the strings, numbers and literals that are
/// values, each begins as the one before.
///
///     {"ts": 1795000000017, "user": {"id": "u4711", …
///     ------@@@@@@@@@@@@@@@-----------------^ the value
///
/// So the way through a record is kept as the texts between its scalars (`-`). A record that has
/// the same texts, with any scalars between them (`@`), leads to its value in the same way: what
/// the grammar and the names of members say depends on the texts alone. For all others there is
/// the walk through the record, which knows nothing of this.
struct JSONTemplate {
    /// Up to eight bytes of a text, so that they are compared at once.
    private struct Piece {
        /// The bytes, the first the lowest, and zeros: no byte of a text is one.
        var word: UInt64 = 0
        /// Ones where the bytes are.
        var mask: UInt64 = 0
        /// How many bytes there are.
        var count = 0
        /// Whether a scalar stands behind them.
        var endsText = false

        /// - Precondition: There are fewer than eight.
        mutating func append(_ byte: UInt8) {
            word |= UInt64(byte) << (8 * count)
            mask |= 0xFF << (8 * count)
            count += 1
        }
    }

    /// The texts, one behind the other, each of one piece at least, though it may be empty.
    private var pieces: [Piece] = []

    /// Whether a record was like the template since it was learned.
    private var wasOfUse = false
    /// How many records that are not like the template are still left to the walk alone.
    private var pause = 0
    private var nextPause = 0

    /// The longest beginning that is learned, in bytes, and the longest pause, in records.
    private static let sizeLimit = 4096
    private static let pauseLimit = 1023

    /// Where the wanted value begins, or `nil` if the record is not like the template.
    @inline(__always)
    mutating func valuePlace(in record: Span<UInt8>) -> Int? {
        guard !pieces.isEmpty, let place = place(in: record) else { return nil }
        wasOfUse = true
        return place
    }

    @inline(__always)
    private func place(in record: Span<UInt8>) -> Int? {
        let pieces = pieces.span
        var place = 0
        for index in pieces.indices {
            let piece = pieces[index]
            let word = ByteScan.paddedWord(of: record, at: place)
            guard (word ^ piece.word) & piece.mask == 0 else { return nil }
            place += piece.count
            guard piece.endsText else { continue }
            guard let end = Self.endOfScalar(record, place) else { return nil }
            place = end
        }
        return place
    }

    /// Where a scalar in an object or array ends, or `nil` if there is none.
    @inline(__always)
    private static func endOfScalar(_ record: Span<UInt8>, _ place: Int) -> Int? {
        do throws(BrokenRecord) {
            return try JSONScan.endOfScalar(record, place, isNested: true)
        } catch {
            return nil
        }
    }

    /// Whether a scalar may begin with a byte: to throw for one that does not may take memory.
    private static func beginsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            true
        default: false
        }
    }

    /// Learns from a record whose wanted value the walk found, unless that was of no use lately.
    ///
    /// Where records differ from one to the next, to learn from each would be work for nothing.
    mutating func learn(from record: Span<UInt8>, valuePlace: Int) {
        guard pause == 0 else {
            pause -= 1
            return
        }
        nextPause = wasOfUse ? 0 : min(2 * nextPause + 1, Self.pauseLimit)
        pause = nextPause
        wasOfUse = false
        pieces.removeAll(keepingCapacity: true)
        guard valuePlace <= Self.sizeLimit else { return }
        var piece = Piece()
        var place = 0
        while place < valuePlace {
            let scalarEnd =
                Self.beginsScalar(record[place]) ? Self.endOfScalar(record, place) : nil
            let end = scalarEnd ?? place + 1
            if scalarEnd != nil, !Self.colonStands(behind: end, in: record) {
                piece.endsText = true
                pieces.append(piece)
                piece = Piece()
            } else {
                for index in place..<end { add(record[index], to: &piece) }
            }
            place = end
        }
        pieces.append(piece)
    }

    /// Adds a byte to the piece that is being made, or to the next one if that is full.
    private mutating func add(_ byte: UInt8, to piece: inout Piece) {
        if piece.count == 8 {
            pieces.append(piece)
            piece = Piece()
        }
        piece.append(byte)
    }

    /// Whether what ends here is a member's name: a colon stands behind nothing else.
    private static func colonStands(behind end: Int, in record: Span<UInt8>) -> Bool {
        let next = JSONScan.endOfBlanks(record, end)
        return next < record.count && record[next] == UInt8(ascii: ":")
    }
}
