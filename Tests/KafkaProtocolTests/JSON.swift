/// A JSON value, as far as the fixtures need it: no numbers but integers, no escapes but `\"`.
enum JSON {
    case object([(key: String, value: JSON)])
    case string(String)
    case integer(Int64)

    /// Reads a document that is ours, so whatever is wrong with it traps.
    init(_ text: [UInt8]) {
        var rest = text[...]
        self = Self.value(&rest)
    }

    /// The members of an object.
    var members: [(key: String, value: JSON)] {
        guard case .object(let members) = self else { preconditionFailure("not an object") }
        return members
    }

    /// The text of a string.
    var text: String {
        guard case .string(let text) = self else { preconditionFailure("not a string") }
        return text
    }

    /// The member of an object with a key.
    subscript(key: String) -> JSON {
        guard let member = members.first(where: { $0.key == key }) else {
            preconditionFailure("no member \(key)")
        }
        return member.value
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) -> JSON {
        skipSpace(&rest)
        switch rest.first {
        case UInt8(ascii: "{"):
            return object(&rest)
        case UInt8(ascii: "\""):
            return .string(string(&rest))
        default:
            let digits = rest.prefix { $0 == UInt8(ascii: "-") || (48...57).contains($0) }
            rest.removeFirst(digits.count)
            guard let number = Int64(String(decoding: digits, as: UTF8.self)) else {
                preconditionFailure("not a value")
            }
            return .integer(number)
        }
    }

    private static func object(_ rest: inout ArraySlice<UInt8>) -> JSON {
        var members: [(key: String, value: JSON)] = []
        repeat {
            rest.removeFirst()  // The brace, or the comma.
            skipSpace(&rest)
            let key = string(&rest)
            skipSpace(&rest)
            precondition(rest.removeFirst() == UInt8(ascii: ":"))
            members.append((key, value(&rest)))
            skipSpace(&rest)
        } while rest.first == UInt8(ascii: ",")
        precondition(rest.removeFirst() == UInt8(ascii: "}"))
        return .object(members)
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) -> String {
        precondition(rest.removeFirst() == UInt8(ascii: "\""))
        var bytes: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            bytes.append(byte == UInt8(ascii: "\\") ? rest.removeFirst() : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func skipSpace(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.drop { $0 == 32 || $0 == 10 }
    }
}
