import KafkaProducer

/// One turn of the event loop that the simulation stands for.
extension Simulation {
    /// How often a turn may be repeated without time passing; more is a busy loop.
    private static let roundLimit = 10_000

    /// Tells what has happened by now, and lets the producer decide and act.
    mutating func turn() {
        turnCount += 1
        while let event = events.poll(now: now) { happen(event) }
        pollDisconnects()
        errorRoom = failureLimit
        checkDrainDeadline()
        var rounds = 0
        while problems.isEmpty {
            var progressed = false
            if intake == nil { appendRecords() } else { progressed = takeInput() }
            round()
            let accepted = interest.acceptsInput
            interest = producer.interest(now: now)
            let isDue = interest.deadline.map { $0 <= now } ?? false
            // An arm that is switched on finds what waits for it.
            let canRead = interest.acceptsInput && !accepted && hasReadableRecord
            if isWoken { progressed = true }
            isWoken = false
            guard isDue || canRead || progressed, !isFinished else { break }
            // Whoever reads the input comes to an end by himself.
            if !progressed { rounds += 1 }
            if rounds > Self.roundLimit {
                report(
                    "I11: a busy loop, with the deadline \(String(describing: interest.deadline))"
                )
            }
        }
        if isTracing, tracesTurns {
            note("turn \(turnCount), \(rounds) idle rounds; next \(interest)")
        }
        checkTurn()
    }

    /// Lets happen what does not need the process, which stands still.
    mutating func happenElsewhere() {
        while let event = events.poll(now: now) {
            switch event {
            case .connected, .closedAtClient, .toClient, .input, .endOfInput:
                events.add(event, at: pausedUntil)
            case .closedAtBroker, .toBroker, .reply, .duplicate, .action: happen(event)
            }
        }
        pollDisconnects()
    }

    private mutating func round() {
        dialogue.willDecide(liveLinks, endedCount: endedCount, now: now) {
            !producer.wantsWrite(links[$0].id)
        }
        producer.step(now: now)
        while let event = producer.pollEvent() { perform(event) }
        for link in liveLinks { transmit(link) }
        takeFailures()
    }

    private mutating func perform(_ event: ProducerEvent) {
        switch event {
        case .connect(let id, let address):
            note("connect \(id.index).\(id.generation) to \(address)")
            connect(id, to: address)
        case .close(let id):
            note("close \(id.index).\(id.generation)")
            closeByClient(id)
        case .notice(let notice):
            note("notice \(notice.name): \(notice.message)")
            notices.append(notice)
        case .stopReading(let failure):
            note("stop reading: \(failure.name): \(failure.message)")
            if stopReason != nil { report("the reading was stopped twice") }
            stopReason = failure
            stoppedAt = now
            outcome.didStop(failure)
            if intake == nil { endInput() } else { stopReading() }
        case .finished:
            note("finished")
            if isFinished { report("finished twice") }
            isFinished = true
            intake?.stage = .ended
        }
    }

    // MARK: Records that are appended as they are

    /// Whether a record can be read and appended.
    private var hasReadableRecord: Bool {
        intake == nil && !isDrained && ledger.count < readableCount
    }

    /// The input has more.
    mutating func didBecomeReadable(_ count: Int) {
        inputEventCount += 1
        let total: Int
        if intake == nil {
            total = workload.recordCount
            readableCount = min(readableCount + count, total)
        } else {
            total = input.count
            let arrived = (intake?.arrivedCount ?? 0) + count
            intake?.arrivedCount = min(arrived, total)
            readableCount = intake?.arrivedCount ?? 0
        }
        let (count, gap) = (burstSize(), draw(workload.gap))
        let next: PendingEvent = readableCount < total ? .input(count: count) : .endOfInput
        events.add(next, at: now.advanced(by: gap))
    }

    private mutating func appendRecords() {
        guard interest.acceptsInput, !isDrained else { return }
        while hasReadableRecord, appendRecord() {}
        producer.inputIsIdle(!hasReadableRecord)
        if !keepsInputOpen, ledger.count == workload.recordCount { endInput() }
    }

    private mutating func appendRecord() -> Bool {
        let index = ledger.count
        let input = self.input
        let record = input.records[index]
        let timestamp = wallClockMilliseconds
        let origin = RecordOrigin(
            ordinal: UInt64(index),
            position: UInt64(record.start),
            size: record.size
        )
        do throws(AppendError) {
            let isTaken = try producer.append(
                topic: topicIndices[index % topicIndices.count],
                key: input.key(of: index),
                value: input.value(of: index),
                origin: origin,
                timestamp: timestamp,
                now: now
            )
            if isTaken { ledger.append(.taken, timestamp: timestamp) }
            return isTaken
        } catch {
            note("append of \(index): \(error)")
            appendError = error
            endInput()
            return false
        }
    }

    // MARK: Failures

    private mutating func takeFailures() {
        let delivery = producer.delivery
        let reported = ledger.count(of: .failed) + ledger.count(of: .unknown)
        guard Int(delivery.failedCount + delivery.unknownCount) != reported || didCorrupt else {
            return
        }
        while errorRoom > 0, takeFailure() {
            errorRoom -= 1
            // Whoever has read the line makes the loop look again.
            isWoken = true
        }
    }

    private mutating func takeFailure() -> Bool {
        var wrong: [String] = []
        var failure: Failure?
        let (input, topics) = (input, workload.topics)
        var ledger = self.ledger
        self.ledger = DeliveryLedger()
        var unknownBatches = self.unknownBatches
        let isThere = producer.pollFailure { record, key, value in
            failure = record.failure
            if let problem = ledger.didEnd(record, of: input) {
                wrong.append("I1: \(problem)")
                return
            }
            let index = Int(record.origin.ordinal)
            let isSame =
                record.timestamp == ledger.entries[index].timestamp
                && record.topic == topics[index % topics.count]
                && (input.records[index].fate == .cut
                    || input.isRecord(index, key: key, value: value))
            if !isSame { wrong.append("I7: failed record \(index) is not what was read") }
            if let problem = unknownBatches.didEnd(record) { wrong.append(problem) }
        }
        self.ledger = ledger
        self.unknownBatches = unknownBatches
        if let failure {
            outcome.didFail(failure)
            if !failures.contains(failure) {
                note("failure: \(failure.name): \(failure.message)")
                failures.append(failure)
            }
        }
        if !didCorrupt { for problem in wrong { report(problem) } }
        return isThere
    }
}
