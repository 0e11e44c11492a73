#if Mutants
package import KafkaProducer

/// Runs one seed after another with a bug in the producer, until the bug shows.
package struct MutantHunt {
    /// The seed that showed it, and how.
    package struct Catch {
        /// The seed.
        package let seed: UInt64
        /// What was found.
        package let problem: String
    }

    private let mutant: MutantSwitch?

    /// Creates a hunt for a mutant, or without one for what the simulator finds anyway.
    package init(for mutant: MutantSwitch?) { self.mutant = mutant }

    /// The run of a seed, with the mutant.
    package func run(of seed: UInt64) -> RandomRun {
        var run = cleanRun(of: seed)
        run.producer.mutant = mutant
        return run
    }

    /// The run of a seed without the mutant.
    ///
    /// A batch that expires half written shows only if the rest of it is sent and the run goes on:
    /// its time has to be short and that of an answer long, which few seeds have.
    private func cleanRun(of seed: UInt64) -> RandomRun {
        var run = RandomRun(seed: seed)
        if mutant?.expiresInFlight == true, run.producer.deliveryTimeout != nil {
            run.producer.deliveryTimeout = .seconds(2)
            run.producer.requestTimeout = .seconds(30)
        }
        return run
    }

    /// Runs seeds until one finds something.
    ///
    /// - Parameters:
    ///   - seeds: The seeds, of which those after the first that finds something are not run.
    ///   - didStart: Is told of each seed before it is run, which may be the end of the
    ///     process.
    /// - Returns: What was found, or `nil` if nothing was.
    package func firstCatch(
        in seeds: Range<UInt64>,
        _ didStart: (UInt64) -> Void
    ) -> Catch? {
        for seed in seeds {
            didStart(seed)
            let run = run(of: seed)
            var simulation = run.start()
            if let problem = run.run(&simulation).first, isClean(seed) {
                return Catch(seed: seed, problem: problem)
            }
        }
        return nil
    }

    /// Whether a seed finds nothing without the mutant: else it proves nothing of it.
    private func isClean(_ seed: UInt64) -> Bool {
        let run = cleanRun(of: seed)
        var simulation = run.start()
        return run.run(&simulation).isEmpty
    }
}
#endif
