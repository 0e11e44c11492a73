/// A record of a simulated input, and what has to become of it.
struct InputRecord {
    /// What the one who wrote the input says has to become of a record that is read.
    enum Fate: UInt8 {
        /// It is delivered, unless brokers or signals prevent that.
        case delivered
        /// It is left out as asked.
        case skipped
        /// It is refused: longer than records may be.
        case tooLong
        /// It is refused: its batch would be larger than a request may be.
        case tooLarge
        /// It is refused: it has no key.
        case keyMissing
        /// It is refused: its key cannot be found out.
        case broken
        /// It is refused: the input ends within it.
        case cutShort
        /// It is refused: its length is nonsense, and nothing after it can be read.
        case corrupt
        /// The input ends within it, and what is there may be taken for a record.
        case cut
    }

    /// Where in the input it begins.
    var start = 0
    /// All its bytes in the input.
    var size = 0
    /// Where its key is: in the input, or, below 0, in the side bytes, counted from -1 down.
    var keyStart = 0
    /// The bytes of its key, or -1 for null.
    var keyCount = -1
    /// Where in the input its value is.
    var valueStart = 0
    /// The bytes of its value, or -1 for null.
    var valueCount = -1
    var fate = Fate.delivered
}
