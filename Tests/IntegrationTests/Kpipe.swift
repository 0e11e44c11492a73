import Glibc

/// The kpipe that is tested.
enum Kpipe {
    /// Where the binary lies: where `TESTED_KPIPE` says, or else beside the tests.
    static let path: String = {
        if let path = getenv("TESTED_KPIPE") { return String(cString: path) }
        guard let tests = realpath("/proc/self/exe", nil) else { return "kpipe" }
        defer { free(tests) }
        let folder = String(cString: tests).split(separator: "/").dropLast()
        return folder.map { "/" + $0 }.joined() + "/kpipe"
    }()

    /// Starts kpipe with the options, against the Kafka of the environment.
    static func start(
        _ options: [String],
        input: ChildProcess.Input = .nothing,
        seconds: Int = 60
    ) -> ChildProcess {
        ChildProcess(
            [path, "-F", "none", "-b", Kafka.brokers ?? ""] + options,
            input: input,
            seconds: seconds
        )
    }

    /// Runs kpipe with the options over the text, read from a regular file.
    static func run(_ options: [String], text: String) -> ChildProcess.Outcome {
        run(options, bytes: Array(text.utf8))
    }

    /// Runs kpipe with the options over the bytes, read from a regular file.
    static func run(_ options: [String], bytes: [UInt8] = []) -> ChildProcess.Outcome {
        let file = TemporaryFile(bytes)
        return start(options, input: .file(file.path)).finish()
    }
}
