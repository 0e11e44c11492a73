/// Writes the language of man(7), in which manual pages are.
nonisolated struct Roff {
    /// What has been written.
    private(set) var text = ""

    /// Writes a line as it stands.
    mutating func macro(_ line: String) {
        text += line + "\n"
    }

    /// Begins a section.
    mutating func heading(_ title: String) {
        macro(".SH \(title)")
    }

    /// Begins a part of a section.
    mutating func subheading(_ title: String) {
        macro(".SS \(title)")
    }

    /// Writes paragraphs, which blank lines separate.
    ///
    /// - Parameter marked: Text in which backticks mark what is typed.
    mutating func paragraphs(_ marked: String) {
        for paragraph in marked.split(separator: "\n\n") {
            macro(".PP")
            fill(String(paragraph))
        }
    }

    /// Writes a term and, indented, what it means.
    mutating func entry(_ term: String, _ marked: String) {
        macro(".TP")
        macro(term)
        fill(marked)
    }

    /// Writes more about the last term.
    mutating func continuation(_ marked: String) {
        for paragraph in marked.split(separator: "\n\n") {
            macro(".IP")
            fill(String(paragraph))
        }
    }

    /// Writes lines that are shown as they are.
    mutating func example(_ lines: String) {
        macro(".PP")
        macro(".RS 4")
        macro(".nf")
        for line in lines.split(separator: "\n") { macro(Self.guarded(Self.escaped(String(line)))) }
        macro(".fi")
        macro(".RE")
    }

    /// Text for a term that is typed as it stands.
    static func bold(_ text: String) -> String {
        #"\fB"# + escaped(text) + #"\fR"#
    }

    /// Text for a term that stands for something else.
    static func italic(_ text: String) -> String {
        #"\fI"# + escaped(text) + #"\fR"#
    }

    private mutating func fill(_ marked: String) {
        for line in TextColumns.wrap(marked, width: 78) { macro(Self.guarded(formatted(line))) }
    }

    /// Whether a backtick was seen whose partner is in a later line.
    private var isTyped = false

    private mutating func formatted(_ line: String) -> String {
        var text = ""
        for character in line {
            if character == "`" {
                isTyped.toggle()
                text += isTyped ? #"\fB"# : #"\fR"#
            } else {
                text += Self.escaped(String(character))
            }
        }
        return text
    }

    /// The text with what means something to roff taken literally.
    ///
    /// A hyphen is escaped so that it is not set as a dash, which nobody could paste.
    private static func escaped(_ text: String) -> String {
        text.replacing(#"\"#, with: #"\e"#).replacing("-", with: #"\-"#)
    }

    /// A line that roff does not take for a request.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? #"\&"# + line : line
    }
}
