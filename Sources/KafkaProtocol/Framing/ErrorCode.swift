/// A code with which a broker says how a request, or a part of it, ended.
///
/// Brokers newer than us may send codes we do not know. Those are kept as they are, named by their
/// number, and taken to leave the outcome open.
package struct ErrorCode: RawRepresentable, Hashable, Sendable {
    /// What a code, as the answer to Produce, says about the batch it answers.
    package enum AppendStatus: Hashable, Sendable {
        /// The batch is certainly not in the log.
        case notAppended

        /// The batch may be in the log.
        case possiblyAppended

        /// The batch is in the log of the partition's leader.
        case appended
    }

    /// The number on the wire.
    package let rawValue: Int16

    /// Creates the code with a number, whether we know it or not.
    package init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// Whether the same request, sent again, may end well.
    ///
    /// A code that only a rule of its own can answer, such as
    /// ``outOfOrderSequenceNumber``, is not retriable by this word.
    package var isRetriable: Bool {
        switch self {
        case .corruptMessage, .unknownTopicOrPartition, .leaderNotAvailable, .notLeaderOrFollower,
            .requestTimedOut, .brokerNotAvailable, .replicaNotAvailable, .networkException,
            .coordinatorLoadInProgress, .coordinatorNotAvailable, .notCoordinator,
            .notEnoughReplicas, .notEnoughReplicasAfterAppend, .notController,
            .concurrentTransactions, .kafkaStorageError, .listenerNotFound, .fencedLeaderEpoch,
            .unknownLeaderEpoch, .unstableOffsetCommit, .throttlingQuotaExceeded, .unknownTopicID,
            .inconsistentTopicID:
            true
        default:
            false
        }
    }

    /// Whether the code says that our picture of the cluster is out of date.
    package var refreshesMetadata: Bool {
        switch self {
        case .unknownTopicOrPartition, .leaderNotAvailable, .notLeaderOrFollower,
            .brokerNotAvailable, .replicaNotAvailable, .networkException, .notController,
            .kafkaStorageError, .listenerNotFound, .fencedLeaderEpoch, .unknownLeaderEpoch,
            .preferredLeaderNotAvailable, .eligibleLeadersNotAvailable, .electionNotNeeded,
            .unknownTopicID, .inconsistentTopicID:
            true
        default:
            false
        }
    }

    /// What the code, as the answer to Produce, says about the batch.
    ///
    /// Some retriable codes leave it open although they sound like refusals
    /// (``notLeaderOrFollower``): the leader can append, then lose its leadership or its disk while
    /// it waits for the replicas, and answer with that code.
    package var appendStatus: AppendStatus {
        switch self {
        case .none, .notEnoughReplicasAfterAppend, .duplicateSequenceNumber:
            .appended
        case .corruptMessage, .leaderNotAvailable, .brokerNotAvailable, .messageTooLarge,
            .invalidTopicException, .recordListTooLarge, .notEnoughReplicas, .invalidRequiredAcks,
            .topicAuthorizationFailed, .groupAuthorizationFailed, .clusterAuthorizationFailed,
            .transactionalIDAuthorizationFailed, .invalidTimestamp, .unsupportedVersion,
            .invalidRequest, .unsupportedForMessageFormat, .policyViolation,
            .outOfOrderSequenceNumber, .invalidProducerEpoch, .unknownProducerID,
            .invalidTxnState, .invalidProducerIDMapping, .invalidTransactionTimeout,
            .concurrentTransactions, .transactionCoordinatorFenced, .listenerNotFound,
            .fencedLeaderEpoch, .unknownLeaderEpoch, .unsupportedCompressionType, .invalidRecord,
            .producerFenced, .unknownTopicID, .inconsistentTopicID, .transactionAbortable:
            .notAppended
        default:
            .possiblyAppended
        }
    }
}
