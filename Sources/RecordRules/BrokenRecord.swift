/// Why a rule could not search a record.
///
/// This is not a record without the wanted bytes. Whether they are there cannot be known, so
/// neither the next rule nor a default may step in: a truncated document must not get another key
/// than the whole one.
package enum BrokenRecord: Error, Hashable, Sendable {
    /// The record's JSON has a flaw at this byte, before the end of the value wanted.
    case json(JSONFlaw, byteOffset: Int)

    /// The regular expression needs more memory for this record than there is.
    case regexGaveUp

    /// The expression in Perl's syntax needs more work or memory for this record than it may take.
    case pcreGaveUp
}

extension BrokenRecord: CustomStringConvertible {
    package var description: String {
        switch self {
        case .json(let flaw, let byteOffset): "broken JSON at byte \(byteOffset): \(flaw)"
        case .regexGaveUp: "the regular expression ran out of memory"
        case .pcreGaveUp: "the regular expression reached PCRE2's limit of work or memory"
        }
    }
}

/// A way in which bytes are not JSON, after RFC 8259.
package enum JSONFlaw: Hashable, Sendable {
    /// The record ends before the value does.
    case endsEarly
    /// No value begins with this byte.
    case valueExpected
    /// A member's name is a string.
    case nameExpected
    /// A colon stands between name and value.
    case colonExpected
    /// After a member stands a comma or the object's end.
    case memberEndExpected
    /// After an element stands a comma or the array's end.
    case elementEndExpected
    /// A word other than `true`, `false` and `null`.
    case badLiteral
    /// A number that JSON writes otherwise: `01`, `+1`, `.5`, `0x1F`, `1.`.
    case badNumber
    /// A backslash before something that JSON does not escape; the byte is the backslash.
    case badEscape
    /// A byte below 0x20 in a string.
    case controlCharacter
    /// A container in ``JSONWalk/nestingLimit`` others.
    case nestedTooDeep
}

extension JSONFlaw: CustomStringConvertible {
    package var description: String {
        switch self {
        case .endsEarly: "the record ends inside a value"
        case .valueExpected: "a value was expected"
        case .nameExpected: "a member name in double quotes was expected"
        case .colonExpected: "a colon was expected"
        case .memberEndExpected: "a comma or } was expected"
        case .elementEndExpected: "a comma or ] was expected"
        case .badLiteral: "only true, false and null are words of JSON"
        case .badNumber: "not a number as JSON writes them"
        case .badEscape: "not an escape sequence of JSON"
        case .controlCharacter: "a control character in a string must be escaped"
        case .nestedTooDeep: "nested deeper than \(JSONWalk.nestingLimit)"
        }
    }
}
