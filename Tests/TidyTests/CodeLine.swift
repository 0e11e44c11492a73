/// What the rules ask of one line of code.
enum CodeLine {
    /// The identifiers and keywords of the line, in order.
    static func words(_ line: String) -> [Substring] {
        line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// Whether the line holds the identifier or keyword.
    static func has(_ line: String, word: String) -> Bool {
        line.contains(word) && words(line).contains { $0 == word }
    }

    /// Whether the line calls the free function: its name, not behind a dot, and a parenthesis.
    static func calls(_ line: String, function: String) -> Bool {
        guard let call = line.firstRange(of: function + "(") else { return false }
        guard call.lowerBound > line.startIndex else { return true }
        let before = line[line.index(before: call.lowerBound)]
        return !(before.isLetter || before.isNumber || before == "_" || before == ".")
    }

    /// How many blanks the line begins with.
    static func indentation(_ line: String) -> Int {
        line.prefix { $0 == " " }.count
    }

    /// The line without its leading blanks, and without the attributes before the declaration.
    static func withoutAttributes(_ line: String) -> Substring {
        var rest = line.drop { $0 == " " }
        while rest.first == "@" {
            var depth = 0
            let end = rest.firstIndex { character in
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                return character == " " && depth == 0
            }
            rest = rest[(end ?? rest.endIndex)...].drop { $0 == " " }
        }
        return rest
    }

    /// What may stand before a declaration's keyword.
    static let modifiers: Set<Substring> = [
        "package", "private", "fileprivate", "internal", "static", "final", "mutating", "borrowing",
        "consuming", "nonisolated", "indirect", "lazy", "weak", "unowned", "override",
        "convenience",
        "required", "set", "unsafe",
    ]

    /// The words from a declaration's keyword on: `["func", "append", ...]`.
    static func declaration(_ line: String) -> [Substring] {
        Array(words(String(withoutAttributes(line))).drop { modifiers.contains($0) })
    }
}
