import KafkaProducer

/// The records of a scripted run, which are appended as they are, without framing.
package struct Workload: Sendable {
    /// How many records there are.
    package var recordCount: Int
    /// The topics that the records go to, in turn.
    package var topics = ["logs"]
    /// How large values are, in bytes; a value has its number in it, so eight bytes are the least.
    package var valueSize: ClosedRange<Int> = 10...60
    /// How many different keys there are, or 0 for records without a key.
    package var keyCount = 0
    /// Every how many records a value is null, or 0 for never; such a record has its own key.
    package var nullValueInterval = 0
    /// How many records become readable at once.
    package var burst: ClosedRange<Int> = 50...200
    /// How much time is between two bursts.
    package var gap: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(1))

    /// Creates a workload of small records without keys for the topic `logs`.
    package init(recordCount: Int) { self.recordCount = recordCount }

    /// Writes the records; `seed` says what they look like.
    func input(seed: UInt64) -> SimulatedInput {
        var random = SplitMix64(seed: seed ^ 0x76616c7565)
        var input = SimulatedInput(filler: SimulatedInput.letters(count: 4096, &random))
        input.reserve(
            records: recordCount,
            bytes: recordCount * ((valueSize.lowerBound + valueSize.upperBound) / 2 + 16)
        )
        for index in 0..<recordCount { write(index, to: &input, &random) }
        return input
    }

    private func write(_ index: Int, to input: inout SimulatedInput, _ random: inout SplitMix64) {
        var record = InputRecord()
        record.start = input.count
        if hasNullValue(index) {
            record.keyStart = input.count
            input.appendNumber(index)
            record.keyCount = SimulatedInput.numberSize
        } else {
            if keyCount > 0 {
                record.keyStart = input.count
                input.append(Array("key \(random.below(keyCount))".utf8))
                record.keyCount = input.count - record.keyStart
            }
            record.valueStart = input.count
            record.valueCount = max(
                SimulatedInput.numberSize,
                valueSize.lowerBound + random.below(valueSize.count)
            )
            input.appendNumber(index)
            input.appendFiller(
                record.valueCount - SimulatedInput.numberSize,
                at: Int(truncatingIfNeeded: random.next() >> 32)
            )
        }
        input.append(UInt8(ascii: "\n"))
        record.size = input.count - record.start
        input.append(record)
    }

    private func hasNullValue(_ index: Int) -> Bool {
        nullValueInterval > 0 && index % nullValueInterval == nullValueInterval - 1
    }
}
