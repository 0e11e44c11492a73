import KafkaProducer

/// What one seed, or many together, came to.
///
/// Sums do not depend on the order in which seeds are run, so neither does a tally.
package struct SeedTally: Sendable {
    /// A seed that found something.
    package struct Finding: Sendable {
        /// The seed.
        package let seed: UInt64
        /// What was found first, with when it was.
        package let problem: String
    }

    /// How many seeds were run.
    package private(set) var seedCount = 0
    /// How many records their producers were given.
    package private(set) var recordCount = 0
    /// How often each kind of fault happened, by ``FaultKind/rawValue``.
    package private(set) var faultCounts = [Int](repeating: 0, count: FaultKind.allCases.count)
    /// The virtual time that passed.
    package private(set) var elapsed = Duration.zero
    /// Seeds in which a broker lost what it had acknowledged or knew of producers, so that order
    /// and number of records in the log are not the producer's to keep (I2 to I4).
    package private(set) var lossCount = 0
    /// The seeds that found something, in the order of the seeds.
    package private(set) var findings: [Finding] = []

    /// Creates the tally of no seed.
    package init() {}

    /// Creates the tally of one seed of which nothing is known but what it found, or `nil` if that
    /// was nothing.
    package init(finding problem: String?, of seed: UInt64) {
        seedCount = 1
        if let problem { findings = [Finding(seed: seed, problem: problem)] }
    }

    /// Creates the tally of one seed that has been run.
    init(seed: UInt64, _ simulation: borrowing Simulation, problems: [String]) {
        seedCount = 1
        recordCount = simulation.takenCount
        faultCounts = simulation.faultCounts
        elapsed = Simulation.start.duration(to: simulation.now)
        lossCount = simulation.brokersLost ? 1 : 0
        if let problem = problems.first { findings = [Finding(seed: seed, problem: problem)] }
    }

    /// Adds another tally, whose seeds come after these.
    package mutating func add(_ other: Self) {
        seedCount += other.seedCount
        recordCount += other.recordCount
        for kind in faultCounts.indices { faultCounts[kind] += other.faultCounts[kind] }
        elapsed += other.elapsed
        lossCount += other.lossCount
        findings += other.findings
    }

    /// How many things went wrong in all.
    package var faultCount: Int { faultCounts.reduce(0, +) }
}
