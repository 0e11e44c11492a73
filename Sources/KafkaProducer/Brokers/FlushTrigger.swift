/// Why a broker's pending batches are sent now.
package enum FlushTrigger: Equatable, Sendable {
    /// A batch is full, several are a full request together, or one waits to be sent again.
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
