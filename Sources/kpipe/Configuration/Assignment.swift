package import KafkaProducer

/// A value that somebody gave to a property.
nonisolated package struct Assignment: Equatable, Sendable {
    /// Where a value comes from; a later case outranks an earlier one.
    package enum Source: Equatable, Sendable {
        /// A line of a file.
        case file(path: [UInt8], line: Int)

        /// An environment variable.
        case environment(variable: String)

        /// `-X`.
        case property

        /// An option of its own, such as `--brokers`.
        case option(OptionName)
    }

    /// The property.
    package let name: PropertyName

    /// The value as it was written.
    package let value: [UInt8]

    /// Where the value comes from.
    package let source: Source

    /// Creates an assignment.
    package init(_ name: PropertyName, _ value: [UInt8], _ source: Source) {
        self.name = name
        self.value = value
        self.source = source
    }
}

nonisolated extension Assignment.Source {
    /// The place for a message: `kpipe.conf:3`, `KPIPE_ACKS`, `-X` or `--brokers`.
    package var text: String {
        switch self {
        case .file(let path, let line): "\(String(readable: path)):\(line)"
        case .environment(let variable): variable
        case .property: "-X"
        case .option(let name): OptionTable.option(name).spelling
        }
    }

    /// The exit status for a value that is none: an option's is a matter of usage.
    package var badValueStatus: ExitCode {
        switch self {
        case .file, .environment, .property: .configuration
        case .option: .usage
        }
    }

    /// What outranks what.
    var rank: Int {
        switch self {
        case .file: 0
        case .environment: 1
        case .property: 2
        case .option: 3
        }
    }
}
