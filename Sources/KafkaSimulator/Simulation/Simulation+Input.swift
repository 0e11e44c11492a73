import KafkaProducer
import RecordIntake

/// The input's bytes on their way into the producer, with the same steps as the event loop's.
extension Simulation {
    /// Reads what there is, and appends what is whole.
    ///
    /// - Returns: Whether there may be more to do at once.
    mutating func takeInput() -> Bool {
        // Taken out, so that the pump's memory has one owner.
        guard var intake = self.intake.take() else { return false }
        var progressed = false
        switch intake.stage {
        case .reading, .appending:
            if intake.stage == .reading { progressed = read(&intake) }
            if pump(&intake) { progressed = true }
        case .draining, .ended: break
        }
        let isIdle = intake.readCount == intake.arrivedCount && !hasEnded(intake)
        producer.inputIsIdle(isIdle && intake.stage == .reading)
        self.intake = consume intake
        return progressed
    }

    private func hasEnded(_ intake: Intake) -> Bool {
        inputHasEnded && intake.readCount == input.count || hasFailed(intake)
    }

    private func hasFailed(_ intake: Intake) -> Bool {
        intake.source.failsAfter.map { intake.readCount >= $0 } ?? false
    }

    private mutating func read(_ intake: inout Intake) -> Bool {
        let room = intake.source.ringSize - (intake.readCount - intake.consumedCount)
        let limit = intake.source.failsAfter ?? .max
        let there = min(intake.arrivedCount, limit) - intake.readCount
        let most = min(there, room, intake.source.readLimit)
        guard most > 0 else { return false }
        let isShort = intake.source.readLimit < .max
        intake.readCount += isShort ? 1 + random.below(most) : most
        return true
    }

    /// Appends whole records until there are none, or there is no room for one.
    private mutating func pump(_ intake: inout Intake) -> Bool {
        if intake.isDropping {
            dropUnread(&intake)
            beginNextInput(&intake)
            return true
        }
        guard intake.stage == .appending || producer.acceptsInput() else {
            return false
        }
        var consumedAny = false
        while intake.stage == .reading || intake.stage == .appending, !intake.isDropping {
            // Who is slow to read what we say of records holds back the records.
            guard errorRoom > 0 else { return consumedAny }
            let before = intake.consumedCount
            let goesOn = pumpOnce(&intake)
            if intake.consumedCount != before { consumedAny = true }
            guard goesOn, problems.isEmpty else { return consumedAny }
            consumedAny = true
        }
        return consumedAny
    }

    private mutating func pumpOnce(_ intake: inout Intake) -> Bool {
        let atEnd = intake.stage == .reading && hasEnded(intake) && !hasFailed(intake)
        let first = intake.pump.ordinal
        let skippedBefore = intake.pump.skippedCount
        let timestamp = wallClockMilliseconds
        let input = self.input
        let remaining =
            intake.source.isRegularFile ? UInt64(input.count - intake.consumedCount) : nil
        let (stop, consumed) = Self.run(
            &intake.pump,
            input.bytes.span.extracting(intake.consumedCount..<intake.readCount),
            at: UInt64(intake.consumedCount),
            atEnd: atEnd,
            remainingFileBytes: remaining,
            into: &producer,
            timestamp: timestamp,
            now: now
        )
        intake.consumedCount += consumed
        checkRoom(stop, tookNothing: intake.pump.ordinal == first, &intake)
        noteTaken(
            from: Int(first),
            to: Int(intake.pump.ordinal),
            skippedCount: Int(intake.pump.skippedCount - skippedBefore),
            stop,
            timestamp: timestamp
        )
        if case .refused(let record) = stop {
            intake.firstRefused = min(intake.firstRefused ?? .max, record.origin.position)
        }
        return proceed(after: stop, &intake)
    }

