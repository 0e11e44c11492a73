/// What kpipe reads of the machine to learn its configuration: variables and files.
nonisolated package struct Environment: Sendable {
    /// What there is under the path of a file.
    package enum FileContents: Equatable, Sendable {
        /// The bytes of the file.
        case bytes([UInt8])

        /// There is no such file.
        case absent

        /// The file cannot be read, for this reason.
        case unreadable(String)
    }

    /// The variables: `NAME=VALUE`, as raw bytes.
    package let variables: [[UInt8]]

    /// Reads the file of a path.
    package let readFile: @Sendable (_ path: [UInt8]) -> FileContents

    /// Creates an environment.
    package init(
        variables: [[UInt8]],
        readFile: @escaping @Sendable (_ path: [UInt8]) -> FileContents
    ) {
        self.variables = variables
        self.readFile = readFile
    }

    /// The value of a variable, or `nil` if it is not set or empty.
    package subscript(_ name: String) -> [UInt8]? {
        let prefix = Array(name.utf8) + [UInt8(ascii: "=")]
        guard let variable = variables.first(where: { $0.starts(with: prefix) }) else { return nil }
        let value = Array(variable.dropFirst(prefix.count))
        return value.isEmpty ? nil : value
    }
}
