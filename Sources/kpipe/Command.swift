import Dispatch
import EventLoop
import Glibc
import KafkaProducer
import RecordIntake
import RecordRules

/// One run: joins what the command line means to the event loop, and what happens to words.
final class Command {
    private let configuration: CommandConfiguration
    private let report: Report

    /// Creates a command.
    init(_ configuration: CommandConfiguration) {
        self.configuration = configuration
        report = Report(
            isTerminal: SystemEnvironment.isTerminal(STDERR_FILENO),
            jsonErrors: configuration.jsonErrors,
            omitsValues: configuration.omitsValues,
            isQuiet: configuration.verbosity == .quiet
        )
    }

    /// Runs until everything is delivered or named, and ends the process with the true status.
    func run() throws(CommandError) -> Never {
        do throws(Errno) {
            let descriptors = try Descriptors()
            remark()
            let loop = try EventLoop(
                runConfiguration(descriptors),
                descriptors: descriptors,
                voice: voice()
            ) { summary in
                exit(Self.exitCode(of: summary).status)
            }
            loop.run()
        } catch {
            throw CommandError(
                .inputOutput,
                "cannot begin: the system refused memory or descriptors (\(error.text))"
            )
        }
        dispatchMain()
    }

    private func runConfiguration(_ descriptors: Descriptors) -> RunConfiguration {
        let inputs = configuration.inputs.map { input -> InputSource.Location in
            switch input {
            case .standardInput: .standardInput(descriptors)
            case .file(let path): .path(path)
            }
        }
        var producer = configuration.producer
        for context in configuration.debugContexts {
            switch context {
            case .broker: producer.details.insert(.broker)
            case .topic: producer.details.insert(.topic)
            case .msg: producer.details.insert(.msg)
            case .protocol: producer.details.insert(.protocol)
            case .eos: producer.details.insert(.eos)
            case .security: break  // Nothing is negotiated without TLS and SASL.
            }
        }
        var run = RunConfiguration(
            producer: producer,
            topic: configuration.topic,
            inputs: inputs,
            framing: configuration.framing
        )
        run.maxRecordWasSet = configuration.maxRecordWasSet
        run.fixedKey = configuration.fixedKey
        run.keyRules = configuration.keyRules.rules
        run.keyMissing = configuration.keyMissing.map { policy in
            switch policy {
            case .fail: .fail
            case .null: .null
            case .skip: .skip
            }
        }
        run.recordLimit = configuration.recordLimit
        run.tee = configuration.tee
        run.drainTimeout = configuration.drainTimeout
        run.isVerbose =
            configuration.verbosity == .verbose || !configuration.debugContexts.isEmpty
        var random = SystemRandomNumberGenerator()
        run.seed = random.next()
        return run
    }

    /// Says what there is to say before the first byte is read.
    private func remark() {
        var bytes: [UInt8] = []
        for remark in configuration.remarks
        where !remark.isVerbose || configuration.verbosity == .verbose {
            report.append(Notice(remark), to: &bytes)
        }
        let readsTerminal =
            configuration.inputs.contains(.standardInput)
            && SystemEnvironment.isTerminal(STDIN_FILENO)
        if readsTerminal { report.append(.waitingForInput, to: &bytes) }
        _ = SystemEnvironment.write(bytes, to: STDERR_FILENO)
    }

    // MARK: Words

