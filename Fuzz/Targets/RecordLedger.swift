import KafkaProducer

/// What the producer was given, and what it said of it.
///
/// The bytes of a record follow from its number, so none has to be kept.
struct RecordLedger {
    struct Record {
        let key: [UInt8]?
        let value: [UInt8]
    }

    private struct Entry {
        let isKeyed: Bool
        let size: Int
        var hasFailed = false
    }

    private var entries: [Entry] = []
    private var offered = Entry(isKeyed: false, size: 0)
    private(set) var failedCount = 0

    /// How many records were taken.
    var takenCount: Int { entries.count }

    /// The next record, which is not taken yet.
    mutating func next(keyed: Bool, size: Int) -> Record {
        offered = Entry(isKeyed: keyed, size: size)
        return Self.record(entries.count, offered)
    }

    mutating func didTake() { entries.append(offered) }

    mutating func didFail(_ failed: FailedRecord, key: Span<UInt8>?, value: Span<UInt8>?) {
        let index = Int(failed.origin.ordinal)
        require(entries.indices.contains(index), "record \(index) was never taken")
        require(!entries[index].hasFailed, "record \(index) ended twice")
        entries[index].hasFailed = true
        failedCount += 1
        let record = Self.record(index, entries[index])
        require(Self.isEqual(key, record.key), "the key of record \(index) is another")
        require(Self.isEqual(value, record.value), "the value of record \(index) is another")
    }

    private static func record(_ index: Int, _ entry: Entry) -> Record {
        Record(
            key: entry.isKeyed ? Array("k\(index % 7)".utf8) : nil,
            value: Array("\(index)".utf8) + [UInt8](repeating: 0x76, count: entry.size)
        )
    }

    private static func isEqual(_ span: Span<UInt8>?, _ bytes: [UInt8]?) -> Bool {
        guard let span, let bytes else { return span == nil && bytes == nil }
        return span.count == bytes.count && bytes.indices.allSatisfy { span[$0] == bytes[$0] }
    }
}