    /// Who asks for input again has room for a record: else the loop would spin (I16).
    private mutating func checkRoom(
        _ stop: RecordPump.Stop,
        tookNothing: Bool,
        _ intake: inout Intake
    ) {
        guard case .notTaken = stop else {
            intake.wasNotTaken = false
            return
        }
        // Before the first record, it is the topic that is waited for.
        if tookNothing, intake.wasNotTaken, intake.stage == .reading, ledger.takenCount > 0 {
            report("I16: input was asked for, and there is no room for a record")
        }
        intake.wasNotTaken = true
    }

    private static func run(
        _ pump: inout RecordPump,
        _ window: Span<UInt8>,
        at position: UInt64,
        atEnd: Bool,
        remainingFileBytes: UInt64?,
        into producer: inout Producer,
        timestamp: Int64,
        now: Instant
    ) -> (RecordPump.Stop, consumed: Int) {
        pump.run(
            window,
            at: position,
            atEnd: atEnd,
            remainingFileBytes: remainingFileBytes,
            into: &producer,
            timestamp: timestamp,
            now: now
        )
    }

    private mutating func proceed(after stop: RecordPump.Stop, _ intake: inout Intake) -> Bool {
        switch stop {
        case .needsMore: return didNeedMore(&intake)
        case .notTaken: return false
        case .refused(let record):
            errorRoom -= 1
            if record.endsInput { intake.isDropping = true }
            return true
        case .ended:
            guard intake.stage == .reading else { return didNeedMore(&intake) }
            beginNextInput(&intake)
            return true
        case .limitReached:
            intake.readEverything = true
            beginDraining(&intake)
            return false
        }
    }

    /// There is no next input: all was read.
    private mutating func beginNextInput(_ intake: inout Intake) {
        intake.isDropping = false
        guard intake.stage == .reading else { return }
        intake.readEverything = true
        intake.stage = .appending
    }

    private mutating func didNeedMore(_ intake: inout Intake) -> Bool {
        if intake.stage == .appending {
            beginDraining(&intake)
            return false
        }
        if hasFailed(intake) {
            note("reading the input fails")
            intake.transferFailed = true
            dropUnread(&intake)
            beginNextInput(&intake)
            return true
        }
        return hasEnded(intake)
    }

    private mutating func beginDraining(_ intake: inout Intake) {
        guard intake.stage == .reading || intake.stage == .appending else { return }
        note("\(ledger.count) records were read; draining")
        intake.stage = .draining
        dropUnread(&intake)
        isDrained = true
        producer.drain(now: now)
    }

    /// Passes over bytes that no record will be made of.
    private mutating func dropUnread(_ intake: inout Intake) {
        guard intake.readCount > intake.consumedCount else { return }
        intake.consumedCount = intake.readCount
        intake.pump.dropWindow()
    }

    // MARK: Signals

    /// Stops the reading: a signal, or the producer's wish.
    mutating func stopReading() {
        guard intake?.stage == .reading else { return }
        intake?.stage = .appending
        isWoken = true
    }

    /// Takes a signal: the first ends the reading, the second the waiting.
    mutating func didReceiveSignal() {
        guard intake != nil, !isFinished else { return }
        intake?.signalCount += 1
        if intake?.signalCount == 1 {
            intake?.signal = 15
            let timeout = intake?.source.drainTimeout ?? .zero
            intake?.drainDeadline = now.advanced(by: timeout)
            stopReading()
        } else {
            stopReading()
            giveUp()
        }
    }

    /// Gives up what was waited for long enough.
    mutating func checkDrainDeadline() {
        guard let deadline = intake?.drainDeadline, deadline <= now, !isFinished else { return }
        note("the time to drain is over")
        giveUp()
    }

    private mutating func giveUp() {
        intake?.drainDeadline = nil
        wasGivenUp = true
        producer.abandon(now: now)
        intake?.pump.refusal = .abandoned
        isWoken = true
    }

    /// The time of day, in milliseconds since 1970.
    var wallClockMilliseconds: Int64 {
        Int64(cluster.configuration.originMilliseconds) + Int64(now.nanoseconds / 1_000_000)
            + clockOffsetMilliseconds
    }
}
