/// Runs many seeds on all processors.
///
/// A seed is a value that knows nothing of another, and what blocks of seeds came to is put
/// together in the order of the seeds: the outcome is the same whatever the number of threads.
package struct SeedSweep: Sendable {
    /// Seeds that one task runs: few enough that no processor waits long for the last.
    private static let blockSize: UInt64 = 8

    /// The seeds to run.
    private let seeds: Range<UInt64>
    private let jobCount: Int
    private let run: @Sendable (UInt64) -> SeedTally

    /// Creates a sweep.
    ///
    /// - Parameters:
    ///   - seeds: The seeds to run.
    ///   - jobCount: How many tasks run at a time, or `nil` for more than there are processors.
    ///   - run: Runs one seed.
    package init(
        seeds: Range<UInt64>,
        jobCount: Int? = nil,
        run: @escaping @Sendable (UInt64) -> SeedTally
    ) {
        self.seeds = seeds
        self.jobCount = max(1, jobCount ?? 64)
        self.run = run
    }

    /// Runs the seeds.
    ///
    /// - Parameter didFind: Is told of each seed that found something, in the order of the seeds.
    /// - Returns: What they came to together.
    package func tally(_ didFind: (SeedTally.Finding) -> Void) async -> SeedTally {
        var total = SeedTally()
        var early: [UInt64: SeedTally] = [:]
        var next = seeds.lowerBound
        var awaited = seeds.lowerBound
        await withTaskGroup(of: (UInt64, SeedTally).self) { group in
            func startNext() {
                guard next < seeds.upperBound else { return }
                let block = next..<min(next + Self.blockSize, seeds.upperBound)
                next = block.upperBound
                let run = run
                group.addTask {
                    var tally = SeedTally()
                    for seed in block { tally.add(run(seed)) }
                    return (block.lowerBound, tally)
                }
            }
            for _ in 0..<jobCount { startNext() }
            while let (start, tally) = await group.next() {
                startNext()
                early[start] = tally
                while let tally = early.removeValue(forKey: awaited) {
                    tally.findings.forEach(didFind)
                    total.add(tally)
                    awaited += UInt64(tally.seedCount)
                }
            }
        }
        return total
    }
}
