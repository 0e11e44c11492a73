import Glibc
import Testing

/// A program that a test runs, with its descriptors as the test wants them.
///
/// Whoever waits for something of it waits for a line, or for its end, and not for long: a program
/// that hangs is killed and fails its test. While one thing is waited for, everything else that the
/// program says is gathered, so that it is never held up unless the test means it to be.
final class ChildProcess {
    /// What stands behind one of the program's descriptors.
    enum Stream {
        /// The test: it writes the input and reads the outputs.
        case pipe
        case file(String)
        /// A descriptor of the test's own, which stays open there.
        case descriptor(Int32)
        case closed
    }

    /// How a program ended.
    struct Outcome {
        /// As a shell has it: the exit status, or 128 + n where signal n ended it.
        let status: Int32
        /// What the pipe of standard output brought that was not taken line by line before.
        let output: [UInt8]
        /// All of standard error.
        let errors: String
    }

    /// Bytes that came through a pipe.
    private struct Gathered {
        var descriptor: Int32
        var bytes: [UInt8] = []
        var taken = 0
    }

    /// How long anything is waited for: far more than it takes, even on a busy machine.
    var patience = Duration.seconds(60)

    let process: pid_t
    /// A program that must not be held up meanwhile: while this one is waited for, what that one
    /// says is gathered too.
    var companion: ChildProcess?
    private var input: Int32
    private var queued: ArraySlice<UInt8> = []
    private var inputEnds = false
    private var output: Gathered
    private var errors: Gathered
    /// A pipe that nobody writes to: it ends when the program does.
    private var lifetime: Gathered
    private var status: Int32?

    /// Starts a program, found in `PATH`.
    ///
    /// - Parameters:
    ///   - arguments: The program and its arguments, as bytes: they need not be UTF-8.
    ///   - input: Its standard input.
    ///   - output: Its standard output.
    ///   - errors: Its standard error.
    ///   - environment: Variables besides `PATH` and a `HOME` without configuration.
    init(
        _ arguments: [[UInt8]],
        input: Stream = .pipe,
        output: Stream = .pipe,
        errors: Stream = .pipe,
        environment: [String] = []
    ) {
        signal(SIGPIPE, SIG_IGN)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var theirs: [Int32] = []
        self.input = Self.attach(input, 0, reading: true, &actions, &theirs)
        self.output = Gathered(
            descriptor: Self.attach(output, 1, reading: false, &actions, &theirs)
        )
        self.errors = Gathered(
            descriptor: Self.attach(errors, 2, reading: false, &actions, &theirs)
        )
        lifetime = Gathered(descriptor: Self.attach(.pipe, 3, reading: false, &actions, &theirs))

        let variables = ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent"] + environment
        process = Self.spawn(arguments, variables.map { Array($0.utf8) }, &actions)
        for descriptor in theirs { close(descriptor) }
        if self.input >= 0 { _ = fcntl(self.input, F_SETFL, O_WRONLY | O_NONBLOCK) }
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        for descriptor in [input, output.descriptor, errors.descriptor, lifetime.descriptor]
        where descriptor >= 0 {
            close(descriptor)
        }
    }

    // MARK: What the test does

    /// Writes to standard input, as far as the pipe takes it; the rest follows while waiting.
    func write(_ bytes: [UInt8]) {
        queued += bytes
        writeQueued()
    }

    /// Writes text to standard input.
    func write(_ text: String) { write(Array(text.utf8)) }

    /// Ends standard input behind what was written.
    func closeInput() {
        inputEnds = true
        writeQueued()
    }

