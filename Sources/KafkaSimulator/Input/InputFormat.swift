import KafkaProducer
import RecordFraming
import RecordIntake
import RecordRules

/// How the records of an input are told apart and where their keys come from, drawn from a seed.
struct InputFormat {
    /// Where keys come from.
    enum KeySource: CaseIterable {
        /// There are none.
        case none
        /// Each is the same (`-k`).
        case fixed
        /// They stand before a delimiter (`-K`).
        case split
        /// They have frames of their own (`--key-frame`).
        case frame
        /// Rules find them in the value.
        case json, word, field, regex, bytes, before, constant
    }

    let framing: Framing
    let keySource: KeySource
    let stripsCarriageReturn: Bool
    let emptyIsNull: Bool
    let skipsEmpty: Bool
    let keyMissing: KeyMissing?
    /// The key of records for which no other is found, or `nil`.
    let fixedKey: [UInt8]?
    /// The bytes between key and value where keys are split off.
    let keyDelimiter: [UInt8]
    /// The largest sum of the bytes of key and value.
    let maxRecord: Int
    /// Whether `max.request.size` is named as what limits records.
    let namesRequestSize: Bool

    /// Draws a format for values of up to a size.
    init(valueLimit: Int, maxRequestSize: Int, _ random: inout SplitMix64) {
        let framing = Self.framing(&random)
        self.framing = framing
        var sources = KeySource.allCases
        let isDelimited: Bool
        switch framing {
        case .delimited: isDelimited = true
        case .prefixed, .whole: isDelimited = false
        }
        sources.removeAll { $0 == (isDelimited ? .frame : .split) }
        keySource = sources[random.below(sources.count)]
        stripsCarriageReturn = framing == .delimited(.newline) && random.below(3) == 0
        emptyIsNull = random.below(3) == 0
        skipsEmpty = random.below(3) == 0
        let policies: [KeyMissing?] = [nil, .fail, .null, .skip]
        keyMissing = policies[random.below(4)]
        let hasDefault = random.below(4) == 0
        switch keySource {
        case .fixed: fixedKey = Array("fixed".utf8)
        case .none, .frame: fixedKey = nil
        case .split, .json, .word, .field, .regex, .bytes, .before, .constant:
            fixedKey = hasDefault ? Array("default".utf8) : nil
        }
        keyDelimiter = Array([":", "=>", "\t"][random.below(3)].utf8)
        var maxRecord = valueLimit + 80 + random.below(300)
        if case .prefixed(.u8) = framing { maxRecord = 240 }
        if random.below(4) == 0, !Self.isSmall(framing) { maxRecord = maxRequestSize + 5000 }
        self.maxRecord = maxRecord
        namesRequestSize = random.below(2) == 0
    }

    private static func framing(_ random: inout SplitMix64) -> Framing {
        let prefixes: [LengthPrefix] = [
            .u8, .u16, .u32, .u64, .u16le, .u32le, .u64le, .varint,
        ]
        switch random.below(8) {
        case 0...3: return .delimited(.newline)
        case 4: return .delimited(.null)
        case 5: return .delimited(Delimiter(Array("||".utf8)))
        case _: return .prefixed(prefixes[random.below(prefixes.count)])
        }
    }

    /// Whether a frame's length is of so few bytes that there are no large frames.
    private static func isSmall(_ framing: Framing) -> Bool {
        switch framing {
        case .prefixed(.u8), .prefixed(.u16), .prefixed(.u16le): true
        case .prefixed, .delimited, .whole: false
        }
    }

    /// The most bytes that a frame can have, or `nil` if there is no end to it.
    var frameLimit: Int? {
        switch framing {
        case .prefixed(.u8): 255
        case .prefixed(.u16), .prefixed(.u16le): 65535
        case .prefixed, .delimited, .whole: nil
        }
    }

    /// What the pump is told.
    func settings(maxRequestSize: Int) -> IntakeSettings {
        var settings = IntakeSettings(
            framing: FramingConfiguration(
                framing: framing,
                hasKeyFrames: keySource == .frame,
                keyDelimiter: keySource == .split ? keyDelimiter : nil,
                stripsCarriageReturn: stripsCarriageReturn,
                emptyIsNull: emptyIsNull,
                skipsEmpty: skipsEmpty,
                maxRecord: maxRecord
            )
        )
        settings.fixedKey = fixedKey
        settings.keyMissing = keyMissing
        settings.maxRequestSize = namesRequestSize ? maxRequestSize : nil
        settings.keyRules = rules
        return settings
    }

    private var rules: [Rule] {
        let texts: [String]
        switch keySource {
        case .none, .fixed, .split, .frame: return []
        // The first never matches: nothing has such a member.
        case .json: texts = ["json:/nothing", "json:/k"]
        case .word: texts = ["field:2"]
        case .field: texts = ["field:2:;"]
        case .regex: texts = ["regex:k=([a-z]*);"]
        case .bytes: texts = ["bytes:8-12"]
        case .before: texts = ["before:/"]
        case .constant: texts = ["regex:^never$", "const:constant"]
        }
        return texts.map { text in
            do throws(RuleSyntaxError) {
                return try Rule(Array(text.utf8))
            } catch {
                preconditionFailure("\(text) is a rule.")
            }
        }
    }

    /// Whether a record may be without a key, as far as the format is concerned.
    var canMissKey: Bool {
        switch keySource {
        case .split, .json, .word, .field, .regex, .bytes, .before: true
        case .none, .fixed, .frame, .constant: false
        }
    }

    /// What becomes of a record without a key, and which one it gets.
    var withoutKey: (fate: InputRecord.Fate, key: [UInt8]?) {
        if let fixedKey { return (.delivered, fixedKey) }
        switch keyMissing {
        case .fail, nil: return (.keyMissing, nil)
        case .null: return (.delivered, nil)
        case .skip: return (.skipped, nil)
        }
    }
}
