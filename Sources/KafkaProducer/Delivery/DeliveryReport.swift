/// How many records have ended, and how.
package struct DeliveryReport: Equatable, Sendable {
    /// Records that were acknowledged.
    package internal(set) var ackedCount: UInt64 = 0

    /// Records that are certainly not in the log.
    package internal(set) var failedCount: UInt64 = 0

    /// Records that may be in the log.
    package internal(set) var unknownCount: UInt64 = 0

    /// The first record in input order that was not acknowledged, or `nil`.
    package internal(set) var firstUnacked: RecordOrigin?

    /// What ended batches unacknowledged, each kind once, in the order of `FailureClass`'s first
    /// appearance.
    package internal(set) var failureClasses: [FailureClass] = []

    /// Requests that were sent, by the reason.
    package internal(set) var flushes = FlushCounts()

    mutating func didFail(_ batch: ProducerBatch, _ outcome: Outcome, _ kind: FailureClass) {
        switch outcome {
        case .failed: failedCount += UInt64(batch.recordCount)
        case .unknown: unknownCount += UInt64(batch.recordCount)
        }
        if batch.firstPosition < firstUnacked?.position ?? .max {
            firstUnacked = RecordOrigin(
                ordinal: batch.firstOrdinal,
                position: batch.firstPosition,
                size: 0
            )
        }
        note(kind)
    }

    mutating func note(_ kind: FailureClass) {
        if !failureClasses.contains(kind) { failureClasses.append(kind) }
    }
}
