import KafkaSimulator

/// Runs seeds, and prints what they came to.
struct SimulationReport {
    private let options: SimulatorOptions

    /// Creates a report of what the options ask for.
    init(_ options: SimulatorOptions) { self.options = options }

    /// Runs one seed.
    ///
    /// - Returns: Whether nothing was found.
    func run(_ seed: UInt64) -> Bool {
        let clock = ContinuousClock()
        let start = clock.now
        let run = RandomRun(seed: seed, isBig: options.isBig)
        var simulation = run.start()
        simulation.isTracing = options.isTracing || options.tracesTurns
        simulation.tracesTurns = options.tracesTurns
        let tally = run.tally(&simulation)
        if simulation.isTracing {
            print("\(run)")
            for line in simulation.trace { print(line) }
        }
        tally.findings.forEach(show)
        for problem in simulation.problems.dropFirst() { print("# also \(problem)") }
        summarize(tally, duration: clock.now - start)
        return tally.findings.isEmpty
    }

    /// Runs many seeds.
    ///
    /// - Returns: Whether nothing was found.
    func runMany() async -> Bool {
        let clock = ContinuousClock()
        let start = clock.now
        let isBig = options.isBig
        let sweep = SeedSweep(
            seeds: options.firstSeed..<options.firstSeed + options.seedCount,
            jobCount: options.jobCount
        ) { seed in
            RandomRun(seed: seed, isBig: isBig).tally()
        }
        let tally = await sweep.tally(show)
        summarize(tally, duration: clock.now - start)
        return tally.findings.isEmpty
    }

    /// Prints the line that repeats a finding.
    private func show(_ finding: SeedTally.Finding) {
        let big = options.isBig ? " --big" : ""
        print("kpipe-sim\(big) --seed \(finding.seed) # \(finding.problem)")
    }

    private func summarize(_ tally: SeedTally, duration: Duration) {
        let seconds =
            Double(duration.components.seconds)
            + Double(duration.components.attoseconds) / 1e18
        print("\(tally.seedCount) seeds, \(tally.findings.count) of them found something")
        print("\(tally.recordCount) records, \(tally.faultCount) faults:")
        for kind in FaultKind.allCases {
            print("  \(kind) \(tally.faultCounts[kind.rawValue])")
        }
        print("\(tally.lossCount) seeds in which a broker lost records or producer state")
        print("\(tally.elapsed.components.seconds) s of virtual time")
        let rate = Double(tally.seedCount) / max(seconds, 1e-9)
        print("\(Self.rounded(seconds)) s, \(Self.rounded(rate)) seeds a second")
    }

    private static func rounded(_ number: Double) -> String {
        "\((number * 10).rounded() / 10)"
    }
}
