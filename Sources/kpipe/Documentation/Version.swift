import KafkaProtocol
import RecordRules

/// Which kpipe this is.
nonisolated package enum Version {
    /// The number, by semantic versioning.
    package static let number = "0.1.0"

    /// What `--version` prints: the number, and what this build has in it.
    package static var text: String { "kpipe \(number)\n\(features)" }

    /// The codecs and rules of this build, which depend on the libraries it was built with.
    package static var features: String {
        let codecs = CompressionCodec.builtIn.map { codec in
            codec.library.map { "\(codec.name) (\($0))" } ?? codec.name
        }
        let rules = RuleName.builtIn.map(\.rawValue)
        return """
            codecs: \(codecs.joined(separator: ", "))
            rules: \(rules.joined(separator: ", "))

            """
    }
}
