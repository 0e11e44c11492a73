/// Closed batches that wait to be compressed, oldest first.
struct CompressionBacklog {
    /// The batches, of which those before ``taken`` have been taken.
    private var batches: [Int32] = []
    private var taken = 0

    /// The bytes of all batches that wait.
    private(set) var byteCount = 0

    /// How many taken batches are kept at most, unless others outnumber them.
    private static let slack = 64

    var isEmpty: Bool { taken == batches.count }

    /// Batches that take room, those that have been taken among them.
    var keptCount: Int { batches.count }

    /// Puts a batch behind all others.
    mutating func append(_ batch: Int32, byteCount count: Int) {
        batches.append(batch)
        byteCount += count
    }

    /// The oldest batch, or `nil` if none waits.
    var first: Int32? { isEmpty ? nil : batches[taken] }

    /// Takes the oldest batch away.
    ///
    /// - Precondition: One waits.
    mutating func removeFirst(byteCount count: Int) {
        precondition(!isEmpty)
        taken += 1
        byteCount -= count
        // It may never become empty while the input is faster than the workers.
        if taken == batches.count || taken >= max(Self.slack, batches.count / 2) {
            batches.removeFirst(taken)
            taken = 0
        }
    }

    /// Takes a batch out that ended before its turn.
    ///
    /// - Precondition: It waits.
    mutating func remove(_ batch: Int32, byteCount count: Int) {
        guard let place = batches[taken...].firstIndex(of: batch) else {
            preconditionFailure("A batch that is to be compressed waits for it.")
        }
        batches.remove(at: place)
        byteCount -= count
    }
}
