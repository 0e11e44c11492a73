import KafkaProducer
import KafkaProtocol
import RecordIntake

/// What has to hold whatever happens; the problems name the invariants in docs/TESTING.md.
extension Simulation {
    /// How many turns there may be within a second in which nothing comes or goes.
    private static let idleTurnLimit = 5000

    /// Whether each record may be in the logs once only, in the order of the input.
    private var isOnceInOrder: Bool { producer.configuration.idempotence && !brokersLost }

    /// Takes what reached the brokers.
    ///
    /// - Parameter queuedSince: When the client had written all before the request that reached
    ///   one, or `nil` where it is no matter.
    /// - Returns: Whether there were batches, and all of them are in the logs.
    @discardableResult
    mutating func takeAttempts(queuedSince: Instant? = nil) -> Bool {
        var isAppended = false
        var isRefused = false
        while let attempt = cluster.pollAttempt() {
            if isTracing { note(Self.describe(attempt)) }
            if attempt.baseOffset == nil { isRefused = true } else { isAppended = true }
            if attempt.answer?.appendStatus != .notAppended, attempt.answer != ErrorCode.none {
                ambiguousCount += 1
            }
            if !didCorrupt { check(attempt, queuedSince: queuedSince) }
            if keepsAttempts { attempts.append(attempt) }
        }
        while let batch = cluster.pollAppend() {
            let problem = logChecker.didAppend(
                batch,
                of: input,
                ledger,
                isOnceInOrder: isOnceInOrder,
                partitionCount: cluster.topics[batch.topicPlace].partitions.count
            )
            if !didCorrupt, let problem { report(problem) }
        }
        while let violation = cluster.pollViolation() {
            if !didCorrupt { report("I15: \(violation.reason)") }
        }
        return isAppended && !isRefused
    }

    private mutating func check(_ attempt: ProduceAttempt, queuedSince: Instant?) {
        if let problem = attemptChecker.check(attempt) { report(problem) }
        guard let topic = cluster.topics.lastIndex(where: { $0.id == attempt.topicID }) else {
            return
        }
        let refused = [ErrorCode.outOfOrderSequenceNumber, .unknownProducerID]
        // Only the first batch after a loss shows it: what is taken then makes a new beginning.
        let place = LogChecker.Place(topic: topic, partition: Int(attempt.partition))
        if freshLosses.contains(place), let answer = attempt.answer {
            if refused.contains(answer) { contradictions.insert(place) }
            if attempt.wasAppended { freshLosses.remove(place) }
        }
        // Who is found at another's address is not who was meant.
        guard let queuedSince, nextPort == Self.firstNextPort, !cluster.hasLost,
            leaderChecker.isMisguided(attempt, topic: topic, queuedSince: queuedSince)
        else { return }
        report(
            "I15: a batch for \(attempt.topic)-\(attempt.partition) was sent to broker "
                + "\(attempt.broker), of whom an answer had said that he leads it no more"
        )
    }

    private static func describe(_ attempt: ProduceAttempt) -> String {
        let numbers =
            attempt.identity.map {
                "\($0.producerID)/\($0.producerEpoch) \($0.baseSequence)+\($0.recordCount)"
            } ?? "without identity"
        return "broker \(attempt.broker) on link \(attempt.connection.index): \(attempt.topic)-"
            + "\(attempt.partition) \(numbers) \(attempt.wasAppended ? "appended at" : "at") "
            + "\(attempt.baseOffset ?? -1), \(attempt.answer?.name ?? "unanswered")"
    }

    /// How many records have ended failed or unknown.
    var endedCount: UInt64 { producer.delivery.failedCount + producer.delivery.unknownCount }

    /// Notes what became of records that were read.
    mutating func noteTaken(
        from first: Int,
        to end: Int,
        skippedCount: Int,
        _ stop: RecordPump.Stop,
        timestamp: Int64
    ) {
        guard first < end else { return }
        guard end <= input.records.count else {
            report("I1: \(end) records were read of \(input.records.count)")
            return
        }
        var refused: Int?
        if case .refused(let record) = stop {
            refused = end - 1
            check(record, at: end - 1)
        }
        var skipped = 0
        for index in first..<end where index != refused {
            let fate = input.records[index].fate
            switch fate {
            case .delivered: ledger.append(.taken, timestamp: timestamp)
            case .skipped:
                skipped += 1
                ledger.append(.skipped, timestamp: timestamp)
            case .cut:
                let isSkipped = skippedCount > skipped
                skipped += isSkipped ? 1 : 0
                ledger.append(isSkipped ? .skipped : .taken, timestamp: timestamp)
            case .tooLong, .tooLarge, .keyMissing, .broken, .cutShort, .corrupt:
                report("I1: record \(index) was taken and is \(fate)")
            }
        }
        if refused != nil { ledger.append(.refused, timestamp: timestamp) }
        if skipped != skippedCount {
            report("I1: \(skippedCount) records up to \(end) were skipped, and not \(skipped)")
        }
    }

