import KafkaProtocol
import KafkaProducer

/// How batches are compressed.
nonisolated extension ProducerConfiguration {
    /// The codec in force, which this build has.
    static func codec(_ values: Assignments) throws(CommandError) -> CompressionCodec {
        let name = try values.string(.compression).lowercased()
        guard let codec = CompressionCodec(name: name) else {
            throw values.refusal(of: .compression)
        }
        if !codec.isBuiltIn, let package = codec.packageToInstall {
            let others = CompressionCodec.builtIn.filter { $0 != .none }.map(\.name)
            throw values.refusal(
                of: .compression,
                because:
                    "\(name) is not built into this kpipe; install \(package) and build it again "
                    + "with make, or use \(others.joined(separator: ", "))"
            )
        }
        return codec
    }

    /// The level in force for a codec, or `nil` for its default.
    ///
    /// Of a level for all codecs and one for this codec alone the higher source counts, and of the
    /// same source the latter.
    static func compressionLevel(
        _ values: Assignments,
        codec: CompressionCodec
    ) throws(CommandError) -> Int? {
        // Each is looked at, so that one that is none is refused whatever the codec.
        let general = try values.number(.compressionLevel)
        for name in [PropertyName.gzipLevel, .lz4Level, .zstdLevel] { _ = try values.number(name) }
        let own = levelProperty(of: codec)
        guard let levels = codec.levels, let own else {
            // An option names codec and level in one word; a property of all codecs may stay.
            if case .option? = values[.compressionLevel]?.source, codec == .snappy {
                throw values.refusal(of: .compressionLevel, because: "\(codec.name) has no levels")
            }
            return nil
        }
        let special = try values.number(own)
        let isSpecial =
            (values[own]?.source.rank ?? -1) >= (values[.compressionLevel]?.source.rank ?? -1)
        let level = isSpecial ? special : general
        if level == -1 { return nil }
        guard levels.contains(level) else {
            throw values.refusal(
                of: isSpecial ? own : .compressionLevel,
                because:
                    "\(codec.name) has levels \(levels.lowerBound) to \(levels.upperBound)"
            )
        }
        return level
    }

    private static func levelProperty(of codec: CompressionCodec) -> PropertyName? {
        switch codec {
        case .none, .snappy: nil
        case .gzip: .gzipLevel
        case .lz4: .lz4Level
        case .zstd: .zstdLevel
        }
    }
}
