/// One option of the command line.
///
/// The command line is parsed with ``OptionTable``, and `--help`, the manual page and the README's
/// table are written from it, so that none of them can say what another does not.
nonisolated package struct Option: Sendable {
    /// What an option is about, which is the heading it stands under.
    package enum Section: String, CaseIterable, Sendable {
        case destination = "Where to"
        case framing = "Record framing"
        case keys = "Keys"
        case headers = "Headers and routing"
        case output = "Output"
        case configuration = "Configuration"
        case loading = "Loading exactly once"
        case others = "Other options"
    }

    /// Whether an option takes an argument, and what the help calls it.
    package enum Argument: Hashable, Sendable {
        case none
        case required(String)

        /// With a long name the argument follows `=`.
        case optional(String)
    }

    /// What becomes of an option that is typed.
    package enum Availability: Hashable, Sendable {
        /// It does what its help says.
        case built

        /// It is refused, and what to do instead is said where there is something.
        case notBuilt(instead: String?)

        /// It changes nothing, so that a line written for kcat can be pasted.
        case accepted

        /// It is refused with this sentence.
        case refused(String)

        /// It serves the makers of kpipe, and is not in the help.
        case developer
    }

    /// The option's identity.
    package let name: OptionName

    /// The heading the option stands under.
    package let section: Section

    /// The one-letter spelling, or `nil` if there is none.
    package let letter: Character?

    /// The long spellings without their hyphens, the preferred one first.
    package let longNames: [String]

    /// Whether there is an argument.
    package let argument: Argument

    /// What the option does, for `--help`: one or two sentences without markup.
    package let help: String

    /// What the manual says beyond the help: paragraphs in which backticks mark what is typed.
    package let manual: String

    /// What holds without the option, or `nil` if that goes without saying.
    package let defaultValue: String?

    /// Whether the option does anything.
    package let availability: Availability

    /// Creates an option.
    package init(
        _ name: OptionName,
        _ section: Section,
        letter: Character? = nil,
        _ longNames: String...,
        argument: Argument = .none,
        help: String,
        manual: String = "",
        defaultValue: String? = nil,
        availability: Availability = .built
    ) {
        precondition(letter != nil || !longNames.isEmpty, "An option can be typed.")
        self.name = name
        self.section = section
        self.letter = letter
        self.longNames = longNames
        self.argument = argument
        self.help = help
        self.manual = manual
        self.defaultValue = defaultValue
        self.availability = availability
    }

    /// The spelling that messages use: the long one, where there is one.
    package var spelling: String {
        if let name = longNames.first { return "--\(name)" }
        return letter.map { "-\($0)" } ?? ""
    }

    /// Whether help and manual show the option.
    package var isDocumented: Bool {
        switch availability {
        case .built: true
        case .notBuilt, .accepted, .refused, .developer: false
        }
    }
}

/// The identity of each option of ``OptionTable``.
nonisolated package enum OptionName: Int, CaseIterable, Sendable {
    // Where to.
    case brokers, topic, partition, partitioner, compression, list, createTopic

    // Record framing.
    case delimiter, null, crlf, framing, keyFrame, maxRecord, emptyIsNull, skipEmpty, count
    case decompress, noDecompress

    // Keys.
    case fixedKey, keyDelimiter, key, keyMissing

    // Headers and routing.
    case fixedHeader, header, topicFrom, partitionFrom, timestampFrom, originHeaders, json, replay

    // Output.
    case tee, report, sync, check, explainPartition, progress, noProgress, stats
    case quiet, verbose, debug, omitValues, jsonErrors, drainTimeout

    // Configuration.
    case property, configurationFile

    // Loading exactly once.
    case job, commitInterval, commitBytes

    // Other options.
    case help, version, kcat, generate
    case linesFromFile, produce, keepRunning, exitAtEnd, unbuffered, metadataTimeout
    case offset, format
    case consume, group, query
}
