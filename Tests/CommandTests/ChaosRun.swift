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
            var problems = take(outcome, into: &oracle)
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
            let child = ChildProcess(
                words.map { Array($0.utf8) },
                input: .file(file.path),
                patience: 110
            )
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
        problems += readLog(outcome.output, into: &oracle)
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

    // MARK: What was said

    /// Takes what kpipe said into the oracle.
    private static func take(
        _ outcome: ChildProcess.Outcome,
        into oracle: inout ChaosOracle
    ) -> [String] {
        oracle.status = outcome.status
        var problems: [String] = []
        for line in outcome.errors.split(separator: "\n") {
            if line.hasPrefix("{\"event\":\"record_failed\"") {
                guard let named = named(line) else {
                    problems.append("I1: \(line)")
                    continue
                }
                oracle.named.append(named)
            } else if line.hasPrefix("{\"event\":\"summary\""), let summary = JSON(line) {
                problems += take(summary, into: &oracle)
            }
        }
        return problems
    }

    /// The fields of a failure, whose order is fixed; `nil` if its position is not the record's.
    private static func named(_ line: Substring) -> ChaosOracle.Named? {
        let fields = line.split(separator: ",", maxSplits: 4)
        guard fields.count == 5, let record = number(fields[2]), let offset = number(fields[3]),
            input.offsets.indices.contains(record - 1), input.offsets[record - 1] == offset,
            let error = line.split(separator: "\"error\":\"", maxSplits: 1).last?.prefix(
                while: { $0 != "\"" }
            )
        else { return nil }
        return ChaosOracle.Named(
            index: record - 1,
            isUnknown: line.contains("\"outcome\":\"unknown\""),
            error: String(error)
        )
    }

    private static func number(_ field: Substring) -> Int? {
        field.split(separator: ":").last.flatMap { Int($0) }
    }

    private static func take(_ summary: JSON, into oracle: inout ChaosOracle) -> [String] {
        guard case .integer(let read)? = summary["read"],
            case .integer(let acked)? = summary["acked"],
            case .integer(let failed)? = summary["failed"],
            case .integer(let unknown)? = summary["unknown"]
        else { return ["I1: no summary"] }
        (oracle.read, oracle.acked) = (read, acked)
        if case .integer(let record)? = summary["first_unacked"]?["record"] {
            oracle.firstUnacked = record - 1
            let offset = record <= recordCount ? input.offsets[record - 1] : input.text.count
            if summary["first_unacked"]?["offset"] != .integer(offset) {
                return ["I1: record \(record) is at \(offset)"]
            }
        }
        let counts = (
            oracle.named.filter { !$0.isUnknown }.count, oracle.named.filter(\.isUnknown).count
        )
        return counts == (failed, unknown)
            ? [] : ["I1: \(counts) were named, (\(failed), \(unknown)) summed up"]
    }

    /// Whether the copy of the acknowledged records is theirs, in order, byte for byte.
    private static func checkCopy(_ copy: [UInt8], _ oracle: ChaosOracle) -> [String] {
        let unacked = Set(oracle.named.map(\.index))
        var expected: [UInt8] = []
        for index in 0..<oracle.read where !unacked.contains(index) {
            let end = index + 1 < recordCount ? input.offsets[index + 1] : input.text.count
            expected += input.text[input.offsets[index]..<end]
        }
        return copy == expected ? [] : ["I1: the copy is not what was acknowledged"]
    }

    // MARK: The log

    private static func readLog(_ output: [UInt8], into oracle: inout ChaosOracle) -> [String] {
        var partitions = [[ChaosOracle.Logged]](repeating: [], count: partitionCount)
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: ",")
            guard fields.count == 7, let partition = number(fields[1]),
                let offset = number(fields[2]), partitions.indices.contains(partition),
                partitions[partition].count == offset,
                let index = Int(fields[5].dropFirst("\"value\":\"".count).prefix { $0 != " " }),
                (0..<recordCount).contains(index)
            else { return ["I7: not a record: \(line)"] }
            let (key, value) = words(index)
            guard fields[4] == "\"key\":\"\(key)\"", fields[5] == "\"value\":\"\(value)\"" else {
                return ["I7: record \(index) is not the same: \(line)"]
            }
            partitions[partition].append(.init(partition: partition, index: index))
        }
        oracle.log = partitions.flatMap { $0 }
        return []
    }
}
