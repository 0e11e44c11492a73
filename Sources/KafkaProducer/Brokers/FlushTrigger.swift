/// Why a broker's pending batches are sent now.
package enum FlushTrigger: Equatable, Sendable {
    /// A batch is closed, so full, compressed, or to be sent again, and need not wait for others
    /// that are being compressed; or several are a full request together.
    case batchFull
    /// `linger.ms` has passed since the oldest record was appended.
    case lingerExpired
    /// The input has nothing to read and nothing is in flight to the broker.
    case inputIdle
    /// No chunk is free.
    case memoryPressure
    /// No more records come.
    case draining
}
