/// Blanks what is not code, so that the rules can look for words without being misled by prose.
///
/// Comments and the contents of string literals become spaces; line breaks stay, so that lines and
/// columns do not move. Code inside an interpolation stays. Regular expression literals are not
/// known to it, and nothing here uses them.
struct CodeText {
    private enum Mode {
        /// Code; inside an interpolation with the parentheses that are open in it.
        case code(parentheses: Int)
        case string(hashes: Int, isMultiline: Bool)
        case lineComment
        case blockComment(depth: Int)
    }

    private let bytes: [UInt8]
    private var output: [UInt8] = []
    private var modes: [Mode] = [.code(parentheses: 0)]
    private var index = 0

    /// The text with everything but code blanked.
    static func blanked(_ text: String) -> String {
        var scanner = CodeText(bytes: Array(text.utf8))
        while scanner.index < scanner.bytes.count { scanner.step() }
        return String(decoding: scanner.output, as: UTF8.self)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count)
    }

    private mutating func step() {
        switch modes[modes.count - 1] {
        case .code(let parentheses): stepInCode(parentheses)
        case .string(let hashes, let isMultiline): stepInString(hashes, isMultiline)
        case .lineComment:
            if bytes[index] == UInt8(ascii: "\n") { modes.removeLast() }
            blank(1)
        case .blockComment(let depth): stepInBlockComment(depth)
        }
    }

    private mutating func stepInCode(_ parentheses: Int) {
        if starts("//") {
            modes.append(.lineComment)
        } else if starts("/*") {
            modes.append(.blockComment(depth: 1))
            blank(2)
        } else if let quote = openingQuote() {
            modes.append(.string(hashes: quote.hashes, isMultiline: quote.isMultiline))
            keep(quote.hashes + (quote.isMultiline ? 3 : 1))
        } else if bytes[index] == UInt8(ascii: ")"), parentheses == 0, modes.count > 1 {
            modes.removeLast()
            blank(1)
        } else {
            let change = starts("(") ? 1 : starts(")") ? -1 : 0
            modes[modes.count - 1] = .code(parentheses: parentheses + change)
            keep(1)
        }
    }

    private mutating func stepInString(_ hashes: Int, _ isMultiline: Bool) {
        let pounds = String(repeating: "#", count: hashes)
        let quote = isMultiline ? "\"\"\"" : "\""
        if starts("\\" + pounds + "(") {
            modes.append(.code(parentheses: 0))
            blank(2 + hashes)
        } else if starts("\\" + pounds) {
            blank(min(2 + hashes, bytes.count - index))
        } else if starts(quote + pounds) {
            modes.removeLast()
            keep(quote.utf8.count + hashes)
        } else {
            // A plain string ends with its line, if only because the file is broken.
            if starts("\n"), !isMultiline { modes.removeLast() }
            blank(1)
        }
    }

    private mutating func stepInBlockComment(_ depth: Int) {
        if starts("/*") {
            modes[modes.count - 1] = .blockComment(depth: depth + 1)
            blank(2)
        } else if starts("*/") {
            modes.removeLast()
            if depth > 1 { modes.append(.blockComment(depth: depth - 1)) }
            blank(2)
        } else {
            blank(1)
        }
    }

    /// The quote that opens a string here, with the number signs before it, or `nil` if none does.
    private func openingQuote() -> (hashes: Int, isMultiline: Bool)? {
        var quote = index
        while quote < bytes.count, bytes[quote] == UInt8(ascii: "#") { quote += 1 }
        guard quote < bytes.count, bytes[quote] == UInt8(ascii: "\"") else { return nil }
        let isMultiline = bytes[quote...].starts(with: "\"\"\"".utf8)
        return (quote - index, isMultiline)
    }

    private func starts(_ text: String) -> Bool {
        bytes[index...].starts(with: text.utf8)
    }

    private mutating func keep(_ count: Int) {
        output += bytes[index..<index + count]
        index += count
    }

    private mutating func blank(_ count: Int) {
        for byte in bytes[index..<index + count] {
            output.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
        }
        index += count
    }
}
