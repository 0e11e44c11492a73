import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// Answers other than 0, one kind at a time, while several batches are under way.
@Suite("Refusals")
struct RefusalTests {
    /// Small batches, so that several are in flight when something goes wrong.
    static func busy(records: Int = 1500, brokers: Int = 1, partitions: Int = 1) -> Scenario {
        var scenario = Scenario(records: records, brokers: brokers, partitions: partitions)
        scenario.producer.batchSize = 600
        scenario.producer.linger = .zero
        return scenario
    }

    static let retriable: [ErrorCode] = [
        .unknownTopicOrPartition, .leaderNotAvailable, .notLeaderOrFollower, .requestTimedOut,
        .notEnoughReplicas, .notEnoughReplicasAfterAppend, .kafkaStorageError, .unknownServerError,
        .corruptMessage,
    ]

    @Test("delivers once and in order behind a retriable refusal", arguments: retriable, [0, 3, 7])
    func retriableRefusal(code: ErrorCode, after: Int) {
        Self.busy().expectAllDelivered { simulation in
            simulation.schedule(after: .milliseconds(after)) {
                $0.cluster.inject(.refuse(code), on: "logs", partition: 0, count: 2)
            }
        }
    }

    @Test(
        "delivers once and in order behind an append that was answered with an error",
        arguments: retriable,
        [0, 3, 7]
    )
    func appendedAndRefused(code: ErrorCode, after: Int) {
        Self.busy().expectAllDelivered { simulation in
            simulation.schedule(after: .milliseconds(after)) {
                $0.cluster.inject(.appendThenFail(code), on: "logs", partition: 0, count: 2)
            }
        }
    }

    @Test("keeps the order without idempotence", arguments: retriable)
    func notIdempotent(code: ErrorCode) {
        guard code != .unknownServerError else { return }
        var scenario = Self.busy()
        scenario.producer.idempotence = false
        scenario.expectAllDelivered { simulation in
            simulation.schedule(after: .milliseconds(3)) {
                $0.cluster.inject(.refuse(code), on: "logs", partition: 0, count: 2)
            }
        }
    }

    @Test(
        "resends what a lost answer was about",
        arguments: [
            ProduceFault.disconnect, .appendThenDisconnect, .appendThenHang, .appendThenOmit,
        ],
        [0, 3, 7]
    )
    func lostAnswer(fault: ProduceFault, after: Int) {
        for partitions in [1, 3] {
            Self.busy(partitions: partitions).expectAllDelivered { simulation in
                simulation.schedule(after: .milliseconds(after)) {
                    $0.cluster.inject(fault, on: "logs", partition: 0, count: 2)
                }
            }
        }
    }

    @Test("fails the topic when writing to it is not allowed")
    func notAuthorized() {
        var simulation = Self.busy().start()
        simulation.schedule(after: .milliseconds(3)) {
            $0.cluster.inject(
                .refuse(.topicAuthorizationFailed),
                on: "logs",
                partition: 0,
                count: 1000
            )
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.stopReason?.kind == .denied)
        #expect(simulation.producer.delivery.failedCount > 0)
        #expect(simulation.producer.delivery.unknownCount == 0)
    }

    @Test("ends a batch unknown when the broker answers with a code nobody knows")
    func unknownCode() {
        var simulation = Self.busy().start()
        simulation.schedule(after: .milliseconds(3)) {
            $0.cluster.inject(
                .appendThenFail(ErrorCode(rawValue: 999)),
                on: "logs",
                partition: 0
            )
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.unknownCount > 0)
        #expect(simulation.failures.first?.name == "UNKNOWN_ERROR_999")
    }

    @Test("gives a batch up after three answers of -1, and says that it may be there")
    func unknownServerError() {
        var simulation = Self.busy().start()
        simulation.schedule(after: .milliseconds(3)) {
            $0.cluster.inject(.refuse(.unknownServerError), on: "logs", partition: 0, count: 9)
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.unknownCount > 0)
        #expect(simulation.producer.delivery.failedCount == 0)
    }

    @Test("gives a batch up that always arrives corrupt, and goes on with the others")
    func corrupt() {
        var simulation = Self.busy().start()
        simulation.schedule(after: .milliseconds(3)) {
            $0.cluster.inject(.refuse(.corruptMessage), on: "logs", partition: 0, count: 9)
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.failedCount > 0)
        #expect(simulation.producer.delivery.unknownCount == 0)
        #expect(simulation.failures.first?.kind == .protocolBroken)
    }

    @Test("fails at the first refusal when no retries are allowed")
    func noRetries() {
        var scenario = Self.busy()
        scenario.producer.retries = 0
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(3)) {
            $0.cluster.inject(.refuse(.notEnoughReplicas), on: "logs", partition: 0)
        }
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.failedCount > 0)
        #expect(simulation.producer.delivery.unknownCount == 0)
        #expect(simulation.failures.first?.kind == .unavailable)
    }

    @Test("is silent for as long as a throttle asks")
    func throttle() {
        Self.busy(brokers: 2, partitions: 4).expectAllDelivered { simulation in
            simulation.cluster.throttle(broker: 0, milliseconds: 300, count: 5)
            simulation.schedule(after: .milliseconds(3)) {
                $0.cluster.throttle(broker: 1, milliseconds: 40_000)
            }
        }
    }

    /// Found by seed 32103 of the simulator: garbage asked for a throttle of 65 s, or of 24 days.
    @Test("ends in time also where a throttle asks for days and an answer is missing")
    func endlessThrottle() {
        var scenario = Self.busy(brokers: 2, partitions: 4)
        scenario.producer.deliveryTimeout = .seconds(10)
        scenario.producer.requestTimeout = .seconds(5)
        var simulation = scenario.start()
        simulation.schedule(after: .milliseconds(3)) {
            $0.cluster.throttle(broker: 1, milliseconds: .max)
            for partition: Int32 in 0..<4 {
                $0.cluster.inject(.appendThenHang, on: "logs", partition: partition, count: 9)
            }
        }
        simulation.run()
        simulation.expectNoProblem()
        let delivery = simulation.producer.delivery
        #expect(delivery.unknownCount > 0)
        #expect(simulation.isFinished == true)
        #expect(simulation.now < Instant(nanoseconds: 40_000_000_000))
    }
}
