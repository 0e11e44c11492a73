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
    let report = SimulationReport(options)
    let isClean =
        if let seed = options.seed { report.run(seed) } else { await report.runMany() }
    exit(isClean ? 0 : 1)
} catch {
    SimulatorOptions.refuse(error)
}
