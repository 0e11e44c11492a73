import Glibc

/// A program that a test runs: its standard input and output are at hand, its errors are kept.
///
/// Every program is bounded in time by `timeout`, so that one that hangs fails its test, with
/// status 124, and not the whole run. In the foreground it passes a signal on once.
final class ChildProcess {
    /// What a program reads.
    enum Input {
        case nothing
        case file(String)
        /// What ``write(_:)`` is given, until ``closeInput()``.
        case pipe
    }

    /// How a program ended.
    struct Outcome {
        let status: Int32
        let output: [UInt8]
        let errors: String

        /// The lines of standard error that hold the text.
        func errorLines(with text: String) -> [String] {
            errors.split(separator: "\n").map(String.init).filter { $0.contains(text) }
        }
    }

    private let process: pid_t
    private var input: Int32
    private let output: Int32
    private let errors: TemporaryFile
    private var received: [UInt8] = []

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: The program, looked for in `PATH`, and its arguments, as bytes: they need not
    ///     be UTF-8.
    ///   - input: What it reads.
    ///   - seconds: How long it may run.
    init(_ arguments: [[UInt8]], input: Input = .nothing, seconds: Int = 60) {
        signal(SIGPIPE, SIG_IGN)
        errors = TemporaryFile()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }

        var ends: [Int32] = [-1, -1]
        switch input {
        case .nothing:
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
        case .pipe:
            ends = ChildProcess.pipe()
            posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        }
        let outputEnds = ChildProcess.pipe()
        posix_spawn_file_actions_adddup2(&actions, outputEnds[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, errors.path, O_WRONLY | O_TRUNC, 0)

        let words =
            ["timeout", "--foreground", "-k", "5", "\(seconds)"].map { Array($0.utf8) } + arguments
        var argv = words.map { word -> UnsafeMutablePointer<CChar>? in
            word.withUnsafeBytes { bytes in
                bytes.bindMemory(to: CChar.self).baseAddress.map { strndup($0, bytes.count) }
            }
        }
        argv.append(nil)
        var process = pid_t()
        var attributes = ChildProcess.unblockedSignals()
        defer { posix_spawnattr_destroy(&attributes) }
        let code = posix_spawnp(&process, "timeout", &actions, &attributes, argv, environ)
        precondition(code == 0, "timeout could not be started: \(code)")
        for argument in argv { free(argument) }
        self.process = process
        if ends[0] >= 0 { close(ends[0]) }
        close(outputEnds[1])
        self.input = ends[1]
        output = outputEnds[0]
    }

    /// Dispatch's threads block every signal, and a child would inherit that: `timeout` could pass
    /// none on.
    private static func unblockedSignals() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        return attributes
    }

    /// Starts a program whose arguments are text.
    convenience init(_ arguments: [String], input: Input = .nothing, seconds: Int = 60) {
        self.init(arguments.map { Array($0.utf8) }, input: input, seconds: seconds)
    }

    deinit {
        closeInput()
        close(output)
    }

    /// Writes to the program's standard input, waiting while the pipe is full.
    ///
    /// A program that has closed its input is told nothing more; its status says why.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes text to the program's standard input.
    func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// Ends the program's standard input.
    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// Sends a signal.
    func send(_ signal: Int32) {
        kill(process, signal)
    }

    /// Waits for the program to write a line, and returns it; `nil` if its output ended before.
    func readLine() -> String? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeFirst(end + 1) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            guard receive() else { return nil }
        }
    }

    /// Ends the program's input, and waits for its end.
    func finish() -> Outcome {
        closeInput()
        while receive() {}
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        // The exit status, or 128 + n where signal n ended it, as a shell has it.
        let signal = status & 0x7f
        return Outcome(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
            output: received,
            errors: String(decoding: errors.contents, as: UTF8.self)
        )
    }

    /// A pipe whose ends no other program inherits: one that did would keep it open.
    private static func pipe() -> [Int32] {
        var ends: [Int32] = [-1, -1]
        precondition(Glibc.pipe(&ends) == 0, "no pipe: \(errno)")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return ends
    }

    private func receive() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = read(output, &chunk, chunk.count)
        guard count > 0 else { return false }
        received += chunk[..<count]
        return true
    }
}
