import KafkaProtocol

/// Which kpipe this is.
nonisolated package enum Version {
    private static let codecs = CompressionCodec.allCases.filter(\.isBuiltIn).map(\.name)
        .joined(separator: ", ")

    /// The number, by semantic versioning.
    package static let number = "0.1.0"

    /// What `--version` prints: the number, and what this build has in it.
    package static let text = """
        kpipe \(number)
        codecs: \(codecs)

        """
}