    /// Bytes that were written and that the pipe has no room for.
    var unwrittenCount: Int { queued.count }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(process, signal) }

    /// The next line on standard output, or `nil` at its end.
    func nextLine() -> String? {
        wait(for: "a line on standard output") { hasLine($0.output) }
        return Self.takeLine(&output)
    }

    /// The next line on standard error, or `nil` at its end.
    func nextError() -> String? {
        wait(for: "a line on standard error") { hasLine($0.errors) }
        return Self.takeLine(&errors)
    }

    /// Takes lines of standard error until one has a text in it, and returns that one.
    func nextError(with text: String) -> String? {
        while let line = nextError() {
            if line.contains(text) { return line }
        }
        Issue.record("no line with \(text)")
        return nil
    }

    /// Takes lines of standard error until one has a text in it, and returns what that one says.
    func nextEvent(with text: String) throws -> JSON {
        let line = try #require(nextError(with: text))
        return try #require(JSON(line), "\(line)")
    }

    /// Writes and gathers what can be, without waiting.
    func keepUp() { _ = gather(timeout: 0) }

    /// Whether it has ended, as far as was gathered.
    var hasEnded: Bool { lifetime.descriptor < 0 }

    /// How many lines of standard output were gathered and not taken.
    var lineCount: Int { output.bytes[output.taken...].count { $0 == 10 } }

    /// Gathers until a condition holds, or for a time: for what may well not come.
    func gather(upTo limit: Duration, until isDone: () -> Bool) {
        let deadline = Self.now + Self.nanoseconds(limit)
        while !isDone(), Self.now < deadline { _ = gather(timeout: 5) }
    }

    /// Ends the input, and waits for the end of the program.
    func finish() -> Outcome {
        closeInput()
        return waitForEnd()
    }

    /// Waits for the end of the program, whose input stays open.
    func waitForEnd() -> Outcome {
        wait(for: "the end of the program") { child in
            [child.output, child.errors, child.lifetime].allSatisfy { $0.descriptor < 0 }
        }
        return Outcome(
            status: reap(),
            output: Array(output.bytes[output.taken...]),
            errors: String(decoding: errors.bytes, as: UTF8.self)
        )
    }

    /// The most memory it has had so far, in bytes.
    var peakMemory: Int {
        let status = File.read("/proc/\(process)/status")
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("VmHWM:") }
        let kilobytes = line?.split(whereSeparator: \.isWhitespace)[1]
        return kilobytes.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    }

    /// How much the processors have worked for it so far, in milliseconds.
    var processorTime: Int {
        let fields = String(decoding: File.read("/proc/\(process)/stat"), as: UTF8.self)
            .split(separator: ")").last?.split(separator: " ")
        // utime and stime, the 14th and 15th field; the name, which was cut off, is the 2nd.
        guard let fields, fields.count > 12 else { return 0 }
        let ticks = fields[11...12].compactMap { Int($0) }.reduce(0, +)
        return ticks * 1000 / sysconf(Int32(_SC_CLK_TCK))
    }

    // MARK: Waiting

    private func wait(for what: String, until isDone: (ChildProcess) -> Bool) {
        let deadline = Self.now + Self.nanoseconds(patience)
        while !isDone(self) {
            guard Self.now < deadline else {
                Issue.record("waited in vain for \(what); standard error: \(errorTail)")
                kill(process, SIGKILL)
                while gather(timeout: 1000) {}
                return
            }
            _ = gather(timeout: 1000)
        }
    }

    /// The last that it said on standard error.
    private var errorTail: String { String(decoding: errors.bytes.suffix(2000), as: UTF8.self) }

    /// Waits for something to read or to write, and does it.
    ///
    /// - Returns: Whether anything is open to be read.
    private func gather(timeout: Int32) -> Bool {
        var waited = interests
        guard waited.contains(where: { $0.fd >= 0 && $0.events == Int16(POLLIN) }) else {
            return false
        }
        let ownCount = waited.count
        waited += companion?.interests ?? []
        guard poll(&waited, nfds_t(waited.count), timeout) > 0 else { return true }
        serve(waited[..<ownCount])
        companion?.serve(waited[ownCount...])
        return true
    }

    private var interests: [pollfd] {
        let writes = !queued.isEmpty
        return [output, errors, lifetime].map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        } + [pollfd(fd: writes ? input : -1, events: Int16(POLLOUT), revents: 0)]
    }

    private func serve(_ ready: ArraySlice<pollfd>) {
        let isReady = ready.map { $0.revents != 0 }
        if isReady[0] { Self.receive(&output) }
        if isReady[1] { Self.receive(&errors) }
        if isReady[2] { Self.receive(&lifetime) }
        if isReady[3] { writeQueued() }
    }

    private static func receive(_ gathered: inout Gathered) {
        let chunk = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
            count = max(read(gathered.descriptor, buffer.baseAddress, buffer.count), 0)
        }
        if !chunk.isEmpty {
            gathered.bytes += chunk
        } else {
            close(gathered.descriptor)
            gathered.descriptor = -1
        }
    }

    private func writeQueued() {
        while !queued.isEmpty, input >= 0 {
            let count = queued.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EAGAIN { return }
            // A program that has closed its input is told nothing more; its status says why.
            queued = count < 0 ? [] : queued.dropFirst(count)
        }
        if inputEnds, input >= 0 {
            close(input)
            input = -1
        }
    }

    private func hasLine(_ gathered: Gathered) -> Bool {
        gathered.descriptor < 0 || Self.lineEnd(gathered) != nil
    }

    private static func takeLine(_ gathered: inout Gathered) -> String? {
        guard let end = lineEnd(gathered) else { return nil }
        defer { gathered.taken = end + 1 }
        return String(decoding: gathered.bytes[gathered.taken..<end], as: UTF8.self)
    }

    private static func lineEnd(_ gathered: Gathered) -> Int? {
        gathered.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, gathered.taken < bytes.count else { return nil }
            let end = memchr(start + gathered.taken, 10, bytes.count - gathered.taken)
            return end.map { UnsafeRawPointer($0) - start }
        }
    }

    private func reap() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        while waitpid(process, &raw, 0) < 0, errno == EINTR {}
        let signal = raw & 0x7f
        let result = signal == 0 ? (raw >> 8) & 0xff : 128 + signal
        status = result
        return result
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// The monotonic clock, in nanoseconds.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    // MARK: Starting

    /// Puts a stream in place of one of the program's descriptors.
    ///
    /// - Returns: The test's end of a pipe, or -1.
    private static func attach(
        _ stream: Stream,
        _ number: Int32,
        reading: Bool,
        _ actions: inout posix_spawn_file_actions_t,
        _ theirs: inout [Int32]
    ) -> Int32 {
        switch stream {
        case .pipe:
            let ends = Descriptors.pipe()
            let (own, other) = reading ? (ends.write, ends.read) : (ends.read, ends.write)
            posix_spawn_file_actions_adddup2(&actions, other, number)
            theirs.append(other)
            return own
        case .file(let path):
            let flags = reading ? O_RDONLY : O_WRONLY
            posix_spawn_file_actions_addopen(&actions, number, path, flags, 0)
        case .descriptor(let descriptor):
            posix_spawn_file_actions_adddup2(&actions, descriptor, number)
        case .closed:
            posix_spawn_file_actions_addclose(&actions, number)
        }
        return -1
    }

    private static func spawn(
        _ arguments: [[UInt8]],
        _ variables: [[UInt8]],
        _ actions: inout posix_spawn_file_actions_t
    ) -> pid_t {
        func copies(_ words: [[UInt8]]) -> [UnsafeMutablePointer<CChar>?] {
            words.map { word in strdup((word + [0]).map { CChar(bitPattern: $0) }) } + [nil]
        }
        let argv = copies(arguments)
        let envp = copies(variables)
        defer { for word in argv + envp { free(word) } }
        // What the test runner does with signals is no matter of the program's.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var process = pid_t()
        let code = Descriptors.guarded {
            argv[0].map { posix_spawnp(&process, $0, &actions, &attributes, argv, envp) }
        }
        precondition(code == 0, "a program could not be started: \(code ?? 0)")
        return process
    }
}
