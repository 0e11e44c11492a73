/// What a command line asks kpipe to do.
nonisolated package enum CommandLineAction: Sendable {
    /// To produce records.
    case produce(CommandConfiguration)

    /// To print this text on standard output, and to be done.
    case print(String)
}

extension CommandLineAction {
    /// Finds out what a command line asks for.
    ///
    /// - Parameters:
    ///   - arguments: The arguments as raw bytes, the name of the program first.
    ///   - environment: The variables and files that the configuration is in.
    /// - Throws: Why kpipe stops here.
    package init(_ arguments: [[UInt8]], in environment: Environment) throws(CommandError) {
        let invocation = try OptionParser.parse(arguments)
        if let text = try Self.answer(to: invocation) {
            self = .print(text)
            return
        }
        try Self.refuseWhatIsNotBuilt(invocation)
        let requests = invocation.arguments(.property).filter { Configuration.isRequest($0) }
        if requests.last == Configuration.listRequest {
            self = .print(PropertyListing.list)
            return
        }
        let configuration = try Configuration(invocation, in: environment)
        if requests.last == Configuration.dumpRequest {
            self = .print(PropertyListing.dump(configuration.producer))
            return
        }
        self = .produce(try CommandConfiguration(invocation, configuration))
    }

    /// The text that an option asks for, or `nil` if none does.
    private static func answer(to invocation: Invocation) throws(CommandError) -> String? {
        if invocation.has(.help) { return Help.text }
        if invocation.has(.version) { return Version.text }
        guard let argument = invocation.argument(.generate) else { return nil }
        switch String(readable: argument) {
        case "man": return ManPage.text
        case "readme": return ReadmeTable.text
        default: throw .usage("--generate man or --generate readme")
        }
    }

    /// Refuses what kpipe knows and cannot do, because an option that is ignored loses data.
    private static func refuseWhatIsNotBuilt(_ invocation: Invocation) throws(CommandError) {
        let program = String(readable: invocation.program)
        if ["kcat", "kafkacat"].contains(program) {
            throw .usage(
                "to stand in for \(program) is not built yet; start it as kpipe, "
                    + "and most lines written for \(program) -P work"
            )
        }
        for occurrence in invocation.options {
            let option = OptionTable.option(occurrence.name)
            switch option.availability {
            case .built, .accepted, .developer:
                continue
            case .refused(let sentence):
                throw .usage(sentence)
            case .notBuilt(let instead):
                let advice = instead.map { "; \($0)" } ?? ""
                throw .usage("\(option.spelling) is not built yet\(advice)")
            }
        }
    }
}
