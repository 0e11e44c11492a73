/// A record that the input's framing does not yield.
package struct FramingFailure: Error, Equatable, Sendable {
    /// What is wrong with a record.
    package enum Reason: Equatable, Sendable {
        /// Key and value have more bytes than `--max-record`.
        case recordTooLong(limit: Int)

        /// The input ended within the prefix or the bytes of a frame, or between key and value.
        case cutShort

        /// A length is negative, and not the -1 that means null.
        case negativeLength(Int64)

        /// A varint goes on after the bits of a 64-bit number.
        case varintTooLong

        /// A length is more than what is left of a regular file after it.
        case lengthPastEnd(length: UInt64, remaining: UInt64)
    }

    /// What is wrong with the record.
    package let reason: Reason

    /// The raw bytes of the record, those included that were discarded before.
    ///
    /// Of a record with a corrupt length these are the bytes through that length, and of one that
    /// was cut short those that are there.
    package let size: Int

    /// Creates a failure.
    ///
    /// - Parameters:
    ///   - reason: What is wrong with the record.
    ///   - size: The raw bytes of the record.
    package init(_ reason: Reason, size: Int) {
        self.reason = reason
        self.size = size
    }

    /// The failure as a phrase for people.
    package var message: String {
        switch reason {
        case .recordTooLong(let limit):
            "the record is longer than --max-record allows (\(limit) bytes)"
        case .cutShort:
            "the input ended inside this record, after \(size) of its bytes"
        case .negativeLength(let length):
            "a length of \(length) cannot be; nothing after it can be framed"
        case .varintTooLong:
            "a varint length has more than 64 bits; nothing after it can be framed"
        case .lengthPastEnd(let length, let remaining):
            "a length of \(length) with \(remaining) bytes left in the file; "
                + "nothing after it can be framed"
        }
    }
}
