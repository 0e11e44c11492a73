/// A record that ended failed or unknown, as the failure line names it.
package struct FailedRecord: Sendable {
    /// Where it came from.
    package let origin: RecordOrigin
    /// Its topic's name.
    package let topic: String
    /// Its partition.
    package let partition: Int32
    /// In milliseconds.
    package let timestamp: Int64
    /// Whether it may be in the log.
    package let outcome: Outcome
    /// Why it ended so.
    package let failure: Failure
    /// Its place in its batch, from 0.
    package let batchIndex: Int
    /// Requests that carried it.
    package let attempts: Int32
}
