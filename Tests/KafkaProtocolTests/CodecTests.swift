import KafkaProtocol
import Testing

/// The codecs that this build has.
@Suite("Codecs")
struct CodecTests {
    private static let codecs = CompressionCodec.builtIn.filter { $0 != .none }
    private static let text = SampleText.lines

    private func decompress(
        _ bytes: [UInt8],
        _ codec: CompressionCodec,
        limit: Int = SampleText.lines.count
    ) throws(CompressionError) -> [UInt8] {
        try RecordDecompressor.decompress(bytes.span, with: codec, limit: limit)
    }

    /// The records of a batch that another producer wrote, and its codec.
    private func foreign(_ name: String) throws -> (codec: CompressionCodec, bytes: [UInt8]) {
        let fixture = Fixtures.compressed[name]
        let batch = Fixtures.bytes(hex: fixture["hex"].text)
        let codec = try #require(CompressionCodec(name: fixture["codec"].text))
        return (codec, Array(batch[RecordBatchLayout.headerSize...]))
    }

    private static let foreignNames = codecs.flatMap { codec in
        ["kcat", "java", "franz"].map { "\(codec.name)_\($0)" }
    }

    @Test("read the batches of librdkafka, Java and franz-go", arguments: foreignNames)
    func golden(name: String) throws {
        let batch = Fixtures.bytes(hex: Fixtures.compressed[name]["hex"].text)
        var reader = try RecordBatchReader(batch, range: 0..<batch.count)
        var values: [String] = []
        while let record = try reader.next() {
            #expect(record.key == nil)
            values.append(String(decoding: reader.bytes[try #require(record.value)], as: UTF8.self))
        }
        let start = String(repeating: "kpipe ", count: 8)
        #expect(values == ["one", "two", "three"].map { start + $0 })
    }

    @Test("give back what was compressed, at every level", arguments: codecs)
    func roundTrip(codec: CompressionCodec) throws {
        var levels: [Int?] = [nil]
        if let range = codec.levels { levels += range.map(Optional.some) }
        for level in levels {
            let compressed = try #require(
                SampleText.compressed(Self.text, with: codec, level: level)
            )
            #expect(compressed.count < Self.text.count / 2)
            #expect(try decompress(compressed, codec) == Self.text)
        }
    }

    @Test("make smaller what a higher level is asked for", arguments: codecs)
    func levels(codec: CompressionCodec) throws {
        guard let levels = codec.levels else { return }
        let sizes: [Int] = [levels.lowerBound, levels.upperBound].map {
            SampleText.compressed(Self.text, with: codec, level: $0)?.count ?? .max
        }
        #expect(sizes[1] < sizes[0])
    }

    @Test("do not care in which pieces the records lie, nor what was compressed before")
    func pieces() throws {
        for codec in Self.codecs {
            let whole = try #require(SampleText.compressed(Self.text, with: codec))
            guard var compressor = RecordCompressor(codec, level: nil, capacity: Self.text.count)
            else { continue }
            var memory = CompressionMemory(byteCount: compressor.outputSize)
            for cut in [0, 1, 100, 40_000, Self.text.count - 1, Self.text.count] {
                compressor.begin()
                compressor.append(Self.text.span.extracting(0..<cut))
                compressor.append(Self.text.span.extracting(cut..<Self.text.count))
                var bytes = memory.bytes
                let size = compressor.finish(into: &bytes)
                let count = try #require(size)
                let result = memory.result(count)
                #expect(result.indices.map { result[$0] } == whole, "\(codec) \(cut)")
            }
        }
    }

    @Test("give nothing that is not smaller, and are as good as new then", arguments: codecs)
    func incompressible(codec: CompressionCodec) throws {
        #expect(SampleText.compressed(Array("hello".utf8), with: codec) == nil)
        for count in [1, 2, 100, 65_535, 65_536, 65_537, 200_000] {
            #expect(SampleText.compressed(SampleText.noise(count), with: codec) == nil)
        }
        guard var compressor = RecordCompressor(codec, level: nil, capacity: 200_000) else {
            return
        }
        var memory = [UInt8](repeating: 0, count: compressor.outputSize)
        var span = memory.mutableSpan
        for bytes in [[], SampleText.noise(200_000)] {
            let size = compressor.compress(bytes.span, into: &span)
            #expect(size == nil)
        }
        let size = compressor.compress(Self.text.span, into: &span)
        let count = try #require(size)
        #expect(try decompress(Array(memory[..<count]), codec) == Self.text)
    }

    @Test("work on another thread than the one that made them", arguments: codecs)
    func threads(codec: CompressionCodec) async throws {
        let text = Self.text
        let compressed = try #require(SampleText.compressed(text, with: codec))
        guard let compressor = RecordCompressor(codec, level: nil, capacity: text.count) else {
            return
        }
        #expect(await Self.compress(text, with: compressor) == compressed)
    }

    /// Compresses on a thread of the pool that has none of ours.
    @concurrent
    private static func compress(
        _ bytes: [UInt8],
        with compressor: consuming RecordCompressor
    ) async -> [UInt8] {
        var compressor = compressor
        var memory = [UInt8](repeating: 0, count: compressor.outputSize)
        var span = memory.mutableSpan
        let count = compressor.compress(bytes.span, into: &span) ?? 0
        return Array(memory[..<count])
    }

    @Test("refuse what is cut short, goes on, or is too large", arguments: foreignNames)
    func refusals(name: String) throws {
        let (codec, whole) = try foreign(name)
        let plain = try decompress(whole, codec)
        #expect(try decompress(whole, codec, limit: plain.count) == plain)
        for limit in [0, 1, plain.count - 1] {
            #expect(throws: CompressionError.tooLarge(limit: limit)) {
                try decompress(whole, codec, limit: limit)
            }
        }
        // A stream of Snappy's blocks has no end of its own; its first may have been the last.
        let isStream = name == "snappy_java"
        for count in 0..<whole.count where !(isStream && count == 16) {
            #expect(throws: CompressionError.self, "\(count)") {
                try decompress(Array(whole[..<count]), codec)
            }
        }
        #expect(throws: CompressionError.self) { try decompress(whole + [1], codec) }
        #expect(throws: CompressionError.self) { try decompress(Array("hello".utf8), codec) }
    }

