/// What kpipe's exit status says, by the numbers of sysexits.h.
nonisolated package enum ExitCode: Hashable, Sendable {
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

    /// One of each kind, by number, for the manual; the signal is SIGTERM, as an example.
    package static let all: [ExitCode] = [
        .success, .usage, .recordsFailed, .inputUnavailable, .brokersUnavailable, .bug,
        .inputOutput, .outcomeUnknown, .protocolBroken, .accessRefused, .configuration, .signal(15),
    ]

    /// When the code is returned, for the manual.
    package var meaning: String {
        switch self {
        case .success:
            """
            Every record read was acknowledged (or skipped as asked), and all the input was read, \
            or what `-c` asked for.
            """
        case .usage: "Usage."
        case .recordsFailed:
            "Some records failed for what they are; the others were acknowledged."
        case .inputUnavailable:
            "An input could not be opened; every other input was read."
        case .brokersUnavailable:
            """
            Brokers or topic were unavailable until the deadline; reading stopped there, and what \
            was not sent is named as failed.
            """
        case .bug: "A bug in kpipe."
        case .inputOutput:
            "Reading the input, or writing standard output or standard error, failed."
        case .outcomeUnknown:
            """
            The outcome of some records is unknown, or they were given up unsent (drain timeout, \
            second signal).
            """
        case .protocolBroken: "The broker broke the protocol, or lost acknowledged records."
        case .accessRefused: "Authentication or authorization was refused."
        case .configuration: "Configuration."
        case .signal:
            "Ended by signal n before the end of the input; everything read was acknowledged."
        }
    }
}
