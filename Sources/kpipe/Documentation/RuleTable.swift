/// The rules that extract bytes from a record, as the documentation shows them.
nonisolated package enum RuleTable {
    /// A kind of rule.
    package struct Row: Sendable {
        /// How it is written.
        package let form: String

        /// What it matches, for the help.
        package let help: String

        /// What it matches, for the manual: in its inline markup.
        package let manual: String

        /// One that somebody could use.
        package let example: String
    }

    /// The kinds of rules that are built.
    package static let rules: [Row] = [
        Row(
            form: "json:POINTER",
            help: "RFC 6901 pointer into a JSON value.",
            manual: """
                RFC 6901 pointer into a JSON value: a string gives its decoded bytes, numbers and \
                literals their text, objects and arrays their text as it stands. A missing member \
                or JSON null does not match, nor does a string with a lone surrogate; of \
                duplicate members the first counts. JSON that is broken on the way to the pointer \
                fails its record.
                """,
            example: "json:/user/id"
        ),
        Row(
            form: "field:N[:SEP]",
            help: "N-th field, from 1, or from the end if negative; split at blanks or each SEP.",
            manual: """
                The N-th field, from 1, negative from the end. Fields are split at runs of blanks \
                as by `awk`, with `:SEP` at each SEP.
                """,
            example: "field:2:,"
        ),
        Row(
            form: "regex:ERE",
            help: "POSIX extended expression: its first group, or all of the match.",
            manual: """
                POSIX extended regular expression on the bytes: group 1, or the whole match \
                without a group.
                """,
            example: "regex:user=([a-z0-9]+)"
        ),
        Row(
            form: "pcre:REGEX",
            help: "The same with an expression in Perl's syntax, and faster.",
            manual: """
                The same with Perl's syntax, by PCRE2, which makes machine code of the expression \
                and is many times faster. It works on bytes unless it begins with `(*UTF)`. A \
                record for which it reaches PCRE2's limit of work or memory fails. A kpipe built \
                without PCRE2 refuses the rule; `--version` tells.
                """,
            example: #"pcre:\buser=(\w+)"#
        ),
        Row(
            form: "bytes:FROM-TO",
            help: "Bytes FROM, from 0, up to TO.",
            manual: """
                Bytes FROM to TO, from 0, TO exclusive; either end may be left out.
                """,
            example: "bytes:0-8"
        ),
        Row(
            form: "before:DELIM",
            help: "What stands before the first DELIM; the value stays whole.",
            manual: "What stands before the first DELIM; the value stays whole.",
            example: "before::"
        ),
        Row(
            form: "const:TEXT",
            help: "Always TEXT.",
            manual: "Always TEXT.",
            example: "const:eu-west"
        ),
    ]
}
