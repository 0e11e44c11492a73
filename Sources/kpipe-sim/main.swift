import Glibc
import KafkaSimulator

// The simulator: whole runs in virtual time, of which everything is drawn from a seed. `--help`
// says how it is used.

do throws(SimulatorOptions.UsageError) {
    let options = try SimulatorOptions()
    if options.wantsHelp {
        print(SimulatorOptions.help, terminator: "")
        exit(0)
    }
    if options.huntsMutants || options.mutant != nil { exit(try await hunt(options) ? 0 : 1) }
    let report = SimulationReport(options)
    let isClean =
        if let seed = options.seed { report.run(seed) } else { await report.runMany() }
    exit(isClean ? 0 : 1)
} catch {
    SimulatorOptions.refuse(error)
}

/// Hunts mutants as the options ask.
///
/// - Returns: Whether all were caught.
/// - Throws: ``SimulatorOptions/UsageError`` if there is no such mutant here.
func hunt(_ options: SimulatorOptions) async throws(SimulatorOptions.UsageError) -> Bool {
    #if Mutants
    let report = MutantReport(options)
    guard let name = options.mutant else { return await report.runAll() }
    guard let isCaught = report.run(name) else {
        throw SimulatorOptions.UsageError(message: "--mutant \(name): there is none")
    }
    return isCaught
    #else
    throw SimulatorOptions.UsageError(message: "this build has no mutants")
    #endif
}
