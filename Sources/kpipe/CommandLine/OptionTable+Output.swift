/// The options that say what kpipe prints, and those that belong nowhere else.
nonisolated extension OptionTable {
    static let output: [Option] = [
        Option(
            .tee,
            .output,
            letter: "T",
            "tee",
            help: "Copy each record to standard output after it is acknowledged.",
            manual: """
                Byte for byte with its framing, in input order; records that failed, whose \
                outcome is unknown or that were skipped are left out. With `acks=0` a record is \
                copied when it is written. At the end, output that nobody reads for \
                `--drain-timeout` is given up, and the status is 74.
                """
        ),
        Option(
            .report,
            .output,
            "report",
            help: "One JSON line on standard output for each acknowledged record.",
            availability: .notBuilt(instead: "-T copies each acknowledged record")
        ),
        Option(
            .sync,
            .output,
            "sync",
            help: "Acknowledge each record before reading the next.",
            availability: .notBuilt(instead: nil)
        ),
        Option(
            .check,
            .output,
            "check",
            help: "Produce nothing: run framing and rules over the input.",
            availability: .notBuilt(instead: nil)
        ),
        Option(
            .explainPartition,
            .output,
            "explain-partition",
            argument: .required("KEY"),
            help: "Print where each partitioner would put KEY.",
            availability: .notBuilt(instead: nil)
        ),
        Option(
            .progress,
            .output,
            "progress",
            help: "A progress line on a terminal.",
            availability: .notBuilt(instead: "SIGUSR1 prints a summary while kpipe runs")
        ),
        Option(
            .noProgress,
            .output,
            "no-progress",
            help: "No progress line.",
            availability: .notBuilt(instead: "there is no progress line")
        ),
        Option(
            .stats,
            .output,
            "stats",
            argument: .required("SECONDS"),
            help: "A statistics line every so often.",
            availability: .notBuilt(instead: "SIGUSR1 prints a summary while kpipe runs")
        ),
        Option(
            .quiet,
            .output,
            letter: "q",
            help: "No summary and no notices; failures still print."
        ),
        Option(
            .verbose,
            .output,
            letter: "v",
            help: "Say what kpipe is doing, and print the summary at the end."
        ),
        Option(
            .debug,
            .output,
            letter: "d",
            argument: .required("CONTEXTS"),
            help: "Protocol details: broker,topic,msg,protocol,security,eos,all.",
            manual: "A list with commas. No secret is ever printed."
        ),
        Option(
            .omitValues,
            .output,
            "omit-values",
            help: "Leave the value out of failure lines."
        ),
        Option(
            .jsonErrors,
            .output,
            "json-errors",
            help: "Notices and errors as JSON on a terminal too."
        ),
        Option(
            .drainTimeout,
            .output,
            "drain-timeout",
            argument: .required("SECONDS"),
            help: "How long the end waits for acknowledgements after a signal.",
            defaultValue: "30"
        ),
    ]

    static let others: [Option] = [
        Option(.help, .others, letter: "h", "help", help: "Print this help."),
        Option(.version, .others, letter: "V", "version", help: "Print the version."),
        Option(
            .kcat,
            .others,
            "kcat",
            help: "Take kcat's meaning where it differs.",
            availability: .notBuilt(instead: "most lines written for kcat -P work as they are")
        ),
        Option(
            .generate,
            .others,
            "generate",
            argument: .required("man|readme"),
            help: "Print the manual page, or the README's table of options.",
            availability: .developer
        ),
        accepted("l", .linesFromFile),
        accepted("P", .produce),
        accepted("E", .keepRunning),
        accepted("e", .exitAtEnd),
        accepted("u", .unbuffered),
        accepted("m", .metadataTimeout, argument: "N"),
        accepted("o", .offset, argument: "OFFSET"),
        accepted("f", .format, argument: "FORMAT"),
        otherMode("C", .consume),
        otherMode("G", .group),
        otherMode("Q", .query),
    ]

    private static func accepted(
        _ letter: Character,
        _ name: OptionName,
        argument: String? = nil
    ) -> Option {
        Option(
            name,
            .others,
            letter: letter,
            argument: argument.map { .required($0) } ?? .none,
            help: "Accepted as on a producing kcat.",
            availability: .accepted
        )
    }

    private static func otherMode(_ letter: Character, _ name: OptionName) -> Option {
        Option(
            name,
            .others,
            letter: letter,
            help: "Another mode of kcat.",
            availability: .refused("kpipe only produces; for -\(letter) use kcat")
        )
    }
}
