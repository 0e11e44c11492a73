import KafkaSimulator
import Testing

/// Whole runs in virtual time, of which everything is drawn from a seed.
@Suite("Simulation")
struct SimulationTests {
    @Test("finds nothing wrong in fixed seeds", arguments: 0..<5)
    func seeds(block: Int) {
        for seed in UInt64(block * 20)..<UInt64(block * 20 + 20) {
            let findings = RandomRun(seed: seed).tally().findings
            #expect(findings.isEmpty, "seed \(seed): \(findings.first?.problem ?? "")")
        }
    }

    @Test("is the same run again for the same seed", arguments: [UInt64(3), 17, 59])
    func repetition(seed: UInt64) {
        var traces: [[String]] = []
        for _ in 0..<2 {
            let run = RandomRun(seed: seed)
            var simulation = run.start()
            simulation.isTracing = true
            _ = run.run(&simulation)
            traces.append(simulation.trace)
        }
        #expect(traces[0].count > 10)
        #expect(traces[0] == traces[1])
    }

    @Test("comes to the same however many seeds run at a time")
    func threads() async {
        var accounts: [String] = []
        for jobCount in [1, 3, 64] {
            let sweep = SeedSweep(seeds: 100..<140, jobCount: jobCount) { seed in
                RandomRun(seed: seed).tally()
            }
            var found: [UInt64] = []
            let tally = await sweep.tally { found.append($0.seed) }
            accounts.append(
                "\(tally.seedCount) \(tally.recordCount) \(tally.faultCounts) \(tally.elapsed) "
                    + "\(tally.lossCount) \(found)"
            )
        }
        #expect(Set(accounts).count == 1, "\(accounts)")
    }

    @Test("names findings in the order of the seeds")
    func order() async {
        // Of each seven seeds one finds something, in whatever order they end.
        let sweep = SeedSweep(seeds: 0..<200, jobCount: 8) { seed in
            seed % 7 == 3
                ? SeedTally(finding: "seed \(seed)", of: seed) : SeedTally(finding: nil, of: seed)
        }
        var found: [UInt64] = []
        let tally = await sweep.tally { found.append($0.seed) }
        #expect(found == (0..<200).filter { $0 % 7 == 3 })
        #expect(tally.seedCount == 200)
        #expect(tally.findings.map(\.problem).first == "seed 3")
    }

    @Test("causes at least twenty faults in a seed, on average, and each kind of them")
    func faults() {
        var count = 0
        var kinds: Set<FaultKind> = []
        for seed in UInt64(0)..<1000 {
            let run = RandomRun(seed: seed)
            count += run.faultCount
            kinds.formUnion(run.kinds)
            #expect(run.faultCount <= 200)
        }
        #expect(count >= 20 * 1000)
        #expect(kinds == Set(FaultKind.allCases))
    }
}
