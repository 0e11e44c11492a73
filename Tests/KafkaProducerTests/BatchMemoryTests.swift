import KafkaProtocol
import Testing

@testable import KafkaProducer

/// Batches as bytes in chunks: what is written is what is read back, and what Kafka would accept.
@Suite("BatchMemory")
struct BatchMemoryTests {
    /// What a record is made of.
    private struct Sample: Equatable {
        var key: [UInt8]?
        var value: [UInt8]?
        var timestamp: Int64
        var origin: RecordOrigin
    }

    /// Records of many sizes: null, empty, small, larger than a chunk; with gaps between some.
    private static func samples(count: Int, largest: Int) -> [Sample] {
        var random = SplitMix64(seed: 3)
        var origin = RecordOrigin(ordinal: 1 << 40, position: 1 << 50, size: 0)
        return (0..<count).map { index in
            func bytes(_ size: Int) -> [UInt8] {
                (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
            }
            let key: [UInt8]? = index % 3 == 0 ? nil : bytes(random.below(20))
            let value: [UInt8]? = index % 11 == 5 ? nil : bytes(random.below(largest))
            origin.size = random.below(300)
            defer {
                origin.ordinal += index % 5 == 4 ? 1 + UInt64(random.below(1000)) : 1
                origin.position += UInt64(origin.size) + (index % 5 == 4 ? 99_999 : 0)
            }
            let timestamp = 1_700_000_000_000 + Int64(random.below(5000)) - 2500
            return Sample(key: key, value: value, timestamp: timestamp, origin: origin)
        }
    }

    private static func begin(_ memory: inout BatchMemory, _ first: Sample) throws -> Int32 {
        let allocated = memory.allocateBatch()
        let batch = try #require(allocated)
        memory[batch].byteLimit = 1 << 20
        memory[batch].baseTimestamp = first.timestamp
        memory[batch].maxTimestamp = first.timestamp
        memory[batch].firstOrdinal = first.origin.ordinal
        memory[batch].firstPosition = first.origin.position
        memory[batch].nextOrdinal = first.origin.ordinal
        memory[batch].nextPosition = first.origin.position
        return batch
    }

    private static func append(
        _ sample: Sample,
        to batch: Int32,
        _ memory: inout BatchMemory
    ) -> BatchMemory.AppendResult {
        let keyBytes = sample.key ?? []
        let valueBytes = sample.value ?? []
        let key: Span<UInt8>? = sample.key == nil ? nil : keyBytes.span
        let value: Span<UInt8>? = sample.value == nil ? nil : valueBytes.span
        return memory.append(
            to: batch,
            key: key,
            value: value,
            timestamp: sample.timestamp,
            origin: sample.origin
        )
    }

    /// A batch's bytes as they go to the broker.
    private static func wire(_ memory: borrowing BatchMemory, _ batch: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        memory.forEachPiece(of: batch) { offset, count in
            let piece = memory.bytes(at: offset, count: count)
            for index in 0..<count { bytes.append(piece[index]) }
        }
        return bytes
    }

    private static func readBack(_ memory: borrowing BatchMemory, _ batch: Int32) -> [Sample] {
        var records = BatchRecords(memory, batch, codec: .gzip, largest: 1 << 20)
        var samples: [Sample] = []
        while let record = records.next() {
            samples.append(
                Sample(
                    key: record.key.map { Array(records.bytes[$0]) },
                    value: record.value.map { Array(records.bytes[$0]) },
                    timestamp: record.timestamp,
                    origin: record.origin
                )
            )
        }
        return samples
    }

    @Test(
        "reads records and origins back, and seals what a strict reader accepts",
        arguments: [30, 5000, 20_000],
        [false, true]
    )
    func roundTrip(largest: Int, sumsFullChunks: Bool) throws {
        let samples = Self.samples(count: 60, largest: largest)
        var memory = BatchMemory(
            byteCount: 8 << 20,
            largestBatch: 1 << 20,
            sumsFullChunks: sumsFullChunks
        )
        let batch = try Self.begin(&memory, samples[0])
        for sample in samples {
            let result = Self.append(sample, to: batch, &memory)
            #expect(result == .appended)
        }
        let read = Self.readBack(memory, batch)
        #expect(read == samples)

        memory[batch].producerID = 4000
        memory[batch].epoch = 2
        memory[batch].baseSequence = 17
        memory.seal(batch, codec: .none)
        let wire = Self.wire(memory, batch)
        #expect(wire.count == memory[batch].byteCount)
        var reader = try RecordBatchReader(wire, range: wire.indices)
        #expect(reader.header.producerID == 4000)
        #expect(reader.header.baseSequence == 17)
        var index = 0
        while let record = try reader.next() {
            #expect(record.timestamp == samples[index].timestamp)
            #expect(record.key.map { Array(reader.bytes[$0]) } == samples[index].key)
            #expect(record.value.map { Array(reader.bytes[$0]) } == samples[index].value)
            index += 1
        }
        #expect(index == samples.count)
        memory.release(batch)
        #expect(memory.freeChunkCount == memory.chunkCount)
        #expect(memory.batchCount == 0)
    }

    /// Lines with keys of many sizes, in one window, with gaps of many sizes between some.
    private static func lines(count: Int) -> (window: [UInt8], lines: [Line]) {
        var random = SplitMix64(seed: 5)
        var window: [UInt8] = []
        var origin = RecordOrigin(ordinal: 7, position: 1 << 33, size: 0)
        let lines = (0..<count).map { index in
            let keySize = [0, 1, 5, 15, 16, 17, 40, 63, 64, 300, 9000][random.below(11)]
            let valueSize = [0, 1, 50, 56, 63, 64, 90, 200, 8191, 8192, 20_000][random.below(11)]
            let key = window.count..<window.count + keySize
            let value = key.upperBound..<key.upperBound + valueSize
            window += (0..<keySize + valueSize).map { UInt8(truncatingIfNeeded: $0 &+ index) }
            origin.size = keySize + valueSize + 1
            let skipped = [0, 0, 0, 1, 127, 128, 20_000, 3_000_000][random.below(8)]
            defer {
                origin.ordinal += 1 + UInt64(skipped)
                origin.position += UInt64(origin.size + skipped * 2)
            }
            let timestamp = 1_700_000_000_000 + Int64([0, 1, 63, 64, 5000, 9000][random.below(6)])
            return Line(key: key, value: value, timestamp: timestamp, origin: origin)
        }
        return (window, lines)
    }

    private struct Line {
        var key: Range<Int>
        var value: Range<Int>
        var timestamp: Int64
        var origin: RecordOrigin
    }

    @Test("encodes a line with a key as any other record")
    func lineWithKey() throws {
        let (window, lines) = Self.lines(count: 400)
        let samples = lines.map { line in
            Sample(
                key: Array(window[line.key]),
                value: Array(window[line.value]),
                timestamp: line.timestamp,
                origin: line.origin
            )
        }
        var memory = BatchMemory(byteCount: 16 << 20, largestBatch: 4 << 20)
        let one = try Self.begin(&memory, samples[0])
        let other = try Self.begin(&memory, samples[0])
        memory[one].byteLimit = 4 << 20
        memory[other].byteLimit = 4 << 20
        var shortCount = 0
        for (line, sample) in zip(lines, samples) {
            #expect(Self.append(sample, to: one, &memory) == .appended)
            let isShort = memory.appendLine(
                to: other,
                // It ends with the line, so that nothing behind the line can be read.
                window.span.extracting(0..<line.value.upperBound),
                key: line.key,
                value: line.value,
                timestamp: line.timestamp,
                origin: line.origin,
                recordLimit: .max
            )
            if isShort {
                shortCount += 1
            } else {
                #expect(Self.append(sample, to: other, &memory) == .appended)
            }
        }
        #expect((50..<350).contains(shortCount))
        // Not the headers, which nobody has written. And not a comparison that would print them.
        let bytes = Self.wire(memory, one).dropFirst(recordBatchHeaderSize)
        let isSame = Self.wire(memory, other).dropFirst(recordBatchHeaderSize) == bytes
        #expect(isSame)
        let isReadBack = Self.readBack(memory, other) == samples
        #expect(isReadBack)
    }

    @Test("leaves a line to the long way where a batch has as many records as it may have")
    func lineBehindTheLimit() throws {
        var memory = BatchMemory(byteCount: 8 << 20, largestBatch: 1 << 20)
        let (window, lines) = Self.lines(count: 1)
        let first = Sample(key: nil, value: [1], timestamp: 0, origin: lines[0].origin)
        let batch = try Self.begin(&memory, first)
        #expect(Self.append(first, to: batch, &memory) == .appended)
        var line = lines[0]
        line.origin.ordinal += 1
        line.origin.position += UInt64(line.origin.size)
        for (limit, isTaken) in [(Int32(1), false), (2, true)] {
            let isAppended = memory.appendLine(
                to: batch,
                window.span,
                key: 0..<1,
                value: 1..<2,
                timestamp: 0,
                origin: line.origin,
                recordLimit: limit
            )
            #expect(isAppended == isTaken)
        }
        #expect(memory[batch].recordCount == 2)
    }

    /// Many small records have origins in more than one chunk, before and after.
    @Test(
        "reads the same records back from compressed bytes in fewer chunks",
        arguments: [(400, 2000), (20_000, 8)]
    )
    func compressed(sampleCount: Int, largest: Int) throws {
        let samples = Self.samples(count: sampleCount, largest: largest)
        var memory = BatchMemory(byteCount: 8 << 20, largestBatch: 1 << 20)
        let batch = try Self.begin(&memory, samples[0])
        for sample in samples { _ = Self.append(sample, to: batch, &memory) }
        #expect(memory[batch].recordCount == sampleCount)
        #expect(sampleCount < 1000 || memory.originBytes(of: batch).count > 2 * memory.chunkSize)
        let chunkCount = memory.chunkCount - memory.freeChunkCount
        let plain = memory.recordBytes(of: batch)
        guard var compressor = RecordCompressor(.gzip, level: nil, capacity: 1 << 20) else {
            Issue.record("Every build has gzip.")
            return
        }
        var output = [UInt8](repeating: 0, count: compressor.outputSize)
        var span = output.mutableSpan
        let result = compressor.compress(plain.span, into: &span)
        let size = try #require(result)
        memory.replaceRecords(of: batch, with: output.span.extracting(0..<size))
        #expect(memory.chunkCount - memory.freeChunkCount < chunkCount)
        let read = Self.readBack(memory, batch)
        #expect(read == samples)
        memory.seal(batch, codec: .gzip)
        let wire = Self.wire(memory, batch)
        var reader = try RecordBatchReader(wire, range: wire.indices)
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == sampleCount)
    }

