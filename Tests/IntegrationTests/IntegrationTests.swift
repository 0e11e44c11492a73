import Testing

/// kpipe against a real Kafka.
///
/// The suites run one after another, since one of them breaks it.
@Suite("Integration", .serialized, .enabled(if: Kafka.brokers != nil))
enum IntegrationTests {
    /// So many lines, each different: `PREFIX 0`, `PREFIX 1`, ...
    static func lines(_ count: Int, _ prefix: String = "line") -> [String] {
        (0..<count).map { "\(prefix) \($0)" }
    }

    /// Where the values of the records first differ from the lines, or `nil` if they do not.
    ///
    /// An expectation about the lists themselves would print them, and look for their smallest
    /// difference, which takes hours for long ones.
    static func difference(_ records: [Kafka.Record], from lines: [String]) -> String? {
        for (index, pair) in zip(records, lines).enumerated() where pair.0.text != pair.1 {
            return "\(index): \(pair.0.text ?? "null") instead of \(pair.1)"
        }
        return records.count == lines.count ? nil : "\(records.count) of \(lines.count) records"
    }

    /// The lines with a newline behind each.
    static func text(_ lines: [String]) -> String {
        lines.map { $0 + "\n" }.joined()
    }
}