    private func voice() -> RunVoice {
        RunVoice(
            recordFailed: { [self] line, key, value, buffer in
                report.append(failureLine(line), key: key, value: value, to: &buffer)
            },
            notice: { [self] notice, buffer in
                report.append(withKcatFile(notice), to: &buffer)
            },
            inputFailed: { [self] input, failure, buffer in
                report.append(inputError(input, failure), to: &buffer)
            },
            inputRefused: { [self] input, codec, buffer in
                report.append(compressedInput(input, codec), to: &buffer)
            },
            outputFailed: { [self] descriptor, error, buffer in
                let name = descriptor == STDOUT_FILENO ? "standard output" : "standard error"
                let cause = error.map { ": \($0.text)" } ?? ""
                report.append(
                    CommandError(
                        .inputOutput,
                        "cannot write \(name)\(cause); the delivery goes on without the copy"
                    ),
                    to: &buffer
                )
            },
            stopped: { [self] failure, buffer in
                let status = ExitCode(failure.kind)
                report.append(
                    CommandError(status, "reading stopped: \(failure.message)"),
                    to: &buffer
                )
            },
            summary: { [self] summary, buffer in
                guard isWanted(summary) else { return }
                report.append(summaryLine(summary), to: &buffer)
            }
        )
    }

    private func failureLine(_ line: RunVoice.FailedRecordLine) -> FailureLine {
        FailureLine(
            position: position(line.position),
            size: line.size,
            topic: line.topic,
            partition: line.partition,
            error: line.failure.name,
            code: line.failure.code,
            message: line.failure.message,
            outcome: line.outcome,
            attempts: Int(line.attempts)
        )
    }

    private func position(_ place: RecordPlace) -> InputPosition {
        InputPosition(
            input: configuration.inputs[place.input].name,
            record: place.record,
            offset: place.offset
        )
    }

    private func inputError(_ input: Int, _ failure: InputSource.Failure) -> CommandError {
        let name = String(readable: configuration.inputs[input].name)
        let what = name == "-" ? "standard input" : name
        switch failure {
        case .open(let error):
            return CommandError(.inputUnavailable, "cannot open \(what): \(error.text)")
        case .read(let error):
            return CommandError(
                .inputOutput,
                "cannot read \(what) to its end: \(error.text); what was read is delivered"
            )
        }
    }

    /// Reading compressed input is not built yet; its lines would be garbage.
    private func compressedInput(_ input: Int, _ codec: String) -> CommandError {
        let name = String(readable: configuration.inputs[input].name)
        let what = name == "-" ? "standard input" : name
        let reader = codec == "gzip" ? "zcat" : "zstdcat"
        return CommandError(
            .inputUnavailable,
            "\(what) is compressed with \(codec), which kpipe does not read yet: "
                + "\(reader) FILE | kpipe ..."
        )
    }

    /// kcat's configuration is not ours; where brokers cannot be reached, that may be why.
    private func withKcatFile(_ notice: Notice) -> Notice {
        guard notice.name == "waiting_for_brokers", let file = configuration.unreadKcatFile else {
            return notice
        }
        return Notice(
            name: notice.name,
            message: "\(notice.message); \(String(readable: file)) is read by -F alone"
        )
    }

    /// Whether a summary is printed: always when asked for, at the end only with something to say.
    private func isWanted(_ summary: RunSummary) -> Bool {
        !summary.isFinal || configuration.verbosity == .verbose || summary.signal != nil
            || summary.firstUnacked != nil || summary.failedCount > 0 || summary.unknownCount > 0
            || Self.exitCode(of: summary) != .success
    }

    private func summaryLine(_ summary: RunSummary) -> SummaryLine {
        SummaryLine(
            read: summary.readCount,
            acked: summary.ackedCount,
            failed: summary.failedCount,
            unknown: summary.unknownCount,
            skipped: summary.skippedCount,
            bytes: summary.byteCount,
            duration: summary.elapsed,
            firstUnacked: summary.firstUnacked.map(position),
            isUnconfirmed: configuration.producer.acks == .none
        )
    }

    // MARK: Status

    /// The status of a run.
    static func exitCode(of summary: RunSummary) -> ExitCode {
        ExitCode(
            failureClasses: summary.failureClasses,
            unknownCount: summary.unknownCount,
            transferFailed: summary.transferFailed,
            openFailed: summary.openFailed,
            signal: summary.readEverything ? nil : summary.signal
        )
    }
}
