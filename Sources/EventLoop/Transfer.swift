/// What came of a call that moves bytes.
package nonisolated enum Transfer: Hashable, Sendable {
    /// This many bytes were moved, at least one.
    case count(Int)
    /// Nothing can be moved now, and waiting was refused.
    case wouldBlock
    /// The other side has ended: no byte will come any more.
    case end
    case failed(Errno)

    /// How many bytes were moved.
    package var byteCount: Int {
        switch self {
        case .count(let count): count
        case .wouldBlock, .end, .failed: 0
        }
    }
}
