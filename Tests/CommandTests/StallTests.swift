import Glibc
import Testing

/// Brokers that are there and do nothing for a minute, under an input that never ends.
///
/// It takes as long as it says, on threads of its own, while other tests run.
@Suite("A stall of all brokers")
struct StallTests {
    /// How they are frozen, and come to themselves again.
    enum Freeze: CaseIterable {
        /// Connections are open, and nothing is read from them.
        case pause
        /// The whole program stands still: connections are made by the system, and nobody is there.
        case stop
    }

    private static let seconds = 60
    private static let recordSize = 4000
    /// Every request is a batch of its own, so several are under way, and in several partitions.
    private static let partitionCount = 6
    /// `buffer.memory` by default, and what a program may have beside it.
    private static let memoryLimit = (32 + 32) << 20

    @Test("holds the input back, in bounded memory, without work, and all is delivered afterwards")
    func stall() async {
        let freezes = Freeze.allCases
        let problems = await Threads.map(freezes.indices, width: 2) { Self.run(freezes[$0]) }
        for (freeze, found) in zip(freezes, problems) { #expect(found == [], "\(freeze)") }
    }

    private static func run(_ freeze: Freeze) -> [String] {
        let arguments = ["--brokers", "3", "--topic", "logs:\(partitionCount)", "--print"]
        guard let sandbox = try? SandboxProcess(arguments) else { fatalError("no sandbox") }
        let writer = EndlessWriter(recordSize: recordSize)
        let child = Kpipe.start(
            sandbox,
            [
                "-F", "none", "-q", "--partitioner", "roundrobin", "-X",
                "delivery.timeout.ms=600000",
            ],
            input: .descriptor(writer.readEnd)
        )
        write(writer, to: child) { _ in writer.consumedCount > 1 << 20 }
        freeze.begin(sandbox)
        // What has room is read: then nothing moves.
        var quietSince = ChildProcess.now
        write(writer, to: child) {
            if $0 { quietSince = ChildProcess.now }
            return ChildProcess.now - quietSince > 3_000_000_000
        }
        var problems: [String] = []
        let (held, used) = (writer.writtenCount, child.processorTime)
        let end = ChildProcess.now + Int64(seconds) * 1_000_000_000
        while ChildProcess.now < end, !child.hasEnded {
            if writer.write() { problems.append("I16: the input was read during the stall") }
            child.keepUp()
            usleep(100_000)
        }
        let work = child.processorTime - used
        if work * 100 > seconds * 1000 { problems.append("I11: \(work) ms of work in the stall") }
        let peak = child.peakMemory
        if peak > memoryLimit { problems.append("I9: \(peak >> 10) KiB of memory") }
        if held < 16 << 20 { problems.append("no more than \(held) bytes were taken") }
        freeze.end(sandbox)
        write(writer, to: child) { _ in writer.writtenCount > held + 1 << 20 }
        let count = writer.finish(child)
        print(
            "stall by \(freeze): held \(held >> 10) KiB, peak \(peak >> 10) KiB, \(work) ms of work"
        )
        return problems + check(child.waitForEnd(), count, sandbox, writer)
    }

    /// Writes until something holds, which is told whether the pipe took anything, or for a minute.
    private static func write(
        _ writer: EndlessWriter,
        to child: ChildProcess,
        until isDone: (Bool) -> Bool
    ) {
        let end = ChildProcess.now + 60_000_000_000
        while ChildProcess.now < end, !child.hasEnded {
            let wasTaken = writer.write()
            if isDone(wasTaken) { return }
            child.keepUp()
            if !wasTaken { usleep(2000) }
        }
    }

    /// Whether everything that was written is in the log, once and in order, and said to be.
    private static func check(
        _ outcome: ChildProcess.Outcome,
        _ count: Int,
        _ sandbox: SandboxProcess,
        _ writer: EndlessWriter
    ) -> [String] {
        // The run says nothing where all is well, and with -q nothing but failures otherwise.
        var oracle = ChaosOracle(
            offered: count,
            read: count,
            acked: count,
            status: outcome.status,
            log: []
        )
        var problems = outcome.errors.isEmpty ? [] : [outcome.errors]
        sandbox.child.send(SIGTERM)
        problems += oracle.takeLog(sandbox.child.waitForEnd().output) { index in
            ("null", "\"\(writer.value(index))\"")
        }
        return problems + oracle.problems()
    }
}

extension StallTests.Freeze {
    func begin(_ sandbox: SandboxProcess) {
        switch self {
        case .pause: _ = try? sandbox.control("pause")
        case .stop: sandbox.child.send(SIGSTOP)
        }
    }

    func end(_ sandbox: SandboxProcess) {
        switch self {
        case .pause: _ = try? sandbox.control("resume")
        case .stop: sandbox.child.send(SIGCONT)
        }
    }
}
