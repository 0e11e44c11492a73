import CGetopt
import Glibc

/// Splits a command line into options and FILEs by the rules of getopt_long.
///
/// These are the rules in people's fingers: `-qTt logs`, `--topic=logs`, any abbreviation that is
/// unambiguous, options after FILEs, `--` before a FILE that begins with a hyphen. Arguments are
/// raw bytes, since a key or a delimiter can be any.
///
/// glibc keeps the state of a parse in globals, so a parse is one call that runs to its end on the
/// main actor. The C strings below live until it returns, and getopt_long is given their true
/// count; that is what makes the unsafe calls sound.
@safe package struct OptionParser: ~Copyable {
    /// The values of options begin here, above all letters.
    private static let firstValue = 256

    /// What getopt_long returns for an option it does not know, `?`.
    private static let unknown: Int32 = 0x3f

    /// What getopt_long returns for an option without its argument, `:`, as the leading colon of
    /// the letters asks it to.
    private static let argumentMissing: Int32 = 0x3a

    private let options: [Option]
    private let argumentCount: Int
    private var arguments: [UnsafeMutablePointer<CChar>?]
    private var longNames: [CGetopt.option] = unsafe []
    private var letters = ":"
    private var nextIndex = 0

    /// Parses a command line.
    ///
    /// Parsing ends at `--help` and `--version`, so that they answer whatever follows them.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, the name of the program first.
    ///   - options: The options there are.
    /// - Returns: What was typed.
    /// - Throws: A usage error, for an option that is unknown, ambiguous, or has an argument too
    ///   few or too many.
    package static func parse(
        _ arguments: [[UInt8]],
        options: [Option] = OptionTable.options
    ) throws(CommandError) -> Invocation {
        var parser = OptionParser(arguments, options)
        return try parser.invocation(program: arguments.first ?? [])
    }

    private init(_ typed: [[UInt8]], _ options: [Option]) {
        self.options = options
        argumentCount = typed.count
        unsafe arguments = typed.map { unsafe Self.cString($0) } + [nil]
        for (index, option) in options.enumerated() {
            let kind: Int32
            switch option.argument {
            case .none: kind = 0
            case .required: kind = 1
            case .optional: kind = 2
            }
            if let letter = option.letter {
                letters += "\(letter)" + String(repeating: ":", count: Int(kind))
            }
            for name in option.longNames {
                unsafe longNames.append(
                    CGetopt.option(
                        name: Self.cString(Array(name.utf8)),
                        has_arg: kind,
                        flag: nil,
                        val: Int32(Self.firstValue + index)
                    )
                )
            }
        }
        unsafe longNames.append(CGetopt.option())
        command_line_restart()
    }

    deinit {
        unsafe arguments.forEach { unsafe free($0) }
        unsafe longNames.forEach { unsafe free(UnsafeMutablePointer(mutating: $0.name)) }
    }

    private mutating func invocation(program: [UInt8]) throws(CommandError) -> Invocation {
        let name = program.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
        var invocation = Invocation(program: name, options: [], files: [])
        while let occurrence = try nextOption() {
            invocation.options.append(occurrence)
            if occurrence.name == .help || occurrence.name == .version { return invocation }
        }
        invocation.files = unsafe arguments[nextIndex..<argumentCount].compactMap { argument in
            unsafe argument.map { unsafe Self.bytes($0) }
        }
        return invocation
    }

    private mutating func nextOption() throws(CommandError) -> Invocation.Occurrence? {
        let step = unsafe command_line_next(
            Int32(argumentCount),
            &arguments,
            letters,
            longNames
        )
        nextIndex = unsafe Int(step.next)
        switch unsafe step.result {
        case -1:
            return nil
        case Self.unknown:
            throw refusal(of: unsafe Int(step.bad))
        case Self.argumentMissing:
            let option = unsafe self.option(Int(step.bad))
            throw .usage("\(option?.spelling ?? "an option") needs an argument; see kpipe --help")
        case let value:
            guard let option = option(Int(value)) else {
                preconditionFailure("getopt_long returns what it was given.")
            }
            let argument = unsafe step.argument.map { unsafe Self.bytes($0) }
            return Invocation.Occurrence(option.name, argument)
        }
    }

    /// The option that getopt_long means by a value: a letter, or an index above ``firstValue``.
    private func option(_ value: Int) -> Option? {
        if value >= Self.firstValue { return options[value - Self.firstValue] }
        guard let letter = UInt8(exactly: value).map({ Character(Unicode.Scalar($0)) }) else {
            return nil
        }
        return options.first { $0.letter == letter }
    }

    /// The error for an option that getopt_long did not take: one that has an argument too many
    /// (`bad` is its value), a letter that is none (`bad` is the letter), or a long name (0).
    private func refusal(of bad: Int) -> CommandError {
        if bad >= Self.firstValue {
            return .usage("\(option(bad)?.spelling ?? "the option") takes no argument")
        }
        if bad != 0 {
            let letter = String(readable: [UInt8(truncatingIfNeeded: bad)])
            return .usage("there is no option -\(letter); see kpipe --help")
        }
        let typed = unsafe arguments[max(nextIndex, 1) - 1].map { unsafe Self.bytes($0) } ?? []
        let word = typed.dropFirst(2).prefix { $0 != UInt8(ascii: "=") }
        let name = String(readable: word)
        let longNames = options.flatMap(\.longNames)
        let meant = longNames.filter { $0.hasPrefix(name) }.map { "--\($0)" }
        if meant.count > 1 {
            return .usage("--\(name) is ambiguous: \(meant.joined(separator: ", "))")
        }
        guard let nearest = Spelling.nearest(to: name, among: longNames) else {
            return .usage("there is no option --\(name); see kpipe --help")
        }
        return .usage("there is no option --\(name); did you mean --\(nearest)?")
    }

    private static func cString(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
        unsafe strdup(bytes.map { CChar(bitPattern: $0) } + [0])
    }

    private static func bytes(_ string: UnsafePointer<CChar>) -> [UInt8] {
        unsafe UnsafeBufferPointer(start: string, count: strlen(string)).map {
            UInt8(bitPattern: $0)
        }
    }
}
