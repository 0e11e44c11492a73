/// A line of JSON, as kpipe and its sandbox write them.
enum JSON: Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case null
    case boolean(Bool)
    case integer(Int)
    case decimal(String)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(stringLiteral text: String) { self = .string(text) }
    init(integerLiteral number: Int) { self = .integer(number) }

    /// Reads a line; `nil` if it is not one value of JSON.
    init?(_ line: some StringProtocol) {
        var rest = Array(line.utf8)[...]
        guard let value = Self.value(&rest), rest.isEmpty else { return nil }
        self = value
    }

    /// A member of an object, or `nil` if there is none.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text of a string.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The bytes that a string or `{"base64":"..."}` stands for, or `nil` for null.
    var bytes: [UInt8]? {
        if let text { return Array(text.utf8) }
        return self["base64"]?.text.map { Self.decoded($0) }
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) -> JSON? {
        switch rest.first {
        case UInt8(ascii: "{"):
            var members: [String: JSON] = [:]
            let isWhole = list(&rest, until: "}") { rest in
                guard let name = string(&rest), rest.popFirst() == UInt8(ascii: ":"),
                    let value = value(&rest), members[name] == nil
                else { return false }
                members[name] = value
                return true
            }
            return isWhole ? .object(members) : nil
        case UInt8(ascii: "["):
            var elements: [JSON] = []
            let isWhole = list(&rest, until: "]") { rest in
                guard let value = value(&rest) else { return false }
                elements.append(value)
                return true
            }
            return isWhole ? .array(elements) : nil
        case UInt8(ascii: "\""): return string(&rest).map { .string($0) }
        default: return literal(&rest)
        }
    }

    private static func list(
        _ rest: inout ArraySlice<UInt8>,
        until end: Unicode.Scalar,
        _ element: (inout ArraySlice<UInt8>) -> Bool
    ) -> Bool {
        rest.removeFirst()
        if rest.first == UInt8(ascii: end) { return rest.popFirst() != nil }
        while element(&rest) {
            let next = rest.popFirst()
            if next == UInt8(ascii: end) { return true }
            guard next == UInt8(ascii: ",") else { return false }
        }
        return false
    }

    private static func literal(_ rest: inout ArraySlice<UInt8>) -> JSON? {
        let word = rest.prefix { !",]}".utf8.contains($0) }
        rest = rest.dropFirst(word.count)
        let text = String(decoding: word, as: UTF8.self)
        switch text {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default:
            if let number = Int(text) { return .integer(number) }
            return Double(text) == nil ? nil : .decimal(text)
        }
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let unescaped = unescaped(&rest) else { return nil }
                bytes += unescaped
            case 0..<0x20: return nil
            default: bytes.append(byte)
            }
        }
        return nil
    }

    private static func unescaped(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        switch rest.popFirst() {
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            let digits = String(decoding: rest.prefix(4), as: UTF8.self)
            rest = rest.dropFirst(4)
            return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init).map {
                Array("\($0)".utf8)
            }
        case let byte?: return [byte]
        case nil: return nil
        }
    }

    private static func decoded(_ base64: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let digits = base64.compactMap { alphabet.firstIndex(of: $0) }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 4) {
            let group = digits[start..<min(start + 4, digits.count)]
            let number = group.reduce(0) { $0 << 6 | $1 } << (6 * (4 - group.count))
            bytes += (0..<group.count - 1).map {
                UInt8(truncatingIfNeeded: number >> (16 - 8 * $0))
            }
        }
        return bytes
    }
}
