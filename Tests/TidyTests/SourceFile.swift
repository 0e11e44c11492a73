/// One file of the repository, as the rules see it.
struct SourceFile: Sendable {
    /// The path from the repository's root, with slashes.
    let path: String
    /// The lines as they stand.
    let lines: [String]
    /// The lines with comments and the contents of strings blanked, column for column.
    ///
    /// Of a file that is neither Swift nor C these are the lines themselves.
    let code: [String]

    init(_ path: String, _ text: String) {
        self.path = path
        lines = SourceFile.split(text)
        let blanks = path.hasSuffix(".swift") || path.hasSuffix(".c") || path.hasSuffix(".h")
        code = blanks ? SourceFile.split(CodeText.blanked(text)) : lines
    }

    /// The file's name with its extension.
    var name: String {
        String(path.split(separator: "/").last ?? "")
    }

    /// The folder below `Sources` or `Tests` that holds the file, which is the name of its target,
    /// or `nil` for a file elsewhere.
    var target: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
        return String(parts[1])
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isMarkdown: Bool { path.hasSuffix(".md") }
    var isSource: Bool { path.hasPrefix("Sources/") }

    /// The place of a line, as compilers write it.
    func place(_ index: Int) -> String {
        "\(path):\(index + 1)"
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
