import Glibc
import Testing

/// Fails every system call of kpipe's, one run each, and looks at what became of the records.
///
/// A sample of the runs, each time the same; all of them where `TORTURE` is set (`make torture`).
@Suite("Torture", .timeLimit(.minutes(20)))
struct TortureTests {
    /// Every so many runs there is one in the sample.
    private static let stride = getenv("TORTURE") == nil ? 9 : 1

    /// Calls come in another number each time: what is past the end once may not be again.
    private static let missLimit = 2

    @Test("whichever call fails, records are accounted for", arguments: TortureScenario.allCases)
    func everyCall(scenario: TortureScenario) throws {
        let sandbox = try SandboxProcess("--print")
        let quiet = try scenario.run(sandbox, topic: "quiet", plan: nil)
        try #require(quiet.problems(nil) == [], "\(quiet.outcome.errors)")
        var turn = TortureScenario.allCases.firstIndex(of: scenario) ?? 0
        var runCount = 0
        var struckCount = 0
        for fault in TortureFault.all {
            let usual = quiet.count(of: fault)
            var number = 0
            var missCount = 0
            while missCount < Self.missLimit {
                number += 1
                turn += 1
                guard turn % Self.stride == 0 else {
                    if number > usual { missCount += 1 }
                    continue
                }
                runCount += 1
                let topic = "t\(runCount)"
                let run = try scenario.run(sandbox, topic: topic, plan: fault.plan(number))
                expect(run, to: fault, fault.plan(number), beside: quiet)
                if run.isStruck(by: fault) {
                    struckCount += 1
                } else if number > usual {
                    missCount += 1
                }
                try #require(number < 10 * usual + 1000, "the calls have no end: \(fault)")
            }
        }
        print(
            "torture: \(scenario): \(quiet.calls.count) calls, \(runCount) runs, "
                + "\(struckCount) struck"
        )
        #expect(try sandbox.records().isEmpty)
    }

    @Test(
        "while a call fails for ever, brokers are unavailable: 69",
        arguments: TortureFault.lasting
    )
    func lasting(fault: TortureFault) throws {
        let sandbox = try SandboxProcess("--print")
        let quiet = try TortureScenario.live.run(sandbox, topic: "quiet", plan: nil)
        let options = ["-X", "delivery.timeout.ms=900"]
        let run = try TortureScenario.live.run(
            sandbox,
            topic: "logs",
            plan: fault.plan(1),
            options: options
        )
        expect(run, to: fault, fault.plan(1), beside: quiet)
        #expect(run.isStruck(by: fault))
    }

    @Test("a socket that has room is not asked for ever whether it has", arguments: 1...8)
    func roomAgain(write: Int) throws {
        // The system takes no more for now; then it refuses not to be asked any more.
        let fault = TortureFault(
            call: "writev",
            descriptor: "other",
            effect: "\(EAGAIN)",
            besides: "3:\(ENOMEM):epoll_ctl_mod:other",
            consequences: [.none]
        )
        let sandbox = try SandboxProcess("--print")
        let quiet = try TortureScenario.live.run(sandbox, topic: "quiet", plan: nil)
        let plan = fault.plan(write)
        let run = try TortureScenario.live.run(sandbox, topic: "logs", plan: plan)
        expect(run, to: fault, plan, beside: quiet)
        #expect(run.isStruck(by: fault))
    }

    private func expect(
        _ run: TortureRun,
        to fault: TortureFault,
        _ plan: String,
        beside quiet: TortureRun
    ) {
        let problems = run.problems(fault) + run.leaks(beside: quiet) + run.idleCalls(beside: quiet)
        #expect(
            problems == [],
            "SYSCALL_FAULT=\(plan) \(run.scenario): \(run.outcome.status) \(run.outcome.errors)"
        )
    }
}
