/// The bytes a connection has to write, as pieces that stay where they are.
struct OutboundQueue {
    /// Bytes at a place: in the batch memory, or in the connection's scratch.
    struct Piece {
        var isScratch: Bool
        /// From the start of all chunks' memory, or of the scratch.
        var offset: Int
        /// In bytes.
        var count: Int
    }

    private(set) var pieces: [Piece] = []
    private(set) var first = 0

    var isEmpty: Bool { first == pieces.count }

    /// The pieces that are left.
    var remaining: ArraySlice<Piece> { pieces[first...] }

    mutating func append(_ piece: Piece) {
        guard piece.count > 0 else { return }
        pieces.append(piece)
    }

    /// Takes bytes off the front, which the kernel has taken.
    ///
    /// - Precondition: There are as many.
    mutating func advance(_ byteCount: Int) {
        var rest = byteCount
        while rest > 0 {
            precondition(first < pieces.count)
            let taken = min(rest, pieces[first].count)
            pieces[first].offset += taken
            pieces[first].count -= taken
            rest -= taken
            if pieces[first].count == 0 { first += 1 }
        }
        if isEmpty { removeAll() }
    }

    /// Forgets the pieces: the connection is gone.
    mutating func removeAll() {
        pieces.removeAll(keepingCapacity: true)
        first = 0
    }
}
