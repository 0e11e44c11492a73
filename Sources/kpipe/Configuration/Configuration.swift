package import KafkaProducer

/// The configuration in force, and what there is to say about how it came to be.
///
/// Options outrank `-X`, that the environment, that the file, and that the defaults.
nonisolated package struct Configuration: Sendable {
    /// Something to tell, but no reason to stop.
    package struct Remark: Equatable, Sendable {
        /// A sentence, without the `kpipe: ` before it.
        package let message: String

        /// Whether it is told with `-v` only.
        package let isVerbose: Bool
    }

    /// The values, checked, as the producer takes them.
    package let producer: ProducerConfiguration

    /// What there is to tell, in order.
    package let remarks: [Remark]

    /// kcat's own file, or `nil` if there is none or a file was read.
    ///
    /// kpipe reads it when told to. Where the brokers cannot be reached, it is worth a mention.
    package let unreadKcatFile: [UInt8]?

    /// Puts a configuration in force.
    ///
    /// - Parameters:
    ///   - invocation: What was typed.
    ///   - environment: The variables and files to read.
    /// - Throws: Usage for names that do not exist on the command line and in the environment,
    ///   configuration for anything else.
    package init(_ invocation: Invocation, in environment: Environment) throws(CommandError) {
        var reader = ConfigurationReader(environment)
        let fileWasRead = try reader.readFile(named: invocation.argument(.configurationFile))
        try reader.readVariables()
        try reader.readProperties(invocation.arguments(.property))
        try reader.readOptions(invocation)
        producer = try ProducerConfiguration(reader.assignments)
        remarks = reader.remarks
        unreadKcatFile = fileWasRead ? nil : reader.kcatFile
    }
}

nonisolated extension Configuration {
    /// Whether an argument of `-X` asks for something instead of setting it.
    package static func isRequest(_ argument: [UInt8]) -> Bool {
        argument == listRequest || argument == dumpRequest
    }

    /// `-X list`.
    package static let listRequest = Array("list".utf8)

    /// `-X dump`.
    package static let dumpRequest = Array("dump".utf8)
}
