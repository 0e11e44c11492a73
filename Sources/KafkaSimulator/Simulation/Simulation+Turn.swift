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
        var rounds = 0
        repeat {
            appendRecords()
            round()
            let accepted = interest.acceptsInput
            interest = producer.interest(now: now)
            rounds += 1
            let isDue = interest.deadline.map { $0 <= now } ?? false
            // An arm that is switched on finds what waits for it.
            let canRead = interest.acceptsInput && !accepted && hasReadableRecord
            guard isDue || canRead, !isFinished else { break }
            if rounds > Self.roundLimit {
                report(
                    "I11: a busy loop, with the deadline \(String(describing: interest.deadline))"
                )
            }
        } while problems.isEmpty
        checkTurn()
    }

    private mutating func round() {
        dialogue.willDecide(liveLinks, endedCount: endedCount, now: now) {
            !producer.wantsWrite(links[$0].id)
        }
        producer.step(now: now)
        while let event = producer.pollEvent() { perform(event) }
        compressBatches()
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
            endInput()
        case .finished:
            note("finished")
            if isFinished { report("finished twice") }
            isFinished = true
        }
    }

    // MARK: Input

    /// Whether a record can be read and appended.
    var hasReadableRecord: Bool { !isDrained && ledger.entries.count < readableCount }

    mutating func didBecomeReadable(_ count: Int) {
        readableCount = min(readableCount + count, workload.recordCount)
        if readableCount < workload.recordCount {
            let (count, gap) = (burstSize(), draw(workload.gap))
            events.add(.input(count: count), at: now.advanced(by: gap))
        }
    }

    private mutating func appendRecords() {
        guard interest.acceptsInput, !isDrained else { return }
        while hasReadableRecord, appendRecord() {}
        producer.inputIsIdle(!hasReadableRecord)
        if !keepsInputOpen, ledger.entries.count == workload.recordCount { endInput() }
    }

    private mutating func appendRecord() -> Bool {
        let index = ledger.entries.count
        let key = workload.key(of: index)
        let value = workload.value(of: index)
        let origin = ledger.nextOrigin(size: (key?.count ?? 0) + (value?.count ?? 0) + 1)
        do throws(AppendError) {
            let isTaken = try append(index, key: key, value: value, origin: origin)
            if isTaken { ledger.didTake(origin) }
            return isTaken
        } catch {
            note("append of \(index): \(error)")
            appendError = error
            endInput()
            return false
        }
    }

    private mutating func append(
        _ index: Int,
        key: [UInt8]?,
        value: [UInt8]?,
        origin: RecordOrigin
    ) throws(AppendError) -> Bool {
        let topic = topicIndices[workload.topic(of: index)]
        let timestamp = workload.timestamp(of: index)
        if let key, let value {
            return try producer.append(
                topic: topic,
                key: key.span,
                value: value.span,
                origin: origin,
                timestamp: timestamp,
                now: now
            )
        }
        if let key {
            return try producer.append(
                topic: topic,
                key: key.span,
                value: nil,
                origin: origin,
                timestamp: timestamp,
                now: now
            )
        }
        if let value {
            return try producer.append(
                topic: topic,
                key: nil,
                value: value.span,
                origin: origin,
                timestamp: timestamp,
                now: now
            )
        }
        return try producer.append(
            topic: topic,
            key: nil,
            value: nil,
            origin: origin,
            timestamp: timestamp,
            now: now
        )
    }

    // MARK: Failures

    private mutating func takeFailures() {
        var taken = 0
        while taken < failureLimit, takeFailure() { taken += 1 }
    }

    private mutating func takeFailure() -> Bool {
        var wrong: [String] = []
        var failure: Failure?
        let workload = workload
        var ledger = self.ledger
        self.ledger = DeliveryLedger()
        let isThere = producer.pollFailure { record, key, value in
            failure = record.failure
            if let problem = ledger.didEnd(record) { wrong.append("I1: \(problem)") }
            let index = Int(record.origin.ordinal)
            let isSame =
                Self.isEqual(key, workload.key(of: index))
                && Self.isEqual(value, workload.value(of: index))
                && record.timestamp == workload.timestamp(of: index)
                && record.topic == workload.topics[workload.topic(of: index)]
            if !isSame { wrong.append("I7: failed record \(index) is not what was appended") }
        }
        self.ledger = ledger
        if let failure, !failures.contains(failure) {
            note("failure: \(failure.name): \(failure.message)")
            failures.append(failure)
        }
        for problem in wrong { report(problem) }
        return isThere
    }

    private static func isEqual(_ span: Span<UInt8>?, _ bytes: [UInt8]?) -> Bool {
        guard let span, let bytes else { return span == nil && bytes == nil }
        guard span.count == bytes.count else { return false }
        for index in bytes.indices where span[index] != bytes[index] { return false }
        return true
    }
}
