internal import KafkaProtocol

/// What a broker's answer to a batch leads to: the last column of docs/PROTOCOL.md section 11.
enum ErrorReaction {
    /// Send the same bytes again.
    case retry
    /// Send the same bytes again, this often in all; then give the batch up.
    case retryAtMost(Int32)
    /// Cut the batch in halves.
    case split
    /// Take out the records that the answer names.
    case removeGuilty
    /// Sequence numbers disagree.
    case sequence
    /// Nothing more can be written to the topic.
    case failTopic
    /// Nothing more can be written at all.
    case failAll
    /// The batch ends, and whether it is in the log is not known.
    case endUnknown

    /// The reaction to a code other than 0.
    ///
    /// `idempotent` says that a resend cannot duplicate.
    static func reaction(to code: ErrorCode, idempotent: Bool) -> Self {
        switch code {
        case .unknownServerError: idempotent ? .retryAtMost(3) : .endUnknown
        case .corruptMessage: .retryAtMost(3)
        case .messageTooLarge, .recordListTooLarge: .split
        case .invalidTimestamp, .invalidRecord: .removeGuilty
        case .outOfOrderSequenceNumber, .unknownProducerID, .invalidProducerEpoch: .sequence
        case .topicAuthorizationFailed, .invalidTopicException, .unsupportedForMessageFormat,
            .policyViolation:
            .failTopic
        case .invalidRequiredAcks, .invalidRequest, .unsupportedCompressionType,
            .unsupportedVersion, .producerFenced, .clusterAuthorizationFailed,
            .groupAuthorizationFailed, .transactionalIDAuthorizationFailed:
            .failAll
        case .leaderNotAvailable, .brokerNotAvailable: .retry
        default: code.isRetriable ? .retry : .endUnknown  // open set: brokers add codes
        }
    }

    /// What a failure with this code means for the run: docs/PROTOCOL.md, the end of section 11.
    static func failureClass(of code: ErrorCode) -> FailureClass {
        switch code {
        case .messageTooLarge, .recordListTooLarge, .invalidTimestamp, .invalidRecord:
            .recordRefused
        case .invalidTopicException: .usage
        case .invalidRequiredAcks, .unsupportedForMessageFormat, .policyViolation,
            .unsupportedCompressionType:
            .misconfigured
        case .topicAuthorizationFailed, .groupAuthorizationFailed, .clusterAuthorizationFailed,
            .transactionalIDAuthorizationFailed:
            .denied
        case .invalidRequest: .bug
        case .corruptMessage, .unsupportedVersion, .outOfOrderSequenceNumber, .unknownTopicID,
            .inconsistentTopicID:
            .protocolBroken
        case .producerFenced: .indefinite
        default: code.isRetriable ? .unavailable : .indefinite  // open set: brokers add codes
        }
    }

    /// Whether a code says that we may not do what we asked for.
    static func isAuthorization(_ code: ErrorCode) -> Bool { failureClass(of: code) == .denied }
}
