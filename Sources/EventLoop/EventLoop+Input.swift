internal import KafkaProducer
internal import RecordFraming
internal import RecordIntake

/// Bytes in, records on.
extension EventLoop {
    /// Opens the next input, if there is one.
    func beginNextInput() {
        guard stage == .reading, nextInput < configuration.inputs.count else {
            source = nil
            if stage == .reading {
                summary.readEverything = true
                stage = .appending
            }
            return
        }
        let location = configuration.inputs[nextInput]
        nextInput += 1
        pump.beginInput()
        inputIsChecked = !configuration.recognisesCompression
        ledger.begin(position: ring.end, ordinal: pump.ordinal)
        source = InputSource(location, poller: poller) { [self] in wake() }
    }

    /// Reads what there is, and appends what is whole.
    ///
    /// - Returns: Whether there may be more to do at once.
    func takeInput(now: Instant) -> Bool {
        if isDroppingInput { return settleDroppedInput() }
        var progressed = false
        if let source, source.state == .ready { progressed = source.read(into: &ring) }
        if progressed { poller.poll() }
        let isIdle = source?.isIdle ?? false
        switch stage {
        case .reading, .appending:
            if appendRecords(now: now) { progressed = true }
        case .draining, .flushing, .ended: dropUnread()
        }
        producer.inputIsIdle(isIdle && stage == .reading)
        return progressed
    }

    /// Appends whole records until there are none, or there is no room for one.
    ///
    /// - Returns: Whether anything was consumed.
    private func appendRecords(now: Instant) -> Bool {
        var consumedAny = false
        guard stage == .appending || producer.acceptsInput() else { return false }
        while stage == .reading || stage == .appending, !isDroppingInput {
            // Who is slow to read what we say of records holds back the records.
            guard standardError.acceptsMore || standardError.failure != nil,
                standardOutput == nil || tee.acceptsMore
            else { return consumedAny }
            let consumedBefore = ring.consumed
            let goesOn = appendOnce(now: now)
            if ring.consumed != consumedBefore { consumedAny = true }
            guard goesOn else { return consumedAny }
            consumedAny = true
        }
        return consumedAny
    }

    /// Runs the pump once.
    ///
    /// - Returns: Whether to run it again at once.
    private func appendOnce(now: Instant) -> Bool {
        let atEnd = stage == .reading && source?.state == .ended
        if !inputIsChecked {
            switch CompressedInput.check(ring, atEnd: atEnd || stage != .reading) {
            case .unknownYet: break
            case .plain: inputIsChecked = true
            case .compressed(let codec):
                refuseCompressedInput(codec)
                return true
            }
        }
        let remaining = source?.remainingBytes(from: ring.consumed)
        let (stop, consumed) = Self.run(
            &pump,
            ring,
            atEnd: atEnd,
            remainingFileBytes: remaining,
            into: &producer,
            now: now
        )
        if case .refused(let record) = stop { report(record) }
        if !pump.leftOutRanges.isEmpty { leaveOutOfTee() }
        ring.consume(consumed)
        releaseConsumed()
        switch stop {
        case .needsMore: return didNeedMore()
        case .notTaken: return false
        case .refused(let record):
            if record.endsInput { endInputEarly() }
            return true
        case .ended:
            // Once nothing more is read, a framer at its end says so again, whatever it is asked.
            guard stage == .reading else { return didNeedMore() }
            beginNextInput()
            return true
        case .limitReached:
            didReachLimit()
            return false
        }
    }

    /// Takes note of what `-T` leaves out.
    private func leaveOutOfTee() {
        if standardOutput != nil { pump.leftOutRanges.forEach { tee.leaveOut($0) } }
        pump.leftOutRanges.removeAll(keepingCapacity: true)
    }

    /// Runs the pump over the ring; apart, so that the ring is borrowed for as long as its bytes
    /// are.
    private static func run(
        _ pump: inout RecordPump,
        _ ring: borrowing InputRing,
        atEnd: Bool,
        remainingFileBytes: UInt64?,
        into producer: inout Producer,
        now: Instant
    ) -> (RecordPump.Stop, consumed: Int) {
        pump.run(
            ring.readable,
            at: ring.consumed,
            atEnd: atEnd,
            remainingFileBytes: remainingFileBytes,
            into: &producer,
            timestamp: SystemClock.wallClockMilliseconds,
            now: now
        )
    }

