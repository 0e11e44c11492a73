/// Text in columns, for a terminal.
nonisolated package enum TextColumns {
    /// Breaks text at blanks into lines.
    ///
    /// - Parameters:
    ///   - text: Words of ASCII. A word that is longer than a line gets one of its own.
    ///   - width: How many characters a line has at most.
    /// - Returns: The lines, without their newlines; none for text without words.
    package static func wrap(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// Puts a term to the left of its explanation, or above it where it is too long for that.
    ///
    /// - Parameters:
    ///   - term: What is explained, with its indentation.
    ///   - explanation: The text, which is wrapped.
    ///   - column: Where the explanation begins.
    ///   - width: How many characters a line has at most.
    /// - Returns: Lines, each with its newline.
    package static func entry(
        _ term: String,
        _ explanation: String,
        column: Int,
        width: Int = 80
    ) -> String {
        var lines = wrap(explanation, width: width - column).map {
            String(repeating: " ", count: column) + $0
        }
        if term.count + 2 <= column, let first = lines.first {
            lines[0] = term + first.dropFirst(term.count)
        } else {
            lines.insert(term, at: 0)
        }
        return lines.map { "\($0)\n" }.joined()
    }
}
