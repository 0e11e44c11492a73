import CGetopt
import Glibc

/// What the command line of the simulator says.
///
/// glibc keeps the state of a parse in globals, so there is one parse, of the process's own
/// arguments, before any task is started; its strings live as long as the process. That is what
/// makes the unsafe calls sound.
@safe struct SimulatorOptions {
    /// Why a command line is refused.
    struct UsageError: Error {
        let message: String
    }

    /// The one seed to run, or `nil` to run many.
    var seed: UInt64?
    /// How many seeds to run.
    var seedCount: UInt64 = 1000
    /// The first of them.
    var firstSeed: UInt64 = 0
    /// How many seeds run at a time, or `nil` for as many as there are processors.
    var jobCount: Int?
    /// Whether runs are huge.
    var isBig = false
    /// Whether everything that happens is printed.
    var isTracing = false
    /// Whether every mutant is to be hunted.
    var huntsMutants = false
    /// The name of the one mutant to hunt, or `nil`.
    var mutant: String?
    /// Whether each turn is printed, too.
    var tracesTurns = false
    /// Whether the help is wanted, and nothing else.
    var wantsHelp = false

    private enum Name: Int32, CaseIterable {
        // From here on, above all letters.
        case seed = 256
        case seeds, from, jobs, big, trace, turns, mutants, mutant, help

        var text: String { "\(self)" }

        var takesValue: Bool {
            switch self {
            case .seed, .seeds, .from, .jobs, .mutant: true
            case .big, .trace, .turns, .mutants, .help: false
            }
        }
    }

    /// Reads the arguments of the process.
    init() throws(UsageError) {
        var names: [CGetopt.option] = unsafe Name.allCases.map { name in
            unsafe CGetopt.option(
                name: strdup(name.text),
                has_arg: name.takesValue ? 1 : 0,
                flag: nil,
                val: name.rawValue
            )
        }
        unsafe names.append(CGetopt.option())
        command_line_restart()
        while true {
            let step = unsafe command_line_next(
                CommandLine.argc,
                CommandLine.unsafeArgv,
                ":h",
                names
            )
            let next = unsafe Int(step.next)
            if unsafe step.result == -1 {
                guard next >= CommandLine.argc else {
                    throw UsageError(message: "\(CommandLine.arguments[next]): not an option")
                }
                return
            }
            let word = CommandLine.arguments[min(max(next - 1, 1), CommandLine.arguments.count - 1)]
            guard let name = unsafe Self.name(of: step.result) else {
                throw UsageError(message: "\(word): no such option, or its value is missing")
            }
            try set(name, to: unsafe step.argument.map { unsafe String(cString: $0) } ?? "")
        }
    }

    private static func name(of result: Int32) -> Name? {
        result == Int32(UInt8(ascii: "h")) ? .help : Name(rawValue: result)
    }

    private mutating func set(_ name: Name, to value: String) throws(UsageError) {
        switch name {
        case .seed: seed = try Self.number(value, name)
        case .seeds: seedCount = try Self.number(value, name)
        case .from: firstSeed = try Self.number(value, name)
        case .jobs: jobCount = Int(try Self.number(value, name))
        case .big: isBig = true
        case .trace: isTracing = true
        case .mutants: huntsMutants = true
        case .mutant: mutant = value
        case .turns: tracesTurns = true
        case .help: wantsHelp = true
        }
    }

    /// Ends the process with the status for usage, saying why.
    static func refuse(_ error: UsageError) -> Never {
        let line = Array("kpipe-sim: \(error.message); see --help\n".utf8)
        _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(64)
    }

    private static func number(_ text: String, _ name: Name) throws(UsageError) -> UInt64 {
        guard let number = UInt64(text), number < 1 << 62 else {
            throw UsageError(message: "--\(name.text) \(text): a number is expected")
        }
        return number
    }

    /// What `--help` prints.
    static let help = """
        usage: kpipe-sim [OPTION]...
        Runs kpipe's framing, rules and producer against a Kafka cluster in memory, in virtual time,
        with everything drawn from a seed: the cluster, the settings, the input, and what goes
        wrong. Things go wrong for a while; then all is healed, and the run has to end. Each seed
        that finds something is printed as the line that repeats it. The status is 1 if one did.

          --seed N     run this seed alone
          --trace      with --seed: print everything that happens
          --turns      the same, with each turn of the loop
          --seeds N    run N seeds on all processors (1000)
          --from N     the first of them (0)
          --jobs N     run no more than N seeds at a time
          --big        runs of up to a million records
          --mutants    hunt each known bug in no more than --seeds N seeds; needs a build with
                       --traits Mutants, as make mutants does it
          --mutant M   hunt one of them, or run --seed N with it
          --help       this text

        """
}
