/// What was typed: the options in their order, and the FILEs.
///
/// Nothing is interpreted yet; that is what ``CommandConfiguration`` does.
nonisolated package struct Invocation: Equatable, Sendable {
    /// An option as it was given once.
    package struct Occurrence: Equatable, Sendable {
        /// Which option it is.
        package let name: OptionName

        /// The raw bytes of its argument, or `nil` if it has none.
        package let argument: [UInt8]?

        /// Creates an occurrence.
        package init(_ name: OptionName, _ argument: [UInt8]? = nil) {
            self.name = name
            self.argument = argument
        }
    }

    /// The name kpipe was started by, without its directory.
    package var program: [UInt8]

    /// The options, in the order of the command line.
    package var options: [Occurrence]

    /// The operands, as raw bytes.
    package var files: [[UInt8]]

    /// Creates an invocation.
    package init(program: [UInt8], options: [Occurrence], files: [[UInt8]]) {
        self.program = program
        self.options = options
        self.files = files
    }

    /// The last time one of these options was given, which is the one that counts, or `nil`.
    package func last(_ names: OptionName...) -> Occurrence? {
        options.last { names.contains($0.name) }
    }

    /// Whether an option was given.
    package func has(_ name: OptionName) -> Bool {
        last(name) != nil
    }

    /// The last argument that was given to an option, or `nil` if the option was not given.
    package func argument(_ name: OptionName) -> [UInt8]? {
        last(name)?.argument
    }

    /// The arguments of all occurrences of an option that may be repeated.
    package func arguments(_ name: OptionName) -> [[UInt8]] {
        options.compactMap { $0.name == name ? $0.argument : nil }
    }
}
