/// Closed batches that wait to be compressed, oldest first.
struct CompressionBacklog {
    private var batches: [Int32] = []

    /// The bytes of all batches that wait.
    private(set) var byteCount = 0

    var isEmpty: Bool { batches.isEmpty }

    /// The oldest batch, or `nil` if none waits.
    var first: Int32? { batches.first }

    /// Puts a batch behind all others.
    mutating func append(_ batch: Int32, byteCount count: Int) {
        batches.append(batch)
        byteCount += count
    }

    /// Takes the oldest batch away.
    ///
    /// - Precondition: One waits.
    mutating func removeFirst(byteCount count: Int) {
        // Those behind it move up: four bytes for each batch, beside the compression of one.
        batches.removeFirst()
        byteCount -= count
    }

    /// Takes a batch out that ended before its turn.
    ///
    /// - Precondition: It waits.
    mutating func remove(_ batch: Int32, byteCount count: Int) {
        guard let place = batches.firstIndex(of: batch) else {
            preconditionFailure("A batch that is to be compressed waits for it.")
        }
        batches.remove(at: place)
        byteCount -= count
    }
}
