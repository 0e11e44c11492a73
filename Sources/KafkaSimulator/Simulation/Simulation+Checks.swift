import KafkaProducer
import KafkaProtocol

/// What has to hold whatever happens; the problems name the invariants, I1 to I15.
extension Simulation {
    /// Takes what reached the brokers.
    mutating func takeAttempts() {
        while let attempt = cluster.pollAttempt() {
            if isTracing { note(Self.describe(attempt)) }
            if !didCorrupt, let problem = attemptChecker.check(attempt) { report(problem) }
            attempts.append(attempt)
        }
        while let violation = cluster.pollViolation() {
            if !didCorrupt { report("I15: \(violation.reason)") }
        }
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

    /// Checks what must hold after every turn.
    mutating func checkTurn() {
        if !didCorrupt, let problem = dialogue.problems.first { report(problem) }
        let delivery = producer.delivery
        let ended = delivery.ackedCount + delivery.failedCount + delivery.unknownCount
        if ended > UInt64(ledger.entries.count) {
            report("I1: \(ended) records ended and \(ledger.entries.count) were taken")
        }
        guard turnCount % 16 == 0 || isFinished else { return }
        let first = producer.firstUnended()?.ordinal ?? UInt64(ledger.entries.count)
        if first < firstUnendedOrdinal {
            report("first unended went back from \(firstUnendedOrdinal) to \(first)")
        }
        firstUnendedOrdinal = first
        let reported = ledger.failedCount + ledger.unknownCount
        if producer.firstUnended() == nil,
            delivery.ackedCount + UInt64(reported) != UInt64(ledger.entries.count)
        {
            report("nothing is unended, and \(ledger.entries.count) records were taken")
        }
    }

    /// Checks the logs and the accounts.
    mutating func checkEverything() {
        takeAttempts()
        checkAccounts()
        if didCorrupt { return }
        let found = readLogs()
        for (index, entry) in ledger.entries.enumerated() {
            let count = found[index]
            switch entry.outcome {
            case .failed where count > 0: report("I5: record \(index) failed and is in the log")
            case nil where count == 0 && isFinished && producer.configuration.acks != .none:
                report("I2: record \(index) was acknowledged and is not in the log")
            case .failed, .unknown, nil: break
            }
            if count > 1, producer.configuration.idempotence {
                report("I3: record \(index) is in the log \(count) times")
            }
            if problems.count > 20 { return }
        }
    }

    private mutating func checkAccounts() {
        let delivery = producer.delivery
        if isFinished {
            let ended = delivery.ackedCount + delivery.failedCount + delivery.unknownCount
            if ended != UInt64(ledger.entries.count) {
                report("I1: \(ended) records ended and \(ledger.entries.count) were taken")
            }
            if ledger.failedCount != Int(delivery.failedCount)
                || ledger.unknownCount != Int(delivery.unknownCount)
            {
                report(
                    "I1: \(delivery.failedCount) failed and \(delivery.unknownCount) unknown; "
                        + "\(ledger.failedCount) and \(ledger.unknownCount) were reported"
                )
            }
        }
    }

    /// Reads every log, checks the order and the bytes of what is there.
    ///
    /// - Returns: How often each record was found.
    private mutating func readLogs() -> [Int] {
        var found = [Int](repeating: 0, count: ledger.entries.count)
        for topic in cluster.topics {
            for (partition, state) in topic.partitions.enumerated() {
                check(state.log, "\(topic.name)-\(partition)", topic.name, &found)
            }
        }
        return found
    }

    private mutating func check(
        _ log: PartitionLog,
        _ name: String,
        _ topic: String,
        _ found: inout [Int]
    ) {
        var last = -1
        for record in log.records {
            guard let index = workload.index(ofKey: record.key, value: record.value),
                found.indices.contains(index)
            else {
                report("I7: offset \(record.offset) of \(name) is nothing that was appended")
                continue
            }
            found[index] += 1
            let isSame =
                record.key == workload.key(of: index) && record.value == workload.value(of: index)
                && record.timestamp == workload.timestamp(of: index)
                && workload.topics[workload.topic(of: index)] == topic
            if !isSame { report("I7: record \(index) is not the same in \(name)") }
            guard found[index] == 1 else { continue }
            if index < last { report("I4: record \(index) stands behind \(last) in \(name)") }
            last = index
        }
    }
}
