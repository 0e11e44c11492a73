package import KafkaProducer
package import RecordFraming
package import RecordRules

/// What a command line means: everything a run has to know, checked.
nonisolated package struct CommandConfiguration: Sendable {
    /// What a record without a key becomes.
    package enum KeyMissing: String, CaseIterable, Sendable {
        case fail, null, skip
    }

    /// How much kpipe says on standard error.
    package enum Verbosity: Sendable {
        /// Failures and errors only (`-q`).
        case quiet

        case normal

        /// What it is doing, and the summary at the end (`-v`).
        case verbose
    }

    /// A field of protocol details, by kcat's name for it.
    package enum DebugContext: String, CaseIterable, Sendable {
        case broker, topic, msg, `protocol`, security, eos
    }

    /// An input to read.
    package enum Input: Equatable, Sendable {
        case standardInput

        /// The file of a path, which is raw bytes.
        case file([UInt8])

        /// The name that failures and the summary call the input by; standard input is `-`.
        package var name: [UInt8] {
            switch self {
            case .standardInput: [UInt8(ascii: "-")]
            case .file(let path): path
            }
        }
    }

    /// The topic, whose name is legal.
    package let topic: String

    /// The inputs in the order in which they are read, at least one.
    package let inputs: [Input]

    /// How inputs are cut into records.
    package let framing: FramingConfiguration

    /// Whether `--max-record` set the limit, and not what `max.request.size` leaves.
    package let maxRecordWasSet: Bool

    /// After how many records to stop, or `nil` to go on to the end; 0 is possible.
    package let recordLimit: UInt64?

    /// The key of a record that no rule gives one, or `nil` (`-k`).
    package let fixedKey: [UInt8]?

    /// Where keys are taken from the value; empty without `--key`.
    package let keyRules: RuleSet

    /// What a record without a key becomes, or `nil` where that is no question: neither `-K` nor
    /// `--key` was given, or `-k` is there for it.
    package let keyMissing: KeyMissing?

    /// Whether acknowledged records are copied to standard output.
    package let tee: Bool

    /// How much to say.
    package let verbosity: Verbosity

    /// What to give details of.
    package let debugContexts: Set<DebugContext>

    /// Whether values are left out of failure lines.
    package let omitsValues: Bool

    /// Whether notices and errors are JSON on a terminal too.
    package let jsonErrors: Bool

    /// How long the end waits for acknowledgements after a signal.
    package let drainTimeout: Duration

    /// What the producer works with, the fixed partition included.
    package let producer: ProducerConfiguration

    /// What there is to tell about the configuration.
    package let remarks: [Configuration.Remark]

    /// kcat's own file, or `nil`; see ``Configuration/unreadKcatFile``.
    package let unreadKcatFile: [UInt8]?

    /// Interprets a command line whose options are all built.
    ///
    /// - Parameters:
    ///   - invocation: What was typed.
    ///   - configuration: The configuration in force.
    /// - Throws: A usage error for what cannot be meant.
    package init(
        _ invocation: Invocation,
        _ configuration: Configuration
    ) throws(CommandError) {
        topic = try Self.topic(invocation)
        inputs = invocation.files.isEmpty ? [.standardInput] : invocation.files.map(Self.input)
        framing = try Self.framing(
            invocation,
            maxRequestSize: configuration.producer.maxRequestSize
        )
        maxRecordWasSet = invocation.has(.maxRecord)
        recordLimit = try invocation.number(.count, in: 0...UInt64.max)
        fixedKey = invocation.argument(.fixedKey)
        keyRules = try Self.keyRules(invocation)
        keyMissing = try Self.keyMissing(invocation)
        tee = invocation.has(.tee)
        verbosity = Self.verbosity(invocation)
        debugContexts = try Self.debugContexts(invocation)
        omitsValues = invocation.has(.omitValues)
        jsonErrors = invocation.has(.jsonErrors)
        drainTimeout = try Self.drainTimeout(invocation)
        var producer = configuration.producer
        producer.fixedPartition = try Self.partition(invocation)
        self.producer = producer
        remarks = configuration.remarks
        unreadKcatFile = configuration.unreadKcatFile
    }
}

// MARK: - Where to

nonisolated extension CommandConfiguration {
    private static func topic(_ invocation: Invocation) throws(CommandError) -> String {
        guard let argument = invocation.argument(.topic) else {
            throw .usage("which topic? Name it with -t TOPIC; see kpipe --help")
        }
        let name = String(readable: argument)
        // The rule of the brokers, which would refuse anything else later and in other words.
        let isLegal = argument.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isLegal, (1...249).contains(argument.count), name != ".", name != ".." else {
            throw .usage(
                "a topic is named by 1 to 249 of the letters a-z A-Z 0-9 . _ -, not by \"\(name)\""
            )
        }
        return name
    }

    private static func partition(_ invocation: Invocation) throws(CommandError) -> Int32? {
        guard let argument = invocation.argument(.partition) else { return nil }
        let text = String(readable: argument)
        guard let number = Int32(text), number >= -1 else {
            throw .usage("--partition \(text): a number from -1 to \(Int32.max) is expected")
        }
        return number == -1 ? nil : number
    }

    private static func input(_ file: [UInt8]) -> Input {
        file == [UInt8(ascii: "-")] ? .standardInput : .file(file)
    }
}

// MARK: - Output

nonisolated extension CommandConfiguration {
    private static func verbosity(_ invocation: Invocation) -> Verbosity {
        guard let last = invocation.last(.quiet, .verbose) else { return .normal }
        return last.name == .quiet ? .quiet : .verbose
    }

    private static func debugContexts(
        _ invocation: Invocation
    ) throws(CommandError) -> Set<DebugContext> {
        guard let argument = invocation.argument(.debug) else { return [] }
        var contexts: Set<DebugContext> = []
        for word in String(readable: argument).split(separator: ",") {
            if word == "all" {
                contexts.formUnion(DebugContext.allCases)
            } else if let context = DebugContext(rawValue: String(word)) {
                contexts.insert(context)
            } else {
                let names = DebugContext.allCases.map(\.rawValue).joined(separator: ", ")
                throw .usage("-d \(word): the contexts are \(names) and all")
            }
        }
        return contexts
    }

    private static func drainTimeout(_ invocation: Invocation) throws(CommandError) -> Duration {
        guard let argument = invocation.argument(.drainTimeout) else { return .seconds(30) }
        let text = String(readable: argument)
        guard let duration = Duration(decimal: text, nanosecondsPerUnit: 1_000_000_000) else {
            throw .usage("--drain-timeout \(text): a number of seconds is expected")
        }
        return duration
    }
}
