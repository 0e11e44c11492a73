internal import KafkaProducer
internal import RecordFraming

/// Failures of records that did not get as far as a batch.
extension Failure {
    /// A record that cannot be framed.
    ///
    /// - Parameters:
    ///   - failure: What the framer says.
    ///   - maxRequestSize: `max.request.size` where that is what limits records, or `nil` where
    ///     `--max-record` does.
    /// - Returns: The failure, which is Kafka's own where `max.request.size` is the limit.
    static func framing(_ failure: FramingFailure, maxRequestSize: Int?) -> Self {
        if case .recordTooLong = failure.reason, let maxRequestSize {
            return tooLarge(
                "the record has \(failure.size) bytes, more than max.request.size "
                    + "(\(maxRequestSize)) leaves for one"
            )
        }
        return Self(name: failure.name, code: nil, message: failure.message, kind: .recordRefused)
    }

    /// A record that a rule cannot read.
    static func brokenRecord(_ what: String) -> Self {
        Self(
            name: "RECORD_BROKEN",
            code: nil,
            message: "the key cannot be taken from it: \(what)",
            kind: .recordRefused
        )
    }

    /// A record without the key that was to be found.
    static var keyMissing: Self {
        Self(
            name: "KEY_MISSING",
            code: nil,
            message: "it has no key; --key-missing null or skip allows that, -k gives one",
            kind: .recordRefused
        )
    }

    /// A record that the producer refuses.
    static func append(_ error: AppendError) -> Self {
        switch error {
        case .recordTooLarge(let size, let limit): tooLarge(size: size, limit: limit)
        case .noSuchPartition(let partition, let count): noSuchPartition(partition, count: count)
        case .topicFailed(let why): why
        }
    }

    /// A record that does not fit in a request.
    static func tooLarge(size: Int, limit: Int) -> Self {
        tooLarge(
            "a batch of this record alone has \(size) bytes, more than max.request.size (\(limit)) "
                + "allows"
        )
    }

    private static func tooLarge(_ message: String) -> Self {
        Self(name: "MESSAGE_TOO_LARGE", code: 10, message: message, kind: .recordRefused)
    }

    /// A partition that the topic does not have.
    static func noSuchPartition(_ partition: Int32, count: Int) -> Self {
        Self(
            name: "UNKNOWN_TOPIC_OR_PARTITION",
            code: 3,
            message: "the topic has no partition \(partition): its \(count) are 0 to \(count - 1)",
            kind: .unavailable
        )
    }
}

extension FramingFailure {
    /// Our name for it in failure lines.
    var name: String {
        switch reason {
        case .recordTooLong: "RECORD_TOO_LONG"
        case .cutShort: "RECORD_CUT_SHORT"
        case .negativeLength, .varintTooLong, .lengthPastEnd: "LENGTH_CORRUPT"
        }
    }
}
