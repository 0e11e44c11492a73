internal import Glibc
internal import KafkaProducer
internal import RecordIntake

/// Signals, draining, and the end.
extension EventLoop {
    /// After a second signal, or output that nobody reads, how long the last lines may take to be
    /// read.
    private static let lastWords: Duration = .seconds(1)

    /// No more records come: what there is is sent.
    func beginDraining() {
        guard stage == .reading || stage == .appending else { return }
        stage = .draining
        producer.drain(now: SystemClock.now)
        dropUnread()
    }

    /// Looks at how far the run is.
    func advanceStage(now: Instant) {
        if let deadline = drainDeadline, deadline <= now, !producerDidFinish {
            giveUp(now: now)
            // What that led to is for another turn to do.
            wake()
        }
        if stage == .draining, producerDidFinish {
            stage = .flushing
            drainDeadline = nil
        }
        watchOutput(now: now)
        guard stage == .flushing else { return }
        if teeIsComplete { summarizeOnce() }
        if didSummarize, standardError.isDrained { end() }
    }

    /// Output that is all that is waited for, and that nobody reads for `--drain-timeout` or a
    /// second, whichever is longer, is given up.
    private func watchOutput(now: Instant) {
        switch stage {
        case .flushing: break
        case .draining where !standardError.isDrained: break
        case .appending where pump.refusal != nil: break
        case .reading, .appending, .draining:
            // A second signal sets a deadline whatever the stage; all else may still move.
            if signalCount < 2 { outputDeadline = nil }
            if outputDeadline == nil { return }
        case .ended: return
        }
        if standardError.writtenCount != watchedCount {
            // Somebody reads: what is left to be named is named, after a second signal too.
            outputDeadline = signalCount < 2 ? nil : now.advanced(by: Self.lastWords)
        }
        watchedCount = standardError.writtenCount
        guard let deadline = outputDeadline else {
            // A reader that is a moment behind is one: also where nothing is to be waited for.
            outputDeadline = now.advanced(by: max(configuration.drainTimeout, Self.lastWords))
            return
        }
        guard deadline <= now else { return }
        guard deadline.advanced(by: Self.lastWords) > now else {
            // It was this process that stood still.
            outputDeadline = now.advanced(by: Self.lastWords)
            return
        }
        summary.transferFailed = true
        guard stage == .flushing, !didSummarize else { return end() }
        // The copy is given up. Who reads the account is another, and gets a moment of his own.
        standardOutput = nil
        outputDeadline = now.advanced(by: Self.lastWords)
    }

    /// Takes a signal: the first ends the reading, the second the waiting.
    func didReceiveSignal(_ signal: Int32) {
        guard stage != .ended else { return }
        if signal == SIGUSR1 {
            standardError.append { voice.summary(currentSummary(isFinal: false), &$0) }
            return
        }
        let now = SystemClock.now
        signalCount += 1
        if signalCount == 1 {
            summary.signal = signal
            drainDeadline = now.advanced(by: configuration.drainTimeout)
            stopReading()
        } else {
            stopReading()
            giveUp(now: now)
            outputDeadline = now.advanced(by: Self.lastWords)
        }
        turn()
    }

    private func giveUp(now: Instant) {
        drainDeadline = nil
        workers.abandon()
        producer.abandon(now: now)
        // What was read and not taken yet is named, too.
        pump.refusal = .abandoned
    }

    private func summarizeOnce() {
        guard !didSummarize else { return }
        didSummarize = true
        say { .flushed(producer.delivery.flushes) }
        standardError.append { voice.summary(currentSummary(isFinal: true), &$0) }
    }

    private func end() {
        guard stage != .ended else { return }
        if !didSummarize { summarizeOnce() }
        stage = .ended
        if standardError.failure != nil { summary.transferFailed = true }
        didEnd(currentSummary(isFinal: true))
    }

    /// What the run has come to so far.
    private func currentSummary(isFinal: Bool) -> RunSummary {
        let delivery = producer.delivery
        var result = summary
        result.isFinal = isFinal
        result.readCount = pump.ordinal
        result.skippedCount = pump.skippedCount
        result.byteCount = ring.consumed - droppedCount
        result.ackedCount = delivery.ackedCount
        result.failedCount += delivery.failedCount
        result.unknownCount = delivery.unknownCount
        result.elapsed = startedAt.duration(to: SystemClock.now)
        for kind in delivery.failureClasses where !result.failureClasses.contains(kind) {
            result.failureClasses.append(kind)
        }
        result.firstUnacked = firstUnacked(delivery)
        return result
    }

    /// The first record neither acknowledged nor skipped, or the first byte not read as one.
    private func firstUnacked(_ delivery: DeliveryReport) -> RecordPlace? {
        var first = delivery.firstUnacked
        for other in [producer.firstUnended(), firstRefused] {
            guard let other else { continue }
            if other.position < first?.position ?? .max { first = other }
        }
        let unread = self.unread ?? (summary.readEverything ? nil : frontOfInput)
        if let unread, unread.position <= first?.position ?? .max { return unread.place }
        return first.map { ledger.locate($0) }
    }
}
