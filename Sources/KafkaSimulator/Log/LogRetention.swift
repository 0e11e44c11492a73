/// What a ``PartitionLog`` keeps of the records appended to it.
package enum LogRetention: Hashable, Sendable {
    /// Everything: what checkers of keys and values need.
    case everything
    /// Offsets, timestamps and producers' numbers, but no keys, values and headers.
    case identities
    /// Whose batches there were, and no records.
    case batches
    /// Only how many there were.
    case nothing
}
