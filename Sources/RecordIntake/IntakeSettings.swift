package import RecordFraming
package import RecordRules

/// What a ``RecordPump`` is told: how an input is cut, and where keys come from.
package struct IntakeSettings: Sendable {
    /// How inputs are cut into records.
    package var framing: FramingConfiguration
    /// The key of records for which no other is found, or `nil` (`-k`).
    package var fixedKey: [UInt8]?
    /// Rules that find a key in the value; the first that matches counts (`--key`).
    package var keyRules: [Rule] = []
    /// What a record without a key becomes, or `nil` where that is no question.
    package var keyMissing: KeyMissing?
    /// `max.request.size` where that is what limits records, or `nil` where `--max-record` does.
    package var maxRequestSize: Int?
    /// How many records to offer before the run ends, or `nil` for all (`-c`).
    package var recordLimit: UInt64?
    /// Whether the ranges of the input that are left out of the copy are kept, for `-T`.
    package var keepsLeftOutRanges = false

    /// Creates the settings of records without keys.
    package init(framing: FramingConfiguration) { self.framing = framing }
}
