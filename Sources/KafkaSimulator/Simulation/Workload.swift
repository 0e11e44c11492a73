import KafkaProducer

/// The records of a run, each computed from its number: nothing of them has to be kept.
package struct Workload: Sendable {
    /// How many records there are.
    package var recordCount: Int
    /// The topics that the records go to, in turn.
    package var topics = ["logs"]
    /// How large values are, in bytes; a value has its number in it, so a few bytes are the least.
    package var valueSize: ClosedRange<Int> = 10...60
    /// How many different keys there are, or 0 for records without a key.
    package var keyCount = 0
    /// Every how many records a value is null, or 0 for never; such a record has its own key.
    package var nullValueInterval = 0
    /// How many records become readable at once.
    package var burst: ClosedRange<Int> = 50...200
    /// How much time is between two bursts.
    package var gap: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(1))
    /// The wall clock's time of the first record, in milliseconds since 1970.
    package var originMilliseconds: Int64 = 1_700_000_000_000

    /// Creates a workload of small records without keys for the topic `logs`.
    package init(recordCount: Int) { self.recordCount = recordCount }

    /// The topic of a record, by its place in ``topics``.
    func topic(of index: Int) -> Int { index % topics.count }

    /// The time of a record: not always later than that of the record before.
    func timestamp(of index: Int) -> Int64 { originMilliseconds + Int64(index * 7 % 1000) }

    /// The key of a record, or `nil` for null.
    func key(of index: Int) -> [UInt8]? {
        if hasNullValue(index) { return Array("null \(index)".utf8) }
        guard keyCount > 0 else { return nil }
        var mixed = SplitMix64(seed: UInt64(index))
        return Array("key \(mixed.below(keyCount))".utf8)
    }

    /// The value of a record, or `nil` for null.
    func value(of index: Int) -> [UInt8]? {
        guard !hasNullValue(index) else { return nil }
        var random = SplitMix64(seed: UInt64(index) ^ 0x76616c7565)
        let size = valueSize.lowerBound + random.below(valueSize.count)
        var bytes = Array("\(index) ".utf8)
        bytes.reserveCapacity(size)
        // Pieces of one word compress a little, as text does.
        while bytes.count < size {
            let word = random.next()
            for shift in stride(from: 0, to: 64, by: 8) where bytes.count < size {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 0x3f | 0x40)
            }
        }
        return bytes
    }

    /// The number of a record that was found in a log, or `nil` if no record of ours looks so.
    func index(ofKey key: [UInt8]?, value: [UInt8]?) -> Int? {
        guard let value else { return key.flatMap { Self.number(in: $0.dropFirst(5)) } }
        return Self.number(in: value.prefix { $0 != UInt8(ascii: " ") })
    }

    private static func number(in digits: ArraySlice<UInt8>) -> Int? {
        Int(String(decoding: digits, as: UTF8.self))
    }

    private func hasNullValue(_ index: Int) -> Bool {
        nullValueInterval > 0 && index % nullValueInterval == nullValueInterval - 1
    }
}
