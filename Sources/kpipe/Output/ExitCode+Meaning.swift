package import KafkaProducer

/// What the manual says of the exit status.
nonisolated extension ExitCode {
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
