/// What became of a record that was not acknowledged.
package enum Outcome: Sendable {
    /// Certainly not in the log.
    case failed

    /// Perhaps in the log: an attempt was not answered, or not definitely.
    case unknown
}
