/// The README's table of options, from the table of options.
nonisolated package enum ReadmeTable {
    /// One Markdown table a section.
    package static var text: String {
        var text = ""
        for section in Option.Section.allCases {
            let options = OptionTable.options.filter { $0.section == section && $0.isDocumented }
            if options.isEmpty { continue }
            text += "\(text.isEmpty ? "" : "\n")| \(section.rawValue) | |\n|---|---|\n"
            for option in options {
                let ending = option.defaultValue.map { " Default: \(escaped($0))." } ?? ""
                text += "| `\(escaped(term(option)))` | \(escaped(option.help))\(ending) |\n"
            }
        }
        return text
    }

    private static func term(_ option: Option) -> String {
        var spellings = option.letter.map { ["-\($0)"] } ?? []
        spellings += option.longNames.map { "--\($0)" }
        let term = spellings.joined(separator: ", ")
        switch option.argument {
        case .none: return term
        case .required(let argument): return "\(term) \(argument)"
        case .optional(let argument): return "\(term)[=\(argument)]"
        }
    }

    /// The text without what Markdown takes for the end of a cell or for an escape.
    private static func escaped(_ text: String) -> String {
        text.replacing(#"\"#, with: #"\\"#).replacing("|", with: #"\|"#)
    }
}
