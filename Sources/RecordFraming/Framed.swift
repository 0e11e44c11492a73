/// What ``RecordFramer/next(_:atEnd:remainingFileBytes:)`` found at the front of the window.
///
/// Each case with a `size` says how many bytes the caller takes off the front of the window before
/// it asks again. Each `record`, `skipped`, `failed` and `broken` is one record of the input.
package enum Framed: Equatable, Sendable {
    /// A whole record.
    case record(FramedRecord)

    /// An empty record that is to be dropped (`--skip-empty`).
    case skipped(size: Int)

    /// A record that cannot be delivered; what follows it can.
    ///
    /// The failure has the size of the whole record; `size` is what of it is still in the window.
    case failed(FramingFailure, size: Int)

    /// No whole record is there yet; ask again when the window is longer or the input has ended.
    case needsMore

    /// Bytes from the middle of a record that is too long, to be forgotten; its failure follows.
    case discarding(size: Int)

    /// The input is over: there are no more records in it.
    case ended

    /// A record that cannot be delivered, and after which nothing can be framed: the FILE ends.
    ///
    /// `size` is what of the record was read and is still in the window: up to and including the
    /// length that is wrong, or all there is of a record that was cut short.
    case broken(FramingFailure, size: Int)
}

/// A record in the window, to be copied out of it before the window moves.
package struct FramedRecord: Equatable, Sendable {
    /// The key, or `nil` if none was framed or split off: `-k` or `--key-missing` decides then.
    package let key: FramedField?

    /// The value.
    package let value: FramedField

    /// The raw bytes of the record: prefixes, key and delimiters included.
    package let size: Int

    /// Creates a record.
    ///
    /// - Parameters:
    ///   - key: The key, or `nil` if there is none.
    ///   - value: The value.
    ///   - size: The raw bytes of the record.
    @inline(__always)
    package init(key: FramedField?, value: FramedField, size: Int) {
        self.key = key
        self.value = value
        self.size = size
    }
}

/// A key or a value: null, or bytes in the window.
package enum FramedField: Equatable, Sendable {
    /// Kafka's null, which is not the empty string.
    case null

    /// The bytes at these indices of the window, perhaps none.
    case range(Range<Int>)

    /// How many bytes the field has; a null has none.
    package var byteCount: Int {
        switch self {
        case .null: 0
        case .range(let range): range.count
        }
    }
}
