import Glibc
import Testing

/// A run of a built program against a sandbox in which things go wrong by themselves.
///
/// The sandbox counts what went wrong and prints its log; what the program did is judged from
/// that alone.
struct ChaosRun {
    /// A profile of faults and settings.
    struct Profile: Sendable {
        /// In how many of a hundred batches something goes wrong.
        var rate = 20
        /// What the swarm of a seed is drawn from; empty for everything.
        var kinds: [String] = []
        var options: [String] = []

        /// What `--chaos` is told.
        func argument(_ seed: Int) -> String {
            let kinds = kinds.isEmpty ? "" : ":" + kinds.joined(separator: ",")
            return "\(seed):\(rate)\(kinds)"
        }
    }

    /// What came of it.
    struct Result: Sendable {
        let seed: Int
        let status: Int32
        /// How many things went wrong.
        let faults: Int
        /// The sandbox's own account of them.
        let closing: String
        let duplicates: Int
        let inversions: Int
        let lost: Int
        let problems: [String]
    }

    static let recordCount = 6000
    private static let partitionCount = 6
    private static let batchCount = 100

    /// The key and the value of a record: the value begins with its number.
    static func words(_ index: Int) -> (key: String, value: String) {
        let filling = String(repeating: "x", count: index * 7919 % 120)
        return ("k\(index * 31 % 97)", "\(index) \(filling)")
    }

    /// All records, and where each begins.
    static let input: (text: [UInt8], offsets: [Int]) = {
        var text: [UInt8] = []
        var offsets: [Int] = []
        for index in 0..<recordCount {
            offsets.append(text.count)
            let (key, value) = words(index)
            text += Array("\(key):\(value)\n".utf8)
        }
        return (text, offsets)
    }()

    /// Where a record begins; of the one behind the last, the end.
    static func offset(_ index: Int) -> Int {
        index < recordCount ? input.offsets[index] : input.text.count
    }

    /// Runs kpipe under the chaos of a seed.
    ///
    /// The input comes through a pipe in one half of the seeds and is a file in the other; one
    /// quarter copies what was acknowledged to standard output.
    static func run(seed: Int, _ profile: Profile) -> Result {
        let tees = seed % 4 == 1
        let file = File(input.text)
        let isFile = seed % 2 == 0
        return run(seed: seed, profile) { sandbox, oracle in
            let child = Kpipe.start(
                sandbox,
                ["-F", "none", "-v", "-K:"] + settings + profile.options + (tees ? ["-T"] : []),
                input: isFile ? .file(file.path) : .pipe
            )
            if !isFile { child.write(input.text) }
            let outcome = child.finish()
            var problems = oracle.take(outcome, offset: offset)
            if tees { problems += checkCopy(outcome.output, oracle) }
            return problems
        }
    }

    /// Runs kcat under the chaos of a seed: it says nothing but its status.
    static func runKcat(seed: Int, _ profile: Profile) -> Result {
        let file = File(input.text)
        return run(seed: seed, profile) { sandbox, oracle in
            let words =
                ["timeout", "100", "kcat", "-P", "-b", sandbox.bootstrap, "-t", "logs", "-K:"]
                + ["-X", "batch.num.messages=\(batchCount)", "-X", "socket.timeout.ms=1000"]
                + profile.options
            let child = ChildProcess(words.map { Array($0.utf8) }, input: .file(file.path))
            child.patience = .seconds(110)
            child.companion = sandbox.child
            oracle.status = child.finish().status
            oracle.read = recordCount
            oracle.acked = recordCount
            return []
        }
    }

    private static let settings = [
        "-X", "batch.num.messages=\(batchCount)", "-X", "request.timeout.ms=1000",
    ]

    private static func run(
        seed: Int,
        _ profile: Profile,
        _ produce: (SandboxProcess, inout ChaosOracle) -> [String]
    ) -> Result {
        let arguments = [
            "--brokers", "3", "--topic", "logs:\(partitionCount)", "--print",
            "--chaos", profile.argument(seed),
        ]
        guard let sandbox = try? SandboxProcess(arguments) else { fatalError("no sandbox") }
        var oracle = ChaosOracle(offered: recordCount, read: 0, acked: 0, status: -1, log: [])
        var problems = produce(sandbox, &oracle)
        sandbox.child.send(SIGTERM)
        let outcome = sandbox.child.waitForEnd()
        if outcome.status != 0 { problems.append("I15: \(outcome.errors)") }
        problems += oracle.takeLog(outcome.output) { index in
            let (key, value) = words(index)
            return ("\"\(key)\"", "\"\(value)\"")
        }
        let lines = outcome.errors.split(separator: "\n")
        for line in lines where line.hasPrefix("lost logs ") {
            if let partition = line.split(separator: " ").last.flatMap({ Int($0) }) {
                oracle.forgetful.insert(partition)
            }
        }
        problems += oracle.problems()
        let closing = lines.last ?? ""
        return Result(
            seed: seed,
            status: oracle.status,
            faults: closing.split(separator: " ").dropFirst(2).first.flatMap { Int($0) } ?? 0,
            closing: String(closing),
            duplicates: oracle.duplicateCount,
            inversions: oracle.inversionCount,
            lost: oracle.lostCount,
            problems: problems
        )
    }

    /// Whether the copy of the acknowledged records is theirs, in order, byte for byte.
    private static func checkCopy(_ copy: [UInt8], _ oracle: ChaosOracle) -> [String] {
        let unacked = Set(oracle.named.map(\.index))
        var expected: [UInt8] = []
        for index in 0..<oracle.read where !unacked.contains(index) {
            expected += input.text[offset(index)..<offset(index + 1)]
        }
        return copy == expected ? [] : ["I1: the copy is not what was acknowledged"]
    }
}
