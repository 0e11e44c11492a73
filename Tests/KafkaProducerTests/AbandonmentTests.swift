import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// A run that is stopped at once, by a second signal or at the end of the drain timeout.
@Suite("Abandonment")
struct AbandonmentTests {
    @Test("names a batch in doubt, and lets the one behind it that is in the log be acknowledged")
    func finalBehindDoubt() {
        var scenario = Scenario(records: 30)
        scenario.producer.batchRecordLimit = 10
        scenario.workload.burst = 10...10
        var simulation = scenario.start()
        simulation.keepsInputOpen = true
        // The first batch of an epoch goes alone (R9); the two behind it go together.
        simulation.schedule(after: .microseconds(1900)) {
            $0.cluster.setLatency(.milliseconds(100), of: 0)
            $0.cluster.inject(.appendThenFail(.requestTimedOut), on: "logs", partition: 0, count: 1)
        }
        simulation.run(until: simulation.now.advanced(by: .milliseconds(150)))
        let answers = simulation.attempts.map { $0.answer?.name ?? "none" }
        // The last is the second sending of the one in doubt, whose answer is still to come.
        #expect(answers == ["NONE", "REQUEST_TIMED_OUT", "NONE", "NONE"])
        #expect(simulation.producer.delivery.ackedCount == 10)
        simulation.abandon()
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.ackedCount == 20)
        #expect(simulation.producer.delivery.unknownCount == 10)
    }
}
