import KafkaProducer

/// The exit status as the manual has it, worked out from what was told of records (I10).
struct OutcomeChecker {
    /// The statuses, the one first that counts most (the manual's order, after usage and
    /// configuration, which end a run at once).
    private static let order: [Int32] = [64, 78, 70, 76, 75, 77, 69, 74, 65, 66]

    /// The names of failures that were told, each once.
    private(set) var names: [String] = []
    /// What the records that did not get into a batch failed of, for the rule under test.
    private(set) var refusals: [FailureClass] = []

    /// Learns why a record ended failed or unknown.
    mutating func didFail(_ failure: Failure) { add(failure.name) }

    /// Learns why the reading was stopped.
    mutating func didStop(_ failure: Failure) { add(failure.name) }

    /// Learns why a record was refused before it got into a batch.
    mutating func didRefuse(_ failure: Failure) {
        add(failure.name)
        if !refusals.contains(failure.kind) { refusals.append(failure.kind) }
    }

    private mutating func add(_ name: String) {
        if !names.contains(name) { names.append(name) }
    }

    /// The status that the run has to end with.
    ///
    /// - Parameters:
    ///   - unknownCount: Records that were reported unknown.
    ///   - transferFailed: Whether reading failed.
    ///   - signal: The signal that ended the reading before the end of the input, or `nil`.
    /// - Returns: The number.
    func status(unknownCount: Int, transferFailed: Bool, signal: Int32?) -> Int32 {
        var statuses = names.map(Self.status)
        if unknownCount > 0 { statuses.append(75) }
        if transferFailed { statuses.append(74) }
        for status in Self.order where statuses.contains(status) { return status }
        return signal.map { 128 + $0 } ?? 0
    }

    /// What the manual and docs/PROTOCOL.md section 11 say of a failure.
    private static func status(of name: String) -> Int32 {
        switch name {
        case "MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_TIMESTAMP", "INVALID_RECORD",
            "RECORD_TOO_LONG", "RECORD_CUT_SHORT", "LENGTH_CORRUPT", "RECORD_BROKEN", "KEY_MISSING":
            65
        case "INVALID_TOPIC_EXCEPTION": 64
        case "INVALID_REQUIRED_ACKS", "UNSUPPORTED_FOR_MESSAGE_FORMAT", "POLICY_VIOLATION",
            "UNSUPPORTED_COMPRESSION_TYPE":
            78
        case "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED",
            "CLUSTER_AUTHORIZATION_FAILED", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED":
            77
        case "INVALID_REQUEST": 70
        // OUT_OF_ORDER_SEQUENCE_NUMBER is not among them: what the core takes for a loss it calls
        // DATA_LOST, and what stands behind a batch that ended unknown has nothing to do with one.
        case "CORRUPT_MESSAGE", "UNSUPPORTED_VERSION", "UNKNOWN_TOPIC_ID", "INCONSISTENT_TOPIC_ID",
            "DATA_LOST", "OTHER_CLUSTER", "TOPIC_RECREATED":
            76
        case "DELIVERY_TIMEOUT", "UNKNOWN_TOPIC_OR_PARTITION", "LEADER_NOT_AVAILABLE",
            "NOT_LEADER_OR_FOLLOWER", "REQUEST_TIMED_OUT", "BROKER_NOT_AVAILABLE",
            "REPLICA_NOT_AVAILABLE", "NETWORK_EXCEPTION", "KAFKA_STORAGE_ERROR",
            "NOT_ENOUGH_REPLICAS", "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "LISTENER_NOT_FOUND",
            "FENCED_LEADER_EPOCH", "UNKNOWN_LEADER_EPOCH", "THROTTLING_QUOTA_EXCEEDED":
            69
        // What nobody knows the meaning of leaves the outcome unknown.
        case _: 75
        }
    }
}