    /// What is left is not a whole record.
    private func didNeedMore() -> Bool {
        if stage == .appending {
            if !summary.readEverything { noteUnread() }
            beginDraining()
            return false
        }
        guard let source else {
            stage = .appending
            return true
        }
        switch source.state {
        case .ready, .waiting: return false
        case .ended:
            // Told again that this is the end, the framer has a last record or none.
            return true
        case .failed(let failure):
            didFailInput(failure)
            return true
        }
    }

    private func didFailInput(_ failure: InputSource.Failure) {
        switch failure {
        case .open: summary.openFailed = true
        case .read: summary.transferFailed = true
        }
        noteUnread()
        standardError.append { voice.inputFailed(nextInput - 1, failure, &$0) }
        dropUnread()
        beginNextInput()
    }

    /// Lines of compressed input would be garbage: the input is refused until it can be read.
    private func refuseCompressedInput(_ codec: String) {
        inputIsChecked = true
        summary.openFailed = true
        standardError.append { voice.inputRefused(nextInput - 1, codec, &$0) }
        noteUnread()
        endInputEarly()
    }

    /// Nothing after this point of the input can be framed.
    private func endInputEarly() {
        source?.stop()
        isDroppingInput = true
        _ = settleDroppedInput()
    }

    /// Begins the next input once the one that was ended early has settled.
    ///
    /// - Returns: Whether it has.
    private func settleDroppedInput() -> Bool {
        if let source, source.state == .ready { source.read(into: &ring) }
        dropUnread()
        switch source?.state {
        case .ready, .waiting: return false
        case .ended, .failed, nil:
            isDroppingInput = false
            beginNextInput()
            return true
        }
    }

    /// As many records as were asked for: a seekable input stays behind the last of them.
    private func didReachLimit() {
        do throws(Errno) {
            try source?.seek(to: ring.consumed)
        } catch {
            summary.transferFailed = true
            standardError.append { voice.inputFailed(nextInput - 1, .read(error), &$0) }
        }
        summary.readEverything = true
        source?.stop()
        beginDraining()
    }

    /// Reads no more; whole records that were read are still appended.
    func stopReading() {
        guard stage == .reading else { return }
        source?.stop()
        stage = .appending
        wake()
    }

    /// Passes over bytes that no record will be made of.
    func dropUnread() {
        guard ring.readableCount > 0 else { return }
        let start = ring.consumed
        // What lies behind the last record that was asked for is not missed.
        if !summary.readEverything { noteUnread() }
        droppedCount += UInt64(ring.readableCount)
        ring.consume(ring.readableCount)
        // Otherwise the framer would go on searching behind what it has searched.
        pump.dropWindow()
        if standardOutput != nil { tee.leaveOut(start..<ring.consumed) }
        releaseConsumed()
    }

    /// Notes that what follows is not read as records.
    func noteUnread() {
        if unread == nil { unread = frontOfInput }
    }

    /// The first byte that no record was made of yet, or `nil` before the first input.
    var frontOfInput: (position: UInt64, place: RecordPlace)? {
        guard nextInput > 0 else { return nil }
        let position = ring.consumed - UInt64(pump.unfinishedCount)
        let place = ledger.locate(ordinal: pump.ordinal, position: position, in: nextInput - 1)
        return (position, place)
    }

    /// Names a record that did not get as far as a batch.
    private func report(_ record: RecordPump.RefusedRecord) {
        summary.failedCount += 1
        if !summary.failureClasses.contains(record.failure.kind) {
            summary.failureClasses.append(record.failure.kind)
        }
        if firstRefused == nil { firstRefused = record.origin }
        leaveOut(record.origin)
        let line = RunVoice.FailedRecordLine(
            position: ledger.locate(record.origin),
            size: record.origin.size,
            topic: configuration.topic,
            partition: nil,
            failure: record.failure,
            outcome: .failed,
            attempts: 0
        )
        var bytes: [UInt8] = []
        Self.describe(record, line, in: ring, voice, &bytes)
        standardError.append { $0.append(contentsOf: bytes) }
    }

    private static func describe(
        _ record: RecordPump.RefusedRecord,
        _ line: RunVoice.FailedRecordLine,
        in ring: borrowing InputRing,
        _ voice: RunVoice,
        _ bytes: inout [UInt8]
    ) {
        let window = ring.readable
        let keyBytes = record.key ?? []
        var value: Span<UInt8>?
        if let range = record.value { value = window.extracting(range) }
        voice.recordFailed(line, record.key == nil ? nil : keyBytes.span, value, &bytes)
    }

    /// Gives back what was consumed, unless `-T` still writes it out.
    private func releaseConsumed() {
        if standardOutput == nil { ring.release(upTo: ring.consumed) }
    }
}
