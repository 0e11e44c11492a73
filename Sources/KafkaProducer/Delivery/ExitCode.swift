/// What kpipe's exit status says, by the numbers of sysexits.h.
package enum ExitCode: Hashable, Sendable {
    /// Every record that was read was acknowledged, and all that was asked for was read.
    case success

    /// The command line cannot be meant.
    case usage

    /// Some records failed for what they are; the others were acknowledged.
    case recordsFailed

    /// An input could not be opened; every other input was read.
    case inputUnavailable

    /// Brokers or topic were unavailable until the deadline.
    case brokersUnavailable

    /// There is a bug in kpipe.
    case bug

    /// Reading the input, or writing standard output or standard error, failed.
    case inputOutput

    /// The outcome of some records is unknown, or they were given up unsent.
    case outcomeUnknown

    /// The broker broke the protocol, or lost acknowledged records.
    case protocolBroken

    /// The broker refused who we are or what we may do.
    case accessRefused

    /// The configuration cannot be put in force.
    case configuration

    /// A signal ended the run before the end of the input; what was read was acknowledged.
    case signal(Int32)

    /// The status of a run: each reason that holds, in the manual's order.
    ///
    /// - Parameters:
    ///   - failureClasses: What ended records, or the run, unsuccessfully.
    ///   - unknownCount: Records that may be in the log.
    ///   - transferFailed: Whether reading an input, or writing an output, failed.
    ///   - openFailed: Whether an input could not be opened.
    ///   - signal: The signal that ended the run before the end of the input, or `nil`.
    package init(
        failureClasses: [FailureClass],
        unknownCount: UInt64,
        transferFailed: Bool,
        openFailed: Bool,
        signal: Int32?
    ) {
        var code = ExitCode.success
        for kind in failureClasses { code = code.combined(with: ExitCode(kind)) }
        if unknownCount > 0 { code = code.combined(with: .outcomeUnknown) }
        if transferFailed { code = code.combined(with: .inputOutput) }
        if openFailed { code = code.combined(with: .inputUnavailable) }
        if let signal { code = code.combined(with: .signal(signal)) }
        self = code
    }

    /// The status that a failure stands for.
    package init(_ kind: FailureClass) {
        self =
            switch kind {
            case .recordRefused: .recordsFailed
            case .unavailable: .brokersUnavailable
            case .indefinite: .outcomeUnknown
            case .protocolBroken: .protocolBroken
            case .denied: .accessRefused
            case .misconfigured: .configuration
            case .usage: .usage
            case .bug: .bug
            }
    }

    /// The number that the process ends with.
    package var status: Int32 {
        switch self {
        case .success: 0
        case .usage: 64
        case .recordsFailed: 65
        case .inputUnavailable: 66
        case .brokersUnavailable: 69
        case .bug: 70
        case .inputOutput: 74
        case .outcomeUnknown: 75
        case .protocolBroken: 76
        case .accessRefused: 77
        case .configuration: 78
        case .signal(let number): 128 + number
        }
    }

    /// The code that is reported where both hold.
    ///
    /// Usage and configuration come first only for completeness: they end the run before anything
    /// else can happen. Of two signals the first counts, which is `self`.
    package func combined(with other: ExitCode) -> ExitCode {
        other.precedence < precedence ? other : self
    }

    /// The place in the order of the manual, where several codes hold.
    private var precedence: Int {
        switch self {
        case .usage: 0
        case .configuration: 1
        case .bug: 2
        case .protocolBroken: 3
        case .outcomeUnknown: 4
        case .accessRefused: 5
        case .brokersUnavailable: 6
        case .inputOutput: 7
        case .recordsFailed: 8
        case .inputUnavailable: 9
        case .signal: 10
        case .success: 11
        }
    }
}
