import Glibc
import KafkaProducer

let arguments = SystemEnvironment.arguments
do throws(CommandError) {
    switch try CommandLineAction(arguments, in: SystemEnvironment.environment) {
    case .produce(let configuration):
        try Command(configuration).run()
    case .print(let text):
        let isWritten = SystemEnvironment.write(Array(text.utf8), to: STDOUT_FILENO)
        exit((isWritten ? ExitCode.success : .inputOutput).status)
    }
} catch {
    let report = Report(
        isTerminal: SystemEnvironment.isTerminal(STDERR_FILENO),
        jsonErrors: arguments.contains(Array("--json-errors".utf8))
    )
    var line: [UInt8] = []
    report.append(error, to: &line)
    _ = SystemEnvironment.write(line, to: STDERR_FILENO)
    exit(error.status.status)
}
