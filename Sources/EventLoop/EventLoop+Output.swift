internal import KafkaProducer

/// What goes out: the lines of failed records, and with `-T` the records that were acknowledged.
extension EventLoop {
    /// Writes what can be written, without waiting for who reads it.
    func writeOutput(now: Instant) {
        nameFailures()
        writeTee()
        noteOutputFailures()
    }

    /// Names failed records while there is room; the others keep their memory.
    private func nameFailures() {
        while standardError.acceptsMore || standardError.failure != nil {
            var bytes: [UInt8] = []
            let found = producer.pollFailure { record, key, value in
                leaveOut(record.origin)
                let line = RunVoice.FailedRecordLine(
                    position: ledger.locate(record.origin),
                    size: record.origin.size,
                    topic: record.topic,
                    partition: record.partition,
                    failure: record.failure,
                    outcome: record.outcome,
                    attempts: record.attempts
                )
                voice.recordFailed(line, key, value, &bytes)
            }
            guard found else { return }
            standardError.append { $0.append(contentsOf: bytes) }
        }
    }

    /// Writes the records whose predecessors have all ended too, from where they are in the ring.
    private func writeTee() {
        guard let output = standardOutput, output.isDrained, output.failure == nil else { return }
        ring.release(upTo: tee.position)
        let end = min(ring.consumed, producer.firstUnended()?.position ?? .max)
        let ranges = tee.take(upTo: end, about: OutputStream.requestSize)
        if ranges.isEmpty {
            ring.release(upTo: tee.position)
        } else {
            output.write(ring.pieces(ranges))
            outputDeadline = nil
        }
    }

    /// A closed standard output ends `-T`, not the delivery; a standard error on which failures
    /// cannot be named ends the reading.
    private func noteOutputFailures() {
        if let output = standardOutput, let failure = output.failure {
            standardOutput = nil
            summary.transferFailed = true
            tee.giveUp(at: ring.consumed)
            ring.release(upTo: ring.consumed)
            standardError.append {
                voice.outputFailed(Descriptors.standardOutput, failure, &$0)
            }
        }
        if standardError.failure != nil, stage == .reading {
            summary.transferFailed = true
            stopReading()
        }
    }

    /// Leaves a record out of the copy, if there is one.
    func leaveOut(_ origin: RecordOrigin) {
        guard standardOutput != nil else { return }
        tee.leaveOut(origin.position..<origin.position + UInt64(origin.size))
    }

    /// Whether everything that is to be written to standard output was.
    var teeIsComplete: Bool {
        guard let output = standardOutput else { return true }
        return output.isDrained && tee.position >= ring.consumed
    }
}
