/// Collects assignments, source by source.
nonisolated struct ConfigurationReader {
    private let environment: Environment
    var assignments = Assignments()
    var remarks: [Configuration.Remark] = []

    init(_ environment: Environment) {
        self.environment = environment
    }

    // MARK: File

    /// Reads the file that was named, or the first of the usual ones that exists.
    ///
    /// - Returns: Whether there was one.
    mutating func readFile(named name: [UInt8]?) throws(CommandError) -> Bool {
        if let path = name ?? environment["KPIPE_CONFIG"] {
            if path == Array("none".utf8) { return false }
            guard try read(path) else {
                throw .configuration("\(String(readable: path)): there is no such file")
            }
            return true
        }
        for path in usualFiles("kpipe.conf") where try read(path) { return true }
        return false
    }

    /// The path of kcat's own file, or `nil` if there is none.
    var kcatFile: [UInt8]? {
        usualFiles("kcat.conf").first { path in
            switch environment.readFile(path) {
            case .bytes: true
            case .absent, .unreadable: false
            }
        }
    }

    private func usualFiles(_ name: String) -> [[UInt8]] {
        var paths: [[UInt8]] = []
        if let directory = environment["XDG_CONFIG_HOME"] {
            paths.append(directory + Array("/\(name)".utf8))
        }
        if let home = environment["HOME"] { paths.append(home + Array("/.config/\(name)".utf8)) }
        return paths
    }

    private mutating func read(_ path: [UInt8]) throws(CommandError) -> Bool {
        switch environment.readFile(path) {
        case .absent:
            return false
        case .unreadable(let reason):
            throw .configuration("\(String(readable: path)): \(reason)")
        case .bytes(let bytes):
            for entry in ConfigurationFile.entries(of: bytes) { try take(entry, of: path) }
            return true
        }
    }

    private mutating func take(
        _ entry: ConfigurationFile.Entry,
        of path: [UInt8]
    ) throws(CommandError) {
        let source = Assignment.Source.file(path: path, line: entry.line)
        let name = String(readable: entry.name)
        switch PropertyTable.meaning(of: name) {
        case .property(let property):
            assignments.set(Assignment(property, entry.value, source))
        case .notBuilt(let feature):
            throw Self.notBuilt(name, feature, source)
        case .foreign:
            remarks.append(
                Configuration.Remark(
                    message: "\(name) means nothing to kpipe (\(source.text))",
                    isVerbose: true
                )
            )
        case .unknown:
            let message = Self.isPlausible(entry.name) ? Self.unknown(name) : "this is no property"
            remarks.append(
                Configuration.Remark(message: "\(message) (\(source.text))", isVerbose: false)
            )
        }
    }

    /// Whether a name may be shown: the lines of a key that is not continued properly are names
    /// as well, and secret.
    private static func isPlausible(_ name: [UInt8]) -> Bool {
        !name.isEmpty && name.count <= 80
            && name.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    // MARK: Environment

    /// Takes every variable that begins with `KPIPE_`, but the one that names the file.
    mutating func readVariables() throws(CommandError) {
        let prefix = "KPIPE_"
        for variable in environment.variables where variable.starts(with: prefix.utf8) {
            let name = variable.prefix { $0 != UInt8(ascii: "=") }
            let value = Array(variable.dropFirst(name.count + 1))
            let shouted = String(readable: name)
            if shouted == "KPIPE_CONFIG" { continue }
            // Underscores stand for the dots; no name that kpipe knows has both.
            let dotted = String(shouted.dropFirst(prefix.count).lowercased())
                .split(separator: "_", omittingEmptySubsequences: false).joined(separator: ".")
            let source = Assignment.Source.environment(variable: shouted)
            switch PropertyTable.meaning(of: dotted) {
            case .property(let property):
                assignments.set(Assignment(property, value, source))
            case .notBuilt(let feature):
                throw Self.notBuilt(dotted, feature, source)
            case .foreign, .unknown:
                guard let nearest = Spelling.nearest(to: dotted, among: PropertyTable.spellings)
                else { throw .usage("\(shouted) names no property; see kpipe -X list") }
                let meant =
                    prefix + nearest.uppercased().split(separator: ".").joined(separator: "_")
                throw .usage("\(shouted) names no property; did you mean \(meant)?")
            }
        }
    }

    // MARK: Command line

    /// Takes the arguments of `-X`.
    mutating func readProperties(_ arguments: [[UInt8]]) throws(CommandError) {
        for argument in arguments where !Configuration.isRequest(argument) {
            let bytes = argument.prefix { $0 != UInt8(ascii: "=") }
            let name = String(readable: bytes)
            guard bytes.count < argument.count else {
                throw .usage("-X \(name): NAME=VALUE is expected, or list, or dump")
            }
            switch PropertyTable.meaning(of: name) {
            case .property(let property):
                let value = Array(argument.dropFirst(bytes.count + 1))
                assignments.set(Assignment(property, value, .property))
            case .notBuilt(let feature):
                throw Self.notBuilt(name, feature, .property)
            case .foreign:
                throw .usage("\(name) means nothing to kpipe; see kpipe -X list")
            case .unknown:
                throw .usage(Self.unknown(name))
            }
        }
    }

    /// Takes the options that stand for properties.
    mutating func readOptions(_ invocation: Invocation) throws(CommandError) {
        if let brokers = invocation.argument(.brokers) {
            assignments.set(Assignment(.bootstrapServers, brokers, .option(.brokers)))
        }
        if let name = invocation.argument(.partitioner) {
            assignments.set(Assignment(.partitioner, name, .option(.partitioner)))
        }
        guard let compression = invocation.argument(.compression) else { return }
        let parts = compression.split(
            separator: UInt8(ascii: ":"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let source = Assignment.Source.option(.compression)
        assignments.set(Assignment(.compression, Array(parts[0]), source))
        if parts.count == 2 {
            assignments.set(Assignment(.compressionLevel, Array(parts[1]), source))
        }
    }

    // MARK: Messages

    private static func notBuilt(
        _ name: String,
        _ feature: String,
        _ source: Assignment.Source
    ) -> CommandError {
        // Without the value, which may be a password.
        .configuration("\(name): \(feature) not built yet (\(source.text))")
    }

    private static func unknown(_ name: String) -> String {
        guard let nearest = Spelling.nearest(to: name, among: PropertyTable.spellings) else {
            return "there is no property \(name); see kpipe -X list"
        }
        return "there is no property \(name); did you mean \(nearest)?"
    }
}
