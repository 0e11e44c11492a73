import Glibc
import Testing

/// Something that kpipe does from its start to its end, while the system fails it.
enum TortureScenario: String, CaseIterable, CustomTestStringConvertible {
    /// A file, and another as standard input, copied as they are acknowledged.
    case load
    /// Lines that come one after another through a pipe, while kpipe says what it does.
    case live
    /// A file, while standard input is closed and nothing is to be copied.
    case closed
    /// A broker that goes away in the middle and comes back.
    case restart
    /// SIGTERM in the middle of a pipe that stays open.
    case sigterm

    var testDescription: String { rawValue }

    /// The status without a fault.
    var status: Int32 { self == .sigterm ? 128 + SIGTERM : 0 }

    /// Whether acknowledged records are copied to standard output.
    var copies: Bool { self == .load || self == .sigterm }

    private var options: [String] {
        switch self {
        case .load: ["-T"]
        case .live: ["-v"]
        case .closed, .restart: []
        case .sigterm: ["-T", "-v"]
        }
    }

    /// How long a run may take; one without a fault takes a few hundredths of a second.
    static let patience = Duration.seconds(15)

    /// Runs it once, against a topic of its own.
    func run(
        _ sandbox: SandboxProcess,
        topic: String,
        plan: String?,
        options: [String] = []
    ) throws -> TortureRun {
        try sandbox.obey("create \(topic) 3")
        var inputs: [TortureInput] = []
        var stream = ChildProcess.Stream.pipe
        var files: [File] = []
        if self == .load {
            files = [File(TortureInput.text(0, 0..<9)), File(TortureInput.text(1, 9..<14))]
            inputs = [
                TortureInput(name: files[0].path, bytes: TortureInput.text(0, 0..<9)),
                TortureInput(name: "-", bytes: TortureInput.text(1, 9..<14)),
            ]
            stream = .descriptor(files[1].opened())
        }
        if self == .closed {
            files = [File(TortureInput.text(0, 0..<5))]
            inputs = [TortureInput(name: files[0].path, bytes: TortureInput.text(0, 0..<5))]
            stream = .closed
        }
        defer { if case .descriptor(let descriptor) = stream { close(descriptor) } }
        let trace = File("")
        let words =
            [
                Kpipe.executable, "-b", sandbox.bootstrap, "-t", topic, "-K:",
                "-X", "retry.backoff.ms=10", "-X", "retry.backoff.max.ms=40",
            ] + self.options + options + inputs.map(\.name)
        let child = ChildProcess(
            words.map { Array($0.utf8) },
            input: stream,
            environment: ["SYSCALL_TRACE=\(trace.path)"]
                + (plan.map { ["SYSCALL_FAULT=\($0)"] } ?? [])
        )
        child.companion = sandbox.child
        child.patience = Self.patience
        if inputs.isEmpty {
            // From then on it hears signals.
            child.gather(upTo: Self.patience) {
                child.hasEnded
                    || String(decoding: File.read(trace.path), as: UTF8.self).contains("fstat 0")
            }
            inputs = [TortureInput(name: "-", bytes: try feed(child, sandbox))]
        }
        let outcome = child.waitForEnd()
        // Whatever lies in a socket is served in the turn of the first, and printed before the
        // second is answered.
        try sandbox.obey("thaw 0")
        try sandbox.obey("thaw 0")
        sandbox.child.keepUp()
        let lines = (0..<sandbox.child.lineCount).compactMap { _ in sandbox.nextRecord() }
        return TortureRun(
            scenario: self,
            inputs: inputs,
            outcome: outcome,
            log: try lines.map { try SandboxProcess.Record($0) }.filter { $0.topic == topic },
            trace: String(decoding: File.read(trace.path), as: UTF8.self)
                .split(separator: "\n").map(String.init)
        )
    }

    /// Writes to standard input what the scenario has, and returns it.
    private func feed(_ child: ChildProcess, _ sandbox: SandboxProcess) throws -> [UInt8] {
        var bytes: [UInt8] = []
        func say(_ text: [UInt8]) {
            bytes += text
            child.write(text)
        }
        /// Waits until so many records have arrived; not for long, as they may never.
        func letArrive(_ count: Int) {
            child.gather(upTo: .milliseconds(200)) {
                child.hasEnded || sandbox.child.lineCount >= count
            }
        }
        switch self {
        case .load, .closed: break
        case .live:
            for line in 0..<6 {
                say(TortureInput.text(0, line..<line + 1))
                letArrive(line + 1)
            }
            // Whoever has nothing to do does nothing; one that spins makes thousands of calls.
            child.gather(upTo: .milliseconds(30)) { child.hasEnded }
            child.closeInput()
        case .restart:
            say(TortureInput.text(0, 0..<3))
            letArrive(3)
            try sandbox.obey("kill 0")
            say(TortureInput.text(0, 3..<6))
            child.gather(upTo: .milliseconds(20)) { child.hasEnded }
            try sandbox.obey("revive 0")
            say(TortureInput.text(0, 6..<8))
            letArrive(8)
            child.closeInput()
        case .sigterm:
            say(TortureInput.text(0, 0..<3))
            letArrive(3)
            say(TortureInput.text(0, 3..<7))
            say(Array("unfinished:".utf8))
            child.send(SIGTERM)
        }
        return bytes
    }
}

/// What a run was given to read.
struct TortureInput {
    /// A record of it.
    struct Record {
        let number: Int
        let offset: Int
        let bytes: [UInt8]
        let key: [UInt8]
        let value: [UInt8]
    }

    let name: String
    let records: [Record]
    /// Where the whole records end.
    let end: Int

    /// Cuts an input into its lines, `KEY:VALUE` each.
    init(name: String, bytes: [UInt8]) {
        self.name = name
        var records: [Record] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: 10) {
            let colon = bytes[start...].firstIndex(of: UInt8(ascii: ":")) ?? start
            records.append(
                Record(
                    number: records.count + 1,
                    offset: start,
                    bytes: Array(bytes[start...end]),
                    key: Array(bytes[start..<colon]),
                    value: Array(bytes[(colon + 1)..<end])
                )
            )
            start = end + 1
        }
        self.records = records
        end = start
    }

    /// Lines of different lengths, each of which has a value of its own and one of five keys.
    static func text(_ input: Int, _ lines: Range<Int>) -> [UInt8] {
        lines.flatMap { line in
            Array("k\(line % 5):\(input)/\(line)\(String(repeating: "x", count: line * 7))\n".utf8)
        }
    }
}
