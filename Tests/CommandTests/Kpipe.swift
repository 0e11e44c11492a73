import Glibc
import Testing

/// Runs of the built `kpipe`.
enum Kpipe {
    /// A program that is built beside the tests.
    static func built(_ name: String) -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count)
        let bytes = path[..<max(count, 0)].map { UInt8(bitPattern: $0) }
        let directory = bytes.prefix(upTo: bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)
        return String(decoding: directory, as: UTF8.self) + "/" + name
    }

    static let executable = built("kpipe")

    /// The words of a run that produces to the topic `logs`.
    static func words(_ sandbox: SandboxProcess?, _ arguments: [String]) -> [String] {
        // Nobody listens on the discard port.
        [executable, "-b", sandbox?.bootstrap ?? "127.0.0.1:9", "-t", "logs"] + arguments
    }

    /// Starts a run that produces to the topic `logs`.
    static func start(
        _ sandbox: SandboxProcess?,
        _ arguments: String...,
        input: ChildProcess.Stream = .pipe,
        output: ChildProcess.Stream = .pipe,
        errors: ChildProcess.Stream = .pipe,
        environment: [String] = []
    ) -> ChildProcess {
        start(
            sandbox,
            arguments,
            input: input,
            output: output,
            errors: errors,
            environment: environment
        )
    }

    /// Starts a run that produces to the topic `logs`.
    static func start(
        _ sandbox: SandboxProcess?,
        _ arguments: [String],
        input: ChildProcess.Stream = .pipe,
        output: ChildProcess.Stream = .pipe,
        errors: ChildProcess.Stream = .pipe,
        environment: [String] = []
    ) -> ChildProcess {
        let child = ChildProcess(
            words(sandbox, arguments).map { Array($0.utf8) },
            input: input,
            output: output,
            errors: errors,
            environment: environment
        )
        child.companion = sandbox?.child
        return child
    }

    /// Runs over an input and returns how it ended.
    static func run(
        _ sandbox: SandboxProcess?,
        _ arguments: String...,
        input: String = "",
        environment: [String] = []
    ) -> ChildProcess.Outcome {
        run(sandbox, arguments, input: Array(input.utf8), environment: environment)
    }

    /// Runs over an input and returns how it ended.
    static func run(
        _ sandbox: SandboxProcess?,
        _ arguments: [String],
        input: [UInt8],
        environment: [String] = []
    ) -> ChildProcess.Outcome {
        let child = ChildProcess(
            words(sandbox, arguments).map { Array($0.utf8) },
            environment: environment
        )
        child.companion = sandbox?.child
        child.write(input)
        return child.finish()
    }

    /// Runs a shell's script, in which `"$@"` is a run that produces to the topic `logs`.
    static func shell(
        _ script: String,
        _ sandbox: SandboxProcess?,
        _ arguments: String...,
        input: ChildProcess.Stream = .pipe
    ) -> ChildProcess {
        let words = ["sh", "-c", script, "sh"] + words(sandbox, arguments)
        let child = ChildProcess(words.map { Array($0.utf8) }, input: input)
        child.companion = sandbox?.child
        return child
    }
}

extension ChildProcess.Outcome {
    /// The lines of standard error, each of which has to be JSON.
    var events: [JSON] {
        errors.split(separator: "\n").compactMap { line in
            let json = JSON(line)
            if json == nil { Issue.record("not JSON: \(line)") }
            return json
        }
    }

    /// The lines of one kind of event.
    func events(_ kind: String) -> [JSON] { events.filter { $0["event"] == .string(kind) } }

    /// The records that were not acknowledged.
    var failed: [JSON] { events("record_failed") }

    /// The account of the run, or `nil` if none was given.
    var summary: JSON? { events("summary").last }

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }
}
