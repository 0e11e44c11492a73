import KafkaProtocol

/// Bytes to compress.
enum SampleText {
    /// Text of a kind that compresses, but not to nothing, in more than one block of 64 KiB.
    static let lines: [UInt8] = noise(2000).enumerated().flatMap { number, byte in
        Array("user=u-\(byte) path=/static/page-\(Int(byte) * number % 37).html status=200\n".utf8)
    }

    /// Bytes without any order, which do not compress.
    static func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(state >> 56)
        }
    }

    /// The bytes as this build compresses them, or `nil` if that does not make them smaller.
    static func compressed(
        _ bytes: [UInt8],
        with codec: CompressionCodec,
        level: Int? = nil
    ) -> [UInt8]? {
        guard var compressor = RecordCompressor(codec, level: level, capacity: bytes.count) else {
            return nil
        }
        var memory = [UInt8](repeating: 0, count: compressor.outputSize)
        var span = memory.mutableSpan
        guard let count = compressor.compress(bytes.span, into: &span) else { return nil }
        return Array(memory[..<count])
    }
}
