/// What is read from a broker at once, before the producer takes it.
///
/// It lasts as long as the loop: memory that is taken for each answer is in no cache.
///
/// Invariant: `bytes` is this object's own, and nobody keeps it for longer than a read.
@safe
nonisolated final class AnswerMemory {
    /// Answers are small.
    private static let size = 65_536

    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)

    deinit { unsafe bytes.deallocate() }
}
