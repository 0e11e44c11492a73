/// Memory for bytes that a rule found but that do not stand in the record as such.
///
/// The memory grows to the longest bytes ever decoded and is then reused. Bytes that are needed at
/// the same time, such as a key and a header of one record, need a scratch each.
package struct RuleScratch: Sendable {
    private var storage: [UInt8] = []

    /// Creates a scratch that holds nothing.
    package init() {}

    /// What the last rule that answered ``RuleMatch/decoded`` wrote.
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { storage.span }
    }

    /// Forgets the bytes and keeps the memory, with room for `capacity` bytes.
    mutating func removeAll(reserving capacity: Int) {
        storage.removeAll(keepingCapacity: true)
        storage.reserveCapacity(capacity)
    }

    mutating func replace(with bytes: [UInt8]) {
        storage.removeAll(keepingCapacity: true)
        storage.append(contentsOf: bytes)
    }

    mutating func append(_ byte: UInt8) {
        storage.append(byte)
    }

    /// Appends a scalar as UTF-8.
    mutating func append(_ scalar: Unicode.Scalar) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            storage.append(byte)
        }
    }
}
