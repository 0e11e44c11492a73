/// The text of `--help`, from the table of options.
nonisolated package enum Help {
    /// The lines that show what kpipe is for, above the options.
    package static let examples = [
        "tail -f app.log | kpipe -t logs",
        "kpipe -t events --key json:/user/id a.ndjson b.ndjson",
        "producer | kpipe -t raw -T | next",
    ]

    /// The column in which explanations begin.
    private static let column = 30

    /// The whole text, in lines of at most 80 columns.
    package static var text: String {
        var text = """
            Usage: kpipe [OPTION]... -t TOPIC [FILE]...
            Produce the records of each FILE to an Apache Kafka topic, exactly as they are.
            Without FILE, or where FILE is -, read standard input.


            """
        for example in examples { text += "  \(example)\n" }
        for section in Option.Section.allCases {
            let options = OptionTable.options.filter { $0.section == section && $0.isDocumented }
            if options.isEmpty { continue }
            text += "\n\(section.rawValue):\n"
            for option in options {
                let ending = option.defaultValue.map { " [\($0)]" } ?? ""
                text += TextColumns.entry(
                    "  " + term(option),
                    option.help + ending,
                    column: column
                )
            }
        }
        return text + rules + ending + "\nBuilt in:\n" + Version.features
    }

    /// The option's spellings with its argument: `-b, --brokers HOST[:PORT],...`.
    private static func term(_ option: Option) -> String {
        var spellings: [String] = []
        if let letter = option.letter { spellings.append("-\(letter)") }
        if let name = option.longNames.first { spellings.append("--\(name)") }
        let indentation = option.letter == nil ? "    " : ""
        let term = indentation + spellings.joined(separator: ", ")
        switch option.argument {
        case .none: return term
        case .required(let argument): return "\(term) \(argument)"
        case .optional(let argument): return "\(term)[=\(argument)]"
        }
    }

    private static var rules: String {
        var text = "\nRules:\n"
        for rule in RuleTable.rules {
            text += TextColumns.entry("  " + rule.form, rule.help, column: column)
        }
        return text
    }

    private static let ending = """

        Exit status: 0 all acknowledged, 64 usage, 65 some records failed, 66 no such
        input, 69 brokers away, 74 input or output failed, 75 outcome unknown, 76
        protocol, 77 access refused, 78 configuration, 128+n ended by signal n.
        Failures are JSON lines on standard error. See man kpipe.

        """
}
