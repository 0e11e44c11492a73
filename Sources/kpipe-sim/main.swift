import KafkaSimulator

// kpipe-sim FROM [TO]: runs the seeds from FROM up to, not including, TO, with one line for each
// that found something; of a single seed everything that happened is printed.

let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
let first = numbers.first ?? 0
let end = numbers.dropFirst().first ?? first + 1
var failedCount = 0
for seed in first..<end {
    let run = RandomRun(seed: seed)
    var simulation = run.start()
    simulation.isTracing = end == first + 1
    let problems = run.run(&simulation)
    if simulation.isTracing {
        print("\(run)")
        for line in simulation.trace { print(line) }
    }
    guard let problem = problems.first else { continue }
    failedCount += 1
    print(problem)
}
print("\(end - first) seeds, \(failedCount) failed")