    /// Checks that a record was refused for good reason, and that it is the one that is named.
    private mutating func check(_ record: RecordPump.RefusedRecord, at index: Int) {
        outcome.didRefuse(record.failure)
        let written = input.records[index]
        // Of a length that goes beyond the end of a file, only the length is the record's.
        let isCut = written.fate == .cutShort && record.origin.size <= written.size
        let isNamed =
            record.origin.ordinal == UInt64(index)
            && record.origin.position == UInt64(written.start)
            && (record.origin.size == written.size || isCut)
        if !isNamed {
            report("I1: \(record.origin) was refused, and not \(written.start), \(written.size)")
        }
        let names: [String]
        switch written.fate {
        case .delivered, .skipped: names = []
        case .tooLong: names = ["RECORD_TOO_LONG", "MESSAGE_TOO_LARGE"]
        case .tooLarge: names = ["MESSAGE_TOO_LARGE"]
        case .keyMissing: names = ["KEY_MISSING"]
        case .broken: names = ["RECORD_BROKEN"]
        case .cutShort: names = ["RECORD_CUT_SHORT", "LENGTH_CORRUPT"]
        case .corrupt: names = ["LENGTH_CORRUPT"]
        case .cut: return
        }
        if names.contains(record.failure.name) { return }
        if wasGivenUp, record.failure.name == "ABANDONED" { return }
        // The producer refuses before it is asked why it stopped the reading.
        if let stopReason = stopReason ?? producer.stopReason,
            record.failure.name == stopReason.name
        {
            return
        }
        report("I1: record \(index) is \(written.fate) and was refused: \(record.failure.name)")
    }

    /// Checks what must hold after every turn.
    mutating func checkTurn() {
        noteProgress()
        if !didCorrupt, let problem = dialogue.problems.first { report(problem) }
        let delivery = producer.delivery
        let ended = delivery.ackedCount + delivery.failedCount + delivery.unknownCount
        if ended > UInt64(ledger.takenCount) {
            report("I1: \(ended) records ended and \(ledger.takenCount) were taken")
        }
        checkMemory(held: producer.heldByteCount)
        if let intake, intake.readCount - intake.consumedCount > intake.source.ringSize {
            report("I16: \(intake.readCount - intake.consumedCount) bytes were read ahead")
        }
        let isOld = turnStorm.since.duration(to: now) >= .seconds(1)
        if isOld { turnStorm = (now, sentByteCount + receivedByteCount + turnCount) }
        if turnCount + sentByteCount + receivedByteCount - turnStorm.count > 0,
            turnCount % 64 == 0
        {
            checkIdleTurns()
        }
        guard turnCount % 16 == 0 || isFinished else { return }
        checkFirstUnended()
    }

    /// Checks how much batches hold, in bytes.
    mutating func checkMemory(held: Int) {
        if held > memoryLimit { report("I9: \(held) bytes are held, of \(memoryLimit)") }
    }

    /// Bytes that batches may hold: `buffer.memory`, which the command refuses to be less than four
    /// of the largest requests.
    private var memoryLimit: Int {
        let configuration = producer.configuration
        let largest = configuration.largestBatch
        return max(configuration.bufferMemory, 4 * largest)
    }

    private mutating func checkIdleTurns() {
        let seconds = Int(Self.start.duration(to: now).components.seconds) + 1
        // Each turn has a cause: bytes, records, a deadline of some batch.
        let causes =
            links.count * 50 + ledger.count * 4 + sentByteCount / 4 + receivedByteCount / 4
            + script.count * 2 + inputEventCount
        if turnCount > causes + seconds * Self.idleTurnLimit {
            report("I11: \(turnCount) turns in \(seconds) s")
        }
    }

    /// Notes when something last ended: with very many records, that is what has to go on.
    private mutating func noteProgress() {
        let delivery = producer.delivery
        let ended = delivery.ackedCount + endedCount
        guard ended != progressCount else { return }
        progressCount = ended
        progressAt = now
    }

    private mutating func checkFirstUnended() {
        let delivery = producer.delivery
        let unended = producer.firstUnended()
        let first = unended?.ordinal ?? UInt64(ledger.count)
        if first < firstUnendedOrdinal {
            report("I1: first unended went back from \(firstUnendedOrdinal) to \(first)")
        }
        firstUnendedOrdinal = first
        let reported = ledger.count(of: .failed) + ledger.count(of: .unknown)
        if unended == nil, Int(delivery.ackedCount) + reported != ledger.takenCount {
            report("I1: nothing is unended, and \(ledger.takenCount) records were taken")
        }
    }

    /// Learns what logs still have.
    mutating func followLogs() {
        for (place, topic) in cluster.topics.enumerated() {
            for (partition, state) in topic.partitions.enumerated() {
                let lostCount = logChecker.lost.count
                logChecker.didChange(
                    topic: place,
                    partition: partition,
                    from: state.log.startOffset,
                    to: state.log.endOffset
                )
                // Who is not known any more is taken from any number on.
                if logChecker.lost.count > lostCount, state.producers.count > 0 {
                    freshLosses.insert(.init(topic: place, partition: partition))
                }
            }
        }
    }

