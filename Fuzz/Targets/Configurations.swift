import KafkaProducer
import RecordFraming
import kpipe

/// Configuration files and command lines: taken, or refused in one line.
enum Configurations {
    static func runFile(_ bytes: [UInt8]) {
        let entries = ConfigurationFile.entries(of: bytes)
        let lineCount = 1 + bytes.count { $0 == 0x0a || $0 == 0x0d }
        for (index, entry) in entries.enumerated() {
            let above = index == 0 ? 0 : entries[index - 1].line
            require(entry.line > above && entry.line <= lineCount, "line \(entry.line)")
            require(entry.name.count + entry.value.count <= bytes.count, "\(entry)")
        }
        if !bytes.contains(UInt8(ascii: "\\")) {
            let more = ConfigurationFile.entries(of: bytes + Array("\n\n".utf8))
            require(more == entries, "blank lines at the end change \(entries) to \(more)")
        }
        let path = Array("file".utf8)
        let invocation = Invocation(
            program: Array("kpipe".utf8),
            options: [Invocation.Occurrence(.configurationFile, path)],
            files: []
        )
        do {
            let configuration = try Configuration(invocation, in: environment(bytes))
            for remark in configuration.remarks { Syntax.requireOneLine(remark.message) }
            require(!PropertyListing.dump(configuration.producer).isEmpty, "an empty dump")
            checkLimits(configuration.producer)
        } catch {
            Syntax.requireOneLine(error.message)
        }
    }

    /// The arguments are the lines of the input; the file behind them is what follows a NUL.
    static func runArguments(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let lines = (parts.first ?? []).split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        let arguments = [Array("kpipe".utf8)] + lines.prefix(64).map { Array($0) }
        guard Rules.isHarmless(bytes) else { return }
        let environment = environment(parts.count > 1 ? Array(parts[1]) : [])
        MainActor.assumeIsolated { run(arguments, environment) }
    }

    @MainActor
    private static func run(_ arguments: [[UInt8]], _ environment: Environment) {
        do {
            switch try CommandLineAction(arguments, in: environment) {
            case .print(let text): require(!text.isEmpty, "nothing to print")
            case .produce(let configuration):
                let framer = RecordFramer(configuration.framing)
                require(framer.configuration.windowSize > 0, "a window of nothing")
                checkLimits(configuration.producer)
            }
        } catch {
            Syntax.requireOneLine(error.message)
        }
    }

    /// What the producer takes for granted.
    private static func checkLimits(_ configuration: ProducerConfiguration) {
        require(!configuration.bootstrap.isEmpty, "no brokers")
        require(configuration.maxInFlightRequests > 0, "no requests in flight")
        require(configuration.bufferMemory > 0, "no memory")
        require(configuration.batchSize >= 0, "batch.size \(configuration.batchSize)")
        require(configuration.maxRequestSize > 0, "max.request.size")
        require(configuration.batchRecordLimit > 0, "batch.num.messages")
    }

    private static func environment(_ file: [UInt8]) -> Environment {
        Environment(
            variables: file.split(separator: UInt8(ascii: "\n")).prefix(8).map { Array($0) },
            readFile: { path in path == Array("file".utf8) ? .bytes(file) : .absent }
        )
    }
}
