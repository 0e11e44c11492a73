#if Mutants
import Glibc
import KafkaProducer
import KafkaSimulator

/// Hunts every mutant in a process of its own, as some of them end in a trap, and prints the
/// table of what showed them.
struct MutantReport {
    private let options: SimulatorOptions

    /// Creates a report of what the options ask for.
    init(_ options: SimulatorOptions) { self.options = options }

    /// Hunts all mutants, and none at all: the producer as it is must not be caught.
    ///
    /// - Returns: Whether all were caught.
    func runAll() async -> Bool {
        let clock = ContinuousClock()
        let start = clock.now
        let seedCount = options.seedCount
        let processorCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        var names = MutantSwitch.all.map(\.name)[...]
        var results: [String: MutantProcess.Result] = [:]
        await withTaskGroup(of: (String, MutantProcess.Result).self) { group in
            func startNext() {
                guard let name = names.popFirst() else { return }
                group.addTask { (name, MutantProcess.hunt(name, seedCount: seedCount)) }
            }
            for _ in 0..<(options.jobCount ?? processorCount) { startNext() }
            while let (name, result) = await group.next() {
                startNext()
                results[name] = result
            }
        }
        print("| mutant | from | seeds | caught by |\n|---|---|---|---|")
        var survivorCount = 0
        for mutant in MutantSwitch.all {
            guard let result = results[mutant.name] else { continue }
            if result.problem == nil { survivorCount += 1 }
            let problem = result.problem ?? "SURVIVED"
            print("| \(mutant.name) | \(mutant.origin) | \(result.seedCount) | \(problem) |")
        }
        let count = MutantSwitch.all.count
        print("\(count) mutants, \(survivorCount) survived; \(start.duration(to: clock.now))")
        return survivorCount == 0
    }

    /// Hunts one mutant in this process.
    ///
    /// - Returns: Whether it was caught, or `nil` if there is none of the name.
    func run(_ name: String) -> Bool? {
        guard let mutant = MutantSwitch.all.first(where: { $0.name == name }) else {
            return nil
        }
        let hunt = MutantHunt(for: mutant)
        if let seed = options.seed { return trace(hunt.run(of: seed)) }
        let end = options.firstSeed + options.seedCount
        let found = hunt.firstCatch(in: options.firstSeed..<end) { seed in
            print(seed)
            fflush(nil)
        }
        guard let found else { return false }
        print("\(found.seed) \(found.problem)")
        return true
    }

    private func trace(_ run: RandomRun) -> Bool {
        var simulation = run.start()
        simulation.isTracing = options.isTracing
        let problems = run.run(&simulation)
        for line in simulation.trace { print(line) }
        for problem in problems { print(problem) }
        return !problems.isEmpty
    }
}
#endif
