import KafkaProducer

/// Follows what is appended, record by record (I2, I3, I4, I7, I8).
struct LogChecker {
    /// The records of a partition's log, by their numbers in the input.
    private struct Log {
        var ordinals: [Int32] = []
        /// How many of them were deleted, from the beginning.
        var deletedCount = 0
        /// Who wrote the last of them.
        var lastWriter: Int64 = -1

        /// The last record that is there, or -1.
        var last: Int {
            ordinals.count > deletedCount ? ordinals.last.map { Int($0) } ?? -1 : -1
        }
    }

    /// A record that was cut off from the end of a log.
    struct Lost {
        let index: Int
        let place: Place
    }

    /// A partition, by the topic's place in the cluster.
    struct Place: Hashable {
        let topic: Int
        let partition: Int
    }

    private let partitioner: PartitionerKind
    private let fixedPartition: Int32?
    private let topics: [String]

    /// The logs, by the topic's place in the cluster and the partition.
    private var logs: [[Log]] = []
    /// How often each record was appended and not cut off.
    private(set) var found: [UInt8] = []
    /// How many of these copies were deleted, as retention does.
    private var deleted: [UInt8] = []
    /// What was cut off from logs, and where it stood.
    private(set) var lost: [Lost] = []
    /// How many partitions the producer may have seen first, of each of the topics.
    private var counts: [[Int]]

    /// Prepares to follow the logs of topics that the producer writes to.
    init(partitioner: PartitionerKind, fixedPartition: Int32?, topics: [String]) {
        self.partitioner = partitioner
        self.fixedPartition = fixedPartition
        self.topics = topics
        counts = topics.map { _ in [] }
    }

    /// How often a record is in the logs, or was until it was deleted.
    func count(of index: Int) -> Int { index < found.count ? Int(found[index]) : 0 }

    /// Takes a batch that was appended.
    ///
    /// - Parameters:
    ///   - batch: The batch, with its records.
    ///   - input: What was read.
    ///   - ledger: What was taken of it.
    ///   - isOnceInOrder: Whether each record may be there once only, in the order of the input.
    ///   - partitionCount: How many partitions the topic has.
    /// - Returns: What is wrong with it, or `nil` if nothing is.
    mutating func didAppend(
        _ batch: AppendedBatch,
        of input: SimulatedInput,
        _ ledger: DeliveryLedger,
        isOnceInOrder: Bool,
        partitionCount: Int
    ) -> String? {
        let partition = Int(batch.partition)
        while logs.count <= batch.topicPlace { logs.append([]) }
        while logs[batch.topicPlace].count <= partition { logs[batch.topicPlace].append(Log()) }
        let topic = topics.firstIndex(of: batch.topic)
        let name = "\(batch.topic)-\(batch.partition)"
        for record in batch.records {
            let number = SimulatedInput.number(key: record.key?.span, value: record.value?.span)
            guard let index = number ?? ledger.lastCut(of: input), index < ledger.count else {
                return "I7: a record that nobody wrote was appended to \(name)"
            }
            if let problem = check(record, index, topic, of: input, ledger) {
                return "\(problem), in \(name)"
            }
            if let topic, let key = record.key {
                let isPlaced = isPlace(key.span, partition, topic, partitionCount)
                if !isPlaced { return "I8: the key of record \(index) does not belong in \(name)" }
            }
            let last = logs[batch.topicPlace][partition].last
            let isStray = isStray(record, index, in: logs[batch.topicPlace][partition], ledger)
            logs[batch.topicPlace][partition].ordinals.append(Int32(index))
            logs[batch.topicPlace][partition].lastWriter = record.producerID
            while found.count <= index {
                found.append(0)
                deleted.append(0)
            }
            found[index] &+= 1
            if isOnceInOrder, found[index] - deleted[index] > 1 {
                return "I3: record \(index) was appended once more, to \(name)"
            }
            if isOnceInOrder, index < last, !isStray {
                return "I4: record \(index) was appended behind \(last), to \(name)"
            }
        }
        return nil
    }

    /// Whether a record was still under way when the producer gave it up, and went on with another
    /// producer id: no broker can tell then that it comes late, as it can within one id.
    private func isStray(
        _ record: LogRecord,
        _ index: Int,
        in log: Log,
        _ ledger: DeliveryLedger
    ) -> Bool {
        ledger.entries[index].state == .unknown && record.producerID != log.lastWriter
    }

    private func check(
        _ record: LogRecord,
        _ index: Int,
        _ topic: Int?,
        of input: SimulatedInput,
        _ ledger: DeliveryLedger
    ) -> String? {
        switch ledger.entries[index].state {
        case .skipped, .refused:
            return "I5: record \(index) was \(ledger.entries[index].state) and is appended"
        case .failed: return "I5: record \(index) failed and is appended"
        case .taken, .unknown: break
        }
        if record.timestamp != ledger.entries[index].timestamp {
            return "I7: record \(index) has another time"
        }
        guard let topic, index % topics.count == topic else {
            return "I7: record \(index) is in another topic"
        }
        if !record.headers.isEmpty { return "I7: record \(index) has headers" }
        if input.records[index].fate == .cut { return nil }
        let isSame = input.isRecord(index, key: record.key?.span, value: record.value?.span)
        return isSame ? nil : "I7: record \(index) has other bytes"
    }

    /// Whether a key belongs in a partition, of one count of partitions for the whole run.
    private mutating func isPlace(
        _ key: Span<UInt8>,
        _ partition: Int,
        _ topic: Int,
        _ partitionCount: Int
    ) -> Bool {
        if let fixedPartition { return partition == Int(fixedPartition) }
        guard let hash = ReferencePartitioner.hash(of: key, partitioner) else { return true }
        // Partitions are looked up before the first append, and may have become more since.
        if counts[topic].isEmpty { counts[topic] = Array(1...partitionCount) }
        let kind = partitioner
        counts[topic].removeAll {
            ReferencePartitioner.partition(of: hash, kind, count: $0) != partition
        }
        return !counts[topic].isEmpty
    }

    /// Learns what a log still has.
    ///
    /// - Parameters:
    ///   - topic: The topic's place in the cluster.
    ///   - partition: The partition.
    ///   - startOffset: Where it begins: what stood before was deleted.
    ///   - endOffset: Where it ends: what stood behind is gone.
    mutating func didChange(
        topic: Int,
        partition: Int,
        from startOffset: Int64,
        to endOffset: Int64
    ) {
        guard topic < logs.count, partition < logs[topic].count else { return }
        while logs[topic][partition].deletedCount < Int(startOffset) {
            let place = logs[topic][partition].deletedCount
            deleted[Int(logs[topic][partition].ordinals[place])] += 1
            logs[topic][partition].deletedCount += 1
        }
        while logs[topic][partition].ordinals.count > Int(endOffset) {
            let index = Int(logs[topic][partition].ordinals.removeLast())
            found[index] -= 1
            lost.append(Lost(index: index, place: Place(topic: topic, partition: partition)))
        }
    }
}

extension DeliveryLedger {
    /// The record in which the input ended, if that was read and taken for one; or `nil`.
    fileprivate func lastCut(of input: SimulatedInput) -> Int? {
        guard let last = input.records.indices.last, last < count,
            input.records[last].fate == .cut
        else { return nil }
        return last
    }
}
