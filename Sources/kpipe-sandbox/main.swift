import Glibc

// The sandbox: a fake cluster on TCP. `--help` says how it is used.

private func fail(_ message: String, status: Int32) -> Never {
    Descriptor.error.writeAll("kpipe-sandbox: \(message)\n")
    exit(status)
}

Descriptor.reserveStandardThree()
do {
    let options = try SandboxOptions(Array(CommandLine.arguments.dropFirst()))
    if options.wantsHelp {
        Descriptor.output.writeAll(SandboxHelp.text)
        exit(0)
    }
    let server = try SandboxServer(options, stop: StopSignals.install())
    exit(server.run() ? 0 : 3)
} catch let error as SandboxOptions.UsageError {
    fail(error.message, status: 64)
} catch let error as Descriptor.Failure {
    fail("\(error.call): \(error.reason)", status: 71)
} catch {
    fail("\(error)", status: 70)
}