    // MARK: The end

    /// Checks the logs and the accounts.
    mutating func checkEverything() {
        takeAttempts()
        guard problems.isEmpty, isFinished else { return }
        checkAccounts()
        checkStatus()
        if didCorrupt { return }
        let lost = Set(logChecker.lost.map(\.index))  // look-up only
        let isKept = producer.configuration.acks != .none
        for index in 0..<ledger.count {
            let count = logChecker.count(of: index)
            switch ledger.entries[index].state {
            case .failed where count > 0:
                report("I5: record \(index) failed and is in the log")
            case .taken where count == 0 && isKept && !lost.contains(index):
                report("I2: record \(index) was acknowledged and is not in the log")
            case .failed, .taken, .unknown, .skipped, .refused: break
            }
            if problems.count > 20 { return }
        }
        // What is in flight when the run is given up is unknown without a sign of it.
        if ledger.count(of: .unknown) > 0, ambiguousCount == 0, !wasGivenUp,
            producer.configuration.acks != .none
        {
            report("I6: records are unknown, and nothing was ambiguous")
        }
    }

    private mutating func checkAccounts() {
        let delivery = producer.delivery
        let reported = [
            ("failed", Int(delivery.failedCount), ledger.count(of: .failed)),
            ("unknown", Int(delivery.unknownCount), ledger.count(of: .unknown)),
            ("acknowledged", Int(delivery.ackedCount), ledger.count(of: .taken)),
        ]
        for (name, said, counted) in reported where said != counted {
            report("I1: \(said) records are said to be \(name), and \(counted) are")
        }
        guard let intake else { return }
        if Int(intake.pump.ordinal) != ledger.count {
            report(
                "I1: \(intake.pump.ordinal) records are said to be read, and \(ledger.count) are"
            )
        }
        if intake.readEverything, intake.pump.isAtLimit == false, !intake.transferFailed,
            input.records.last?.fate != .corrupt, ledger.count != input.records.count
        {
            report("I1: \(ledger.count) of \(input.records.count) records are said to be all")
        }
        checkFirstUnacknowledged(delivery)
    }

    /// The first byte that has to be sent again is named by the summary.
    private mutating func checkFirstUnacknowledged(_ delivery: DeliveryReport) {
        var first: UInt64?
        for index in 0..<ledger.count {
            switch ledger.entries[index].state {
            case .failed, .unknown: first = UInt64(input.records[index].start)
            case .taken, .skipped, .refused: continue
            }
            break
        }
        if delivery.firstUnacked?.position != first {
            report(
                "I1: the first record without an acknowledgement is said to be at "
                    + "\(String(describing: delivery.firstUnacked?.position)), and is at "
                    + "\(String(describing: first))"
            )
        }
    }

    /// Whether the producer may say that a broker lost something.
    ///
    /// It may also where a leader's log was cut back to what had been copied: batches that wait
    /// for a later one to prove them are not sent again when that is gone (docs/PROTOCOL.md,
    /// section 10).
    private var mayTellLoss: Bool {
        brokersLost || cluster.hasForgotten || didCorrupt
            || faultCounts[FaultKind.unreplicatedTail.rawValue] > 0
    }

    /// A record that was acknowledged and that a broker lost, and showed that it had.
    private var untoldLoss: LogChecker.Lost? {
        logChecker.lost.first { loss in
            logChecker.count(of: loss.index) == 0 && ledger.entries[loss.index].state == .taken
                && contradictions.contains(loss.place)
        }
    }

    /// The exit status says what became of the run (I10).
    private mutating func checkStatus() {
        guard let intake else { return }
        var classes = outcome.refusals
        for kind in producer.delivery.failureClasses where !classes.contains(kind) {
            classes.append(kind)
        }
        let signal = intake.readEverything ? nil : intake.signal
        let status = ExitCode(
            failureClasses: classes,
            unknownCount: producer.delivery.unknownCount,
            transferFailed: intake.transferFailed,
            openFailed: false,
            signal: signal
        ).status
        let expected = outcome.status(
            unknownCount: ledger.count(of: .unknown),
            transferFailed: intake.transferFailed,
            signal: signal
        )
        note("status \(status)")
        if status != expected {
            report("I10: the status is \(status), and not \(expected): \(outcome.names)")
        }
        let delivered = ledger.count(of: .taken) + ledger.count(of: .skipped)
        let isWhole = intake.readEverything && delivered == ledger.count && !intake.transferFailed
        if status == 76, !mayTellLoss, outcome.names.contains("DATA_LOST") {
            report("I10: the status is 76, and no broker lost anything")
        }
        if status == 0, producer.configuration.idempotence, let loss = untoldLoss {
            report("I10: record \(loss.index) was lost by a broker that said so; the status is 0")
        }
        if (status == 0) != isWhole {
            report("I10: the status is \(status); \(delivered) of \(ledger.count) were delivered")
        }
    }
}
