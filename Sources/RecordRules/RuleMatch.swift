/// What a rule found in a record.
package enum RuleMatch: Equatable, Sendable {
    /// The bytes of the record in this range.
    case range(Range<Int>)

    /// The bytes in ``RuleScratch/bytes``, until the scratch is given to the next rule.
    case decoded

    /// Nothing: the next rule may be asked.
    case none

    /// The record does not let itself be read: it fails, whatever other rules would say.
    case broken(BrokenRecord)

    /// The bytes that matched, or `nil` if nothing did or the record is broken.
    ///
    /// They are in the record that was matched, or in the scratch it was matched with, as long as
    /// that is not given to another rule.
    @_lifetime(copy record, borrow scratch)
    package func bytes(
        in record: Span<UInt8>,
        scratch: borrowing RuleScratch
    ) -> Span<UInt8>? {
        switch self {
        case .range(let range): record.extracting(range)
        case .decoded: scratch.bytes
        case .none, .broken: nil
        }
    }
}