    @Test("keep to the limit whatever bytes say", arguments: foreignNames)
    func hostile(name: String) throws {
        let (codec, whole) = try foreign(name)
        var refusals = 0
        for index in whole.indices {
            for value: UInt8 in [0, 1, 0x40, 0x7f, 0x80, 0xff] {
                var hostile = whole
                hostile[index] = value
                do throws(CompressionError) {
                    #expect(try decompress(hostile, codec, limit: 1000).count <= 1000)
                } catch {
                    refusals += 1
                }
            }
        }
        #expect(refusals > whole.count)
    }

    @Test("refuse a size that nothing could have at once")
    func claims() {
        let claims: [(CompressionCodec, [UInt8])] = [
            // 4 GiB - 1 in five bytes; and the stream's header with a block of 2 GiB.
            (.snappy, [0xff, 0xff, 0xff, 0xff, 0x0f]),
            (
                .snappy,
                [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]
                    + [0x7f, 0xff, 0xff, 0xff, 0]
            ),
            // A frame of one segment that says it has 2^62 bytes.
            (.zstd, [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x40, 1, 0, 0]),
            // A trailer that says 4 GiB - 1, behind an empty member.
            (.gzip, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 255, 255, 255, 255]),
        ]
        for (codec, bytes) in claims where codec.isBuiltIn {
            #expect(throws: CompressionError.self, "\(codec)") {
                try decompress(bytes, codec, limit: RecordBatchReader.decompressedLimit)
            }
        }
    }

    @Test("refuse LZ4 blocks that need those before them, as Java does")
    func linkedBlocks() throws {
        guard CompressionCodec.lz4.isBuiltIn else { return }
        // A frame of nothing: flags, block size, checksum of both, end mark. Both checksums are
        // those that lz4(1) writes with -BD and without.
        let independent: [UInt8] = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 0, 0, 0, 0]
        let linked: [UInt8] = [0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0xc0, 0, 0, 0, 0]
        #expect(try decompress(independent, .lz4) == [])
        #expect(throws: CompressionError.damaged) { try decompress(linked, .lz4) }
    }

    @Test("are one raw block, one frame of independent blocks of 64 KiB, one frame")
    func formats() throws {
        let starts: [CompressionCodec: [UInt8]] = [
            .gzip: [0x1f, 0x8b, 8],
            .snappy: [],
            .lz4: [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82],
            .zstd: [0x28, 0xb5, 0x2f, 0xfd],
        ]
        for codec in Self.codecs {
            let compressed = try #require(SampleText.compressed(Self.text, with: codec))
            let start = try #require(starts[codec])
            #expect(compressed.starts(with: start), "\(codec)")
        }
        guard let raw = SampleText.compressed(Self.text, with: .snappy) else { return }
        // A raw block begins with its size as a varint, and not with Java's magic.
        let size = raw.prefix(3).reversed().reduce(0) { $0 << 7 | Int($1 & 0x7f) }
        #expect(size == Self.text.count)
    }

    #if Snappy
    @Test("are the same by the Snappy that is linked and by the shared one")
    func snappyLibraries() throws {
        for text in [Self.text, SampleText.noise(200_000), Array("hello".utf8)] {
            let results = [true, false].map { isShared in
                let compressor = SnappyCompressor(isShared: isShared)
                let size = compressor.outputSize(for: text.count)
                var memory = [UInt8](repeating: 0, count: size)
                var span = memory.mutableSpan
                let count = compressor.compress(text.span, into: &span) ?? 0
                return Array(memory[..<count])
            }
            #expect(results[0] == results[1])
            for result in results {
                #expect(try decompress(result, .snappy, limit: text.count) == text)
            }
        }
    }
    #endif

    @Test("of no build are those that it does not have")
    func missing() {
        for codec in CompressionCodec.allCases where !codec.isBuiltIn {
            #expect(codec.packageToInstall != nil)
            #expect(SampleText.compressed(Self.text, with: codec) == nil)
            #expect(throws: CompressionError.notBuiltIn(codec)) { try decompress([1], codec) }
        }
        #expect(CompressionCodec.builtIn.prefix(2) == [.none, .gzip])
        let isThere = RecordCompressor(.none, level: nil, capacity: 1) != nil
        #expect(!isThere)
    }
}
