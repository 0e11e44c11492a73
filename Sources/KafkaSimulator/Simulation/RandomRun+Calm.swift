import KafkaProducer

/// The long time after everything is well again.
extension RandomRun {
    /// How long what went wrong may be felt: connects, back-offs, throttles, slow answers.
    private static let aftermath: Duration = .seconds(150)

    /// What is wrong with records that timed out, or `nil` if nothing is.
    ///
    /// The reading has to have been stopped by them, and they must not have been taken when all had
    /// long been well (I11).
    func wrongTimeout(in simulation: borrowing Simulation) -> String? {
        let name = "DELIVERY_TIMEOUT"
        guard simulation.failures.contains(where: { $0.name == name }) else { return nil }
        guard let reason = simulation.stopReason else {
            return "records timed out, and the reading went on"
        }
        guard let timeout = producer.deliveryTimeout, let healedAt = simulation.healedAt,
            reason.name == name
        else { return nil }
        let awaited = min(timeout, producer.requestTimeout)
        let calmAt = healedAt.advanced(by: Self.aftermath + timeout + awaited)
        guard simulation.stoppedAt > calmAt else { return nil }
        return "I11: records timed out at \(simulation.stoppedAt), and all was well by \(healedAt)"
    }

    /// Whether records may fail so since one before them timed out: what stood behind a batch that
    /// ended unknown may be in the log, or not.
    func mayFollow(_ name: String, in simulation: borrowing Simulation) -> Bool {
        name == "OUT_OF_ORDER_SEQUENCE_NUMBER" && simulation.stopReason?.name == "DELIVERY_TIMEOUT"
    }
}

extension Simulation {
    /// Lets the process stand still, as SIGSTOP does, once something more is ambiguous than was:
    /// what may be in the log is then older than a client may send again (R10).
    mutating func standStillSoon(_ pause: Duration, _ ambiguousBefore: Int) {
        guard healedAt == nil, ambiguousCount == ambiguousBefore else {
            let delay = Duration.milliseconds(random.below(100))
            schedule(after: delay) { $0.standStill(pause) }
            return
        }
        schedule(after: .milliseconds(5)) { $0.standStillSoon(pause, ambiguousBefore) }
    }

    /// Lets the process stand still, as SIGSTOP does; what comes meanwhile waits for it.
    package mutating func standStill(_ pause: Duration) {
        note("the process stands still for \(pause)")
        pausedUntil = max(pausedUntil, now.advanced(by: pause))
    }
}