    @Test("says that a batch is full, by bytes and by records, and changes nothing")
    func full() throws {
        let samples = Self.samples(count: 3, largest: 100)
        var memory = BatchMemory(byteCount: 1 << 20, largestBatch: 10_000)
        let batch = try Self.begin(&memory, samples[0])
        memory[batch].byteLimit = recordBatchHeaderSize + 150
        _ = Self.append(samples[0], to: batch, &memory)
        let size = memory[batch].byteCount
        var large = samples[1]
        large.value = [UInt8](repeating: 1, count: 150)
        let result = Self.append(large, to: batch, &memory)
        #expect(result == .full)
        #expect(memory[batch].byteCount == size)
        #expect(memory[batch].recordCount == 1)
        let limited = memory.append(
            to: batch,
            key: nil,
            value: nil,
            timestamp: samples[1].timestamp,
            origin: samples[1].origin,
            recordLimit: 1
        )
        #expect(limited == .full)
        let read = Self.readBack(memory, batch)
        #expect(read == [samples[0]])
    }

    @Test("keeps chunks back from records, so that a split finds some")
    func reserve() throws {
        var memory = BatchMemory(byteCount: 64 << 10, largestBatch: 10_000)
        var count = 0
        while memory.allocateBatch() != nil { count += 1 }
        #expect(count == memory.chunkCount - memory.reservedChunkCount)
        #expect(memory.freeChunkCount == memory.reservedChunkCount)
        let spare = memory.allocateBatch(usesReserve: true)
        #expect(spare != nil)
        #expect(memory.usedByteCount <= memory.chunkCount * memory.chunkSize)
    }

    @Test("changes nothing when a record finds no memory")
    func noMemory() throws {
        let samples = Self.samples(count: 2, largest: 100)
        var memory = BatchMemory(byteCount: 64 << 10, largestBatch: 10_000)
        let batch = try Self.begin(&memory, samples[0])
        _ = Self.append(samples[0], to: batch, &memory)
        while memory.allocateBatch() != nil {}
        var large = samples[1]
        large.value = [UInt8](repeating: 1, count: memory.chunkSize)
        let result = Self.append(large, to: batch, &memory)
        #expect(result == .noMemory)
        let read = Self.readBack(memory, batch)
        #expect(read == [samples[0]])
    }

    @Test("encodes lengths at every boundary of a varint")
    func varintSizes() {
        for shift in stride(from: 0, through: 63, by: 1) {
            let power = Int64(bitPattern: 1 << UInt64(shift))
            for value in [power &- 1, power, 0 &- power, ~power] {
                #expect(zigzagSize(value) == Varint.size(ofZigzag: value))
            }
        }
    }
}
