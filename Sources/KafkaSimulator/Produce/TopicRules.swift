import KafkaProtocol

/// What a topic asks of the records that are appended to it.
///
/// The words are Kafka's own (measured on 4.3.1), since clients show them.
struct TopicRules {
    /// Topic and partition, as Kafka names them.
    var partition: String
    /// Whether each record needs a key, as in a compacted topic.
    var requiresKeys: Bool
    /// The timestamps that are accepted, in milliseconds since 1970.
    var timestamps: ClosedRange<Int64>

    /// Checks the records of one batch.
    ///
    /// - Throws: An expected refusal that names all records that break a rule.
    func check(_ records: [LogRecord]) throws(BatchRefusal) {
        var guilty: [BatchRefusal.GuiltyRecord] = []
        // One bad timestamp gives the whole batch its code.
        var code = ErrorCode.invalidRecord
        for (index, record) in records.enumerated() {
            let index = Int32(index)
            if requiresKeys && record.key == nil {
                guilty.append(
                    .init(
                        index: index,
                        message: "Compacted topic cannot accept message without key in topic "
                            + "partition \(partition)"
                    )
                )
            } else if record.timestamp != -1 && !timestamps.contains(record.timestamp) {
                // -1 stands for no timestamp and is never refused.
                code = .invalidTimestamp
                guilty.append(.init(index: index, message: message(record.timestamp, index)))
            }
        }
        if guilty.isEmpty { return }
        throw .expected(code, message(code, guilty), guilty: guilty)
    }

    private func message(_ timestamp: Int64, _ index: Int32) -> String {
        "Timestamp \(timestamp) of message with offset \(index) is out of range. The timestamp "
            + "should be within [\(timestamps.lowerBound), \(timestamps.upperBound)]"
    }

    private func message(_ code: ErrorCode, _ guilty: [BatchRefusal.GuiltyRecord]) -> String {
        let subject = "One or more records have been rejected due to"
        if code == .invalidTimestamp { return "\(subject) invalid timestamp" }
        let first = guilty.prefix(3).map {
            "RecordError(batchIndex=\($0.index), message='\($0.message)')"
        }
        return "\(subject) \(guilty.count) record errors in total, and only showing the first "
            + "three errors at most: [\(first.joined(separator: ", "))]"
    }
}
