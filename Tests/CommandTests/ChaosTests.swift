import Glibc
import Testing

/// The built kpipe against a cluster on TCP in which things go wrong by themselves, from seeds.
@Suite("Chaos")
struct ChaosTests {
    /// So many runs at a time: most of a run is waiting.
    private static let width = 6

    /// The seeds: 40, or what `make chaos` asks for.
    private static let seeds: Range<Int> = {
        let first = number("KPIPE_CHAOS_FROM") ?? 0
        return first..<first + (number("KPIPE_CHAOS_SEEDS") ?? 40)
    }()

    /// What goes wrong at least once in 40 seeds.
    private static let kinds = [
        "reset", "half-request", "close", "lost-answer", "half-answer", "split-answer", "delay",
        "silence", "omission", "refusal", "appended-refusal", "fatal-refusal", "leader-move",
        "stale-metadata", "throttle", "outage", "restart", "state-loss",
    ]

    private static func number(_ name: String) -> Int? {
        getenv(name).flatMap { Int(String(cString: $0)) }
    }

    /// Runs the seeds, and records what was wrong, each with what repeats it.
    private static func results(
        _ seeds: Range<Int>,
        _ profile: ChaosRun.Profile
    ) async -> [ChaosRun.Result] {
        let results = await Threads.map(seeds, width: width) { seed in
            let result = ChaosRun.run(seed: seed, profile)
            if !result.problems.isEmpty {
                print("make chaos FROM=\(seed) N=1: \(result.problems.joined(separator: "; "))")
            }
            return result
        }
        for result in results where !result.problems.isEmpty {
            let problems = result.problems.prefix(5).joined(separator: "\n")
            Issue.record("make chaos FROM=\(result.seed) N=1\n\(result.closing)\n\(problems)")
        }
        return results
    }

    @Test("on the way to the brokers loses nothing, doubles nothing, and the report is true")
    func faults() async {
        let results = await Self.results(Self.seeds, .init())
        // Seeds without chaos would prove nothing.
        let faults = results.map(\.faults).reduce(0, +)
        #expect(faults > 5 * results.count)
        if results.count >= 40 {
            for kind in Self.kinds {
                #expect(results.contains { $0.closing.contains(" \(kind)=") })
            }
        }
        Self.printTable("kpipe", results)
    }

    @Test("that outlasts the deadlines leaves every record that was not delivered named")
    func deadlines() async {
        let profile = ChaosRun.Profile(
            rate: 60,
            options: ["-X", "delivery.timeout.ms=1500", "-X", "request.timeout.ms=500"]
        )
        let first = Self.seeds.lowerBound
        let results = await Self.results(first..<first + max(1, Self.seeds.count / 4), profile)
        Self.printTable("kpipe, 60 %, 1.5 s", results)
    }

    @Test("doubles records where idempotence is off, which is found out, and loses none")
    func withoutIdempotence() async {
        let profile = ChaosRun.Profile(options: ["-X", "enable.idempotence=false"])
        let results = await Threads.map(0..<8, width: Self.width) { seed in
            ChaosRun.run(seed: seed, profile)
        }
        #expect(results.contains { $0.duplicates > 0 })
        for result in results {
            #expect(result.lost == 0 && result.inversions == 0, "seed \(result.seed)")
        }
        if getenv("KPIPE_CHAOS_KCAT") != nil { await Self.compareWithKcat() }
    }

    /// Runs kcat for comparison, by its defaults and with idempotence.
    ///
    /// The few kinds are those of the runs that once measured what kcat is worth.
    private static func compareWithKcat() async {
        let few = ["close", "lost-answer", "refusal", "appended-refusal", "delay"]
        for (name, kinds) in [("few kinds", few), ("all kinds", [])] {
            let kpipe = await results(seeds, .init(kinds: kinds))
            printTable("kpipe, \(name)", kpipe)
            for options in [[], ["-X", "enable.idempotence=true"]] {
                let profile = ChaosRun.Profile(kinds: kinds, options: options)
                let results = await Threads.map(seeds, width: width) { seed in
                    ChaosRun.runKcat(seed: seed, profile)
                }
                printTable("kcat \(options.joined(separator: " ")), \(name)", results)
                // Where nobody forgets, whoever says that it is idempotent doubles nothing; else
                // the oracle is wrong.
                if kinds.isEmpty { continue }
                #expect(results.allSatisfy { $0.duplicates == 0 } == !options.isEmpty)
            }
        }
    }

    /// Prints a row of the table in docs/RELIABILITY.md.
    private static func printTable(_ name: String, _ results: [ChaosRun.Result]) {
        let statuses = Dictionary(grouping: results, by: \.status)
            .sorted { $0.key < $1.key }.map { "\($0.value.count) x \($0.key)" }
        let doubled = results.filter { $0.duplicates > 0 }
        let lost = results.filter { $0.lost > 0 }
        print(
            "| \(name) | \(results.count) | \(results.map(\.faults).reduce(0, +))",
            "| \(doubled.count) (\(doubled.map(\.duplicates).reduce(0, +)))",
            "| \(results.filter { $0.inversions > 0 }.count)",
            "| \(lost.count) (\(lost.map(\.lost).reduce(0, +)))",
            "| \(statuses.joined(separator: ", ")) |"
        )
    }
}
