/// Bytes from a peer that do not mean what the protocol says they should.
///
/// It says what was being read, where, and why it cannot be right, so that a connection which is
/// closed for it can be explained. It never stands for a bug of ours: those trap.
package struct WireError: Error, Equatable, Sendable {
    /// Why the bytes cannot be right.
    package enum Reason: Hashable, Sendable {
        /// The field needs more bytes than there are.
        case truncated(needed: Int, remaining: Int)

        /// The field gives a length or a count below the least the protocol knows.
        case negativeLength(Int)

        /// The field gives a count of elements that cannot fit in the bytes that are left.
        case countTooLarge(count: Int, limit: Int)

        /// The variable-length integer does not end, or exceeds its type.
        case varintTooLong

        /// The field is null where the protocol has no null.
        case unexpectedNull

        /// The text is not UTF-8.
        case invalidText

        /// The value is none that the protocol allows there.
        case unexpectedValue(Int64)

        /// There are bytes behind the end of what was read.
        case trailingBytes(Int)
    }

    /// The protocol's name of the field that was being read.
    package let field: String

    /// The place of the field, in bytes from the start of what was being read.
    package let offset: Int

    /// Why the bytes cannot be right.
    package let reason: Reason

    /// Creates an error about one field.
    package init(_ field: String, at offset: Int, _ reason: Reason) {
        self.field = field
        self.offset = offset
        self.reason = reason
    }
}

extension WireError: CustomStringConvertible {
    /// The error in words, for a message about the connection.
    package var description: String {
        "\(field) at byte \(offset): \(reason)"
    }
}

extension WireError.Reason: CustomStringConvertible {
    /// The reason in words.
    package var description: String {
        switch self {
        case .truncated(let needed, let remaining):
            "needs \(needed) bytes, \(remaining) are left"
        case .negativeLength(let length):
            "a length of \(length)"
        case .countTooLarge(let count, let limit):
            "a count of \(count), \(limit) could fit"
        case .varintTooLong:
            "a variable-length integer that is too long"
        case .unexpectedNull:
            "null"
        case .invalidText:
            "text that is not UTF-8"
        case .unexpectedValue(let value):
            "a value of \(value)"
        case .trailingBytes(let count):
            "followed by \(count) bytes too many"
        }
    }
}
