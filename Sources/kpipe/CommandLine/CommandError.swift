package import KafkaProducer

/// Why kpipe stops: a sentence for people, and the exit status for scripts.
nonisolated package struct CommandError: Error, Equatable, Sendable {
    /// The exit status that goes with the sentence.
    package let status: ExitCode

    /// What is wrong and which option or property would change it, without the `kpipe: ` before it.
    package let message: String

    /// Creates an error.
    package init(_ status: ExitCode, _ message: String) {
        self.status = status
        self.message = message
    }

    /// A command line that cannot be meant.
    package static func usage(_ message: String) -> CommandError {
        CommandError(.usage, message)
    }

    /// A configuration that cannot be put in force.
    package static func configuration(_ message: String) -> CommandError {
        CommandError(.configuration, message)
    }
}
