import KafkaProtocol
import Testing

@testable import KafkaProducer
@testable import KafkaSimulator

/// Each checker is shown something wrong, and complains: one that cannot proves nothing.
@Suite("Checkers")
struct CheckerTests {
    /// Ten records without keys, in the topic `logs`.
    private let input: SimulatedInput
    private var ledger = DeliveryLedger()
    private var logs = LogChecker(partitioner: .murmur2, fixedPartition: nil, topics: ["logs"])
    private var attempts = AttemptChecker()

    init() {
        var workload = Workload(recordCount: 10)
        workload.keyCount = 3
        input = workload.input(seed: 1)
        for _ in 0..<10 { ledger.append(.taken, timestamp: 5) }
    }

    // MARK: Logs

    private func record(
        _ index: Int,
        timestamp: Int64 = 5,
        value: [UInt8]? = nil,
        producerID: Int64 = 1
    ) -> LogRecord {
        let key = Self.bytes(input.key(of: index))
        let bytes = Self.bytes(input.value(of: index))
        return LogRecord(
            offset: 0,
            timestamp: timestamp,
            key: key,
            value: value ?? bytes,
            headers: [],
            producerID: producerID,
            producerEpoch: 0,
            sequence: 0
        )
    }

    private static func bytes(_ span: Span<UInt8>?) -> [UInt8]? {
        guard let span else { return nil }
        return span.indices.map { span[$0] }
    }

    private mutating func append(
        _ records: [LogRecord],
        partition: Int32 = 0,
        of partitionCount: Int = 1
    ) -> String {
        logs.didAppend(
            AppendedBatch(topicPlace: 0, topic: "logs", partition: partition, records: records),
            of: input,
            ledger,
            isOnceInOrder: true,
            partitionCount: partitionCount
        ) ?? "nothing"
    }

    @Test("takes what is right")
    mutating func right() {
        #expect(append([record(0), record(1)]) == "nothing")
        #expect(append([record(2), record(9)]) == "nothing")
        #expect(logs.count(of: 2) == 1)
        #expect(logs.count(of: 3) == 0)
    }

    @Test("finds a record that is in the log twice")
    mutating func duplicate() {
        #expect(append([record(0), record(1)]) == "nothing")
        #expect(append([record(1)]).hasPrefix("I3: record 1"))
    }

    @Test("finds records out of order")
    mutating func order() {
        #expect(append([record(4)]) == "nothing")
        #expect(append([record(3)]).hasPrefix("I4: record 3 was appended behind 4"))
    }

    @Test("takes a late record only if it was given up and the producer id changed since")
    mutating func stray() {
        #expect(append([record(5)]) == "nothing")
        #expect(ledger.didEnd(ended(2, .unknown), of: input) == nil)
        #expect(append([record(2)]).hasPrefix("I4: record 2 was appended behind 5"))
        #expect(append([record(6, producerID: 2)]) == "nothing")
        #expect(ledger.didEnd(ended(3, .unknown), of: input) == nil)
        #expect(append([record(3)]) == "nothing")
        #expect(append([record(1, producerID: 2)]).hasPrefix("I4: record 1 was appended behind 3"))
    }

    @Test("takes a record again whose first copy was cut off")
    mutating func truncation() {
        #expect(append([record(0), record(1)]) == "nothing")
        logs.didChange(topic: 0, partition: 0, from: 0, to: 1)
        #expect(logs.count(of: 1) == 0)
        #expect(append([record(1)]) == "nothing")
    }

    @Test("takes a record again whose first copy was deleted, and counts both")
    mutating func deletion() {
        #expect(append([record(0), record(1)]) == "nothing")
        logs.didChange(topic: 0, partition: 0, from: 2, to: 2)
        #expect(append([record(1)]) == "nothing")
        #expect(logs.count(of: 1) == 2)
        #expect(append([record(1)]).hasPrefix("I3: record 1"))
    }

    @Test("finds other bytes, another time, and what nobody wrote")
    mutating func bytes() {
        var value = Array("#0000003".utf8)
        value += [1, 2, 3]
        #expect(append([record(3, value: value)]).hasPrefix("I7: record 3 has other bytes"))
        #expect(append([record(3, timestamp: 6)]).hasPrefix("I7: record 3 has another time"))
        #expect(append([record(3, value: [0])]).hasPrefix("I7: a record that nobody wrote"))
    }

    @Test("finds a record that failed before it was appended, or was never taken")
    mutating func failed() {
        #expect(ledger.didEnd(ended(3, .failed), of: input) == nil)
        #expect(append([record(3)]).hasPrefix("I5: record 3 failed"))
        ledger.append(.skipped, timestamp: 5)
        #expect(ledger.count == 11)
    }

    @Test("finds a key where other clients do not put it")
    mutating func placement() {
        var workload = Workload(recordCount: 200)
        workload.keyCount = 100
        let input = workload.input(seed: 2)
        var wrongCount = 0
        for index in 0..<200 {
            ledger.append(.taken, timestamp: 5)
            guard let key = input.key(of: index) else { continue }
            let isThere = ReferencePartitioner.hash(of: key, .murmur2).map {
                ReferencePartitioner.partition(of: $0, .murmur2, count: 5)
            }
            if isThere != 0 { wrongCount += 1 }
        }
        // Whatever the number of partitions, not all keys belong on the first of several.
        #expect(wrongCount > 100)
        var problems: [String] = []
        for index in 0..<10 {
            problems.append(append([record(index)], partition: 4, of: 5))
        }
        #expect(problems.contains { $0.hasPrefix("I8: the key of record") })
    }

    // MARK: Reports

