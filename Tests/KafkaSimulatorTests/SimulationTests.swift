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
}
