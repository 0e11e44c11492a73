/// What a ``RecordFramer`` must know about an input before its first byte.
package struct FramingConfiguration: Equatable, Sendable {
    /// How records are told apart.
    package let framing: Framing

    /// Whether a key frame stands before each value frame (`--key-frame`).
    package let hasKeyFrames: Bool

    /// The bytes between key and value (`-K`), or `nil` if records are not split.
    package let keyDelimiter: [UInt8]?

    /// Whether a CR before the delimiter belongs to it (`--crlf`).
    package let stripsCarriageReturn: Bool

    /// Whether an empty value is null (`-Z`).
    package let emptyIsNull: Bool

    /// Whether empty records are dropped (`--skip-empty`).
    ///
    /// A record is empty if it has no key, or a null one, and a value of no bytes. A null value is
    /// not an empty one, and neither is an empty key a missing one.
    package let skipsEmpty: Bool

    /// The largest sum of the bytes of a record's key and value (`--max-record`).
    package let maxRecord: Int

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - framing: How records are told apart.
    ///   - hasKeyFrames: Whether a key frame stands before each value frame.
    ///   - keyDelimiter: The bytes between key and value, or `nil` if records are not split.
    ///   - stripsCarriageReturn: Whether a CR before the delimiter belongs to it.
    ///   - emptyIsNull: Whether an empty value is null.
    ///   - skipsEmpty: Whether empty records are dropped.
    ///   - maxRecord: The largest sum of the bytes of key and value. A record of Kafka's has a
    ///     length of 32 bits, so more than that is taken for that.
    /// - Precondition: Key frames come with a length prefix and without a key delimiter, and the
    ///   key delimiter has at least one byte. The command refuses anything else as usage.
    package init(
        framing: Framing,
        hasKeyFrames: Bool = false,
        keyDelimiter: [UInt8]? = nil,
        stripsCarriageReturn: Bool = false,
        emptyIsNull: Bool = false,
        skipsEmpty: Bool = false,
        maxRecord: Int
    ) {
        precondition(maxRecord >= 0)
        precondition(keyDelimiter?.isEmpty != true, "A key delimiter has at least one byte.")
        if hasKeyFrames {
            precondition(keyDelimiter == nil, "A key is framed or split off, not both.")
            guard case .prefixed = framing else {
                preconditionFailure("Key frames have a length prefix.")
            }
        }
        self.framing = framing
        self.hasKeyFrames = hasKeyFrames
        self.keyDelimiter = keyDelimiter
        self.stripsCarriageReturn = stripsCarriageReturn
        self.emptyIsNull = emptyIsNull
        self.skipsEmpty = skipsEmpty
        self.maxRecord = min(maxRecord, Int(Int32.max))
    }

    /// The smallest window in which ``RecordFramer`` never asks for more, whatever the input.
    ///
    /// An input buffer of this size never fills up with an unfinished record.
    package var windowSize: Int {
        switch framing {
        case .delimited(let delimiter):
            contentLimit + (stripsCarriageReturn ? 1 : 0) + delimiter.size
        case .prefixed(let prefix):
            contentLimit + prefix.largestSize * (hasKeyFrames ? 2 : 1)
        case .whole:
            contentLimit + 1
        }
    }

    /// The most bytes that a record's content can have: what stands between the delimiters or in
    /// the frames, the key delimiter included.
    var contentLimit: Int { maxRecord + (keyDelimiter?.count ?? 0) }
}