    private func ended(
        _ index: Int,
        _ outcome: Outcome,
        attempts: Int32 = 1,
        size: Int? = nil,
        batchIndex: Int = 0
    ) -> FailedRecord {
        FailedRecord(
            origin: RecordOrigin(
                ordinal: UInt64(index),
                position: UInt64(input.records[index].start),
                size: size ?? input.records[index].size
            ),
            topic: "logs",
            partition: 0,
            timestamp: 5,
            outcome: outcome,
            failure: .abandoned,
            batchIndex: batchIndex,
            attempts: attempts
        )
    }

    @Test("finds a record that is reported twice, or never was, or from elsewhere")
    mutating func reports() {
        #expect(ledger.didEnd(ended(2, .failed), of: input) == nil)
        #expect(ledger.didEnd(ended(2, .unknown), of: input) != nil)
        #expect(ledger.didEnd(ended(3, .unknown, size: 1), of: input) != nil)
        var few = DeliveryLedger()
        few.append(.taken, timestamp: 5)
        #expect(few.didEnd(ended(2, .failed), of: input) != nil)
        #expect(ledger.count(of: .failed) == 1)
        #expect(ledger.count(of: .taken) == 9)
    }

    @Test("finds a sixth unknown batch, and one that was never sent")
    func unknowns() {
        var batches = UnknownBatches()
        for index in 0..<5 { #expect(batches.didEnd(ended(index, .unknown)) == nil) }
        #expect(batches.didEnd(ended(5, .unknown, batchIndex: 1)) == nil)
        #expect(batches.didEnd(ended(6, .unknown))?.hasPrefix("I6: 6 batches") == true)
        var others = UnknownBatches()
        #expect(others.didEnd(ended(0, .unknown, attempts: 0))?.hasPrefix("I6") == true)
    }

    @Test(
        "works out the exit status by the manual",
        arguments: [
            (["DELIVERY_TIMEOUT"], 0, false, Int32(69)),
            (["DELIVERY_TIMEOUT"], 1, false, 75),
            (["DATA_LOST", "KEY_MISSING"], 1, true, 76),
            (["KEY_MISSING"], 0, false, 65),
            (["KEY_MISSING"], 0, true, 74),
            ([], 0, false, 143),
        ]
    )
    func statuses(names: [String], unknown: Int, failed: Bool, status: Int32) {
        var outcome = OutcomeChecker()
        for name in names {
            outcome.didFail(
                Failure(name: name, code: nil, message: "", kind: .recordRefused)
            )
        }
        #expect(
            outcome.status(unknownCount: unknown, transferFailed: failed, signal: 15) == status
        )
    }

    // MARK: Attempts

    private func attempt(
        _ sequence: Int32,
        _ count: Int32,
        checksum: UInt32,
        answer: ErrorCode? = nil,
        at instant: UInt64 = 0
    ) -> ProduceAttempt {
        ProduceAttempt(
            instant: Instant(nanoseconds: instant),
            broker: 0,
            connection: FakeConnectionID(index: 0),
            topic: "logs",
            topicID: TopicID(high: 0, low: 1),
            partition: 0,
            identity: .init(
                producerID: 1,
                producerEpoch: 0,
                baseSequence: sequence,
                recordCount: count
            ),
            checksum: checksum,
            wasAppended: false,
            baseOffset: nil,
            answer: answer
        )
    }

    @Test("finds a retry with other bytes")
    mutating func otherBytes() {
        #expect(attempts.check(attempt(0, 5, checksum: 1)) == nil)
        #expect(attempts.check(attempt(0, 5, checksum: 1)) == nil)
        #expect(attempts.check(attempt(0, 5, checksum: 2))?.hasPrefix("I12") == true)
    }

    @Test("finds numbers that other records had, but for halves of what was refused")
    mutating func reusedNumbers() {
        #expect(attempts.check(attempt(0, 10, checksum: 1, answer: .messageTooLarge)) == nil)
        #expect(attempts.check(attempt(0, 5, checksum: 2)) == nil)
        #expect(attempts.check(attempt(5, 5, checksum: 3)) == nil)
        #expect(attempts.check(attempt(7, 5, checksum: 4))?.hasPrefix("I13") == true)
    }

    @Test("finds numbers used again across the wrap")
    mutating func wrap() {
        #expect(attempts.check(attempt(.max - 2, 6, checksum: 1)) == nil)
        #expect(attempts.check(attempt(3, 4, checksum: 2)) == nil)
        #expect(attempts.check(attempt(1, 2, checksum: 3))?.hasPrefix("I13") == true)
    }

    @Test("finds a batch that is sent without end")
    mutating func storm() {
        var problem: String?
        for index in 0..<200 where problem == nil {
            problem = attempts.check(attempt(0, 5, checksum: 1, at: UInt64(index) * 1_000_000))
        }
        #expect(problem?.hasPrefix("I11") == true)
    }

    @Test("finds a batch for a leader of whom the client knew better")
    func leaders() {
        var checker = LeaderChecker()
        let later = Instant(nanoseconds: 10)
        func told(_ broker: Int32, _ epoch: Int32) -> FakeReply.NamedLeader {
            .init(topic: 0, partition: 0, broker: broker, epoch: epoch)
        }
        checker.didRead([told(1, 4)], now: Instant(nanoseconds: 5))
        let sent = attempt(0, 1, checksum: 0)
        #expect(checker.isMisguided(sent, topic: 0, queuedSince: later))
        #expect(!checker.isMisguided(sent, topic: 0, queuedSince: Instant(nanoseconds: 5)))
        // An older word changes nothing, a newer one does.
        checker.didRead([told(0, 3)], now: Instant(nanoseconds: 6))
        #expect(checker.isMisguided(sent, topic: 0, queuedSince: later))
        checker.didRead([told(0, 5)], now: Instant(nanoseconds: 6))
        #expect(!checker.isMisguided(sent, topic: 0, queuedSince: later))
    }
}
