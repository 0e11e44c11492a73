/// The codes that mean something to us.
extension ErrorCode {
    /// The broker failed in a way it has no code for.
    package static let unknownServerError = ErrorCode(rawValue: -1)

    /// No error.
    package static let none = ErrorCode(rawValue: 0)

    /// The batch's checksum does not match its bytes.
    package static let corruptMessage = ErrorCode(rawValue: 2)

    /// The broker does not have the topic or the partition.
    package static let unknownTopicOrPartition = ErrorCode(rawValue: 3)

    /// The partition has no leader at the moment.
    package static let leaderNotAvailable = ErrorCode(rawValue: 5)

    /// The broker does not lead the partition.
    package static let notLeaderOrFollower = ErrorCode(rawValue: 6)

    /// The replicas did not have the batch within the time the request gave them.
    package static let requestTimedOut = ErrorCode(rawValue: 7)

    /// The broker is not available.
    package static let brokerNotAvailable = ErrorCode(rawValue: 8)

    /// The replica is not available.
    package static let replicaNotAvailable = ErrorCode(rawValue: 9)

    /// The batch is larger than `max.message.bytes` of the topic.
    package static let messageTooLarge = ErrorCode(rawValue: 10)

    /// The broker lost a connection of its own.
    package static let networkException = ErrorCode(rawValue: 13)

    /// The coordinator is loading its state.
    package static let coordinatorLoadInProgress = ErrorCode(rawValue: 14)

    /// The coordinator is not available.
    package static let coordinatorNotAvailable = ErrorCode(rawValue: 15)

    /// The broker is not the coordinator.
    package static let notCoordinator = ErrorCode(rawValue: 16)

    /// The name of the topic is not legal, or it is an internal topic.
    package static let invalidTopicException = ErrorCode(rawValue: 17)

    /// The batch is larger than a log segment of the topic.
    package static let recordListTooLarge = ErrorCode(rawValue: 18)

    /// Fewer replicas are in sync than `min.insync.replicas`.
    package static let notEnoughReplicas = ErrorCode(rawValue: 19)

    /// The batch was appended, but then fewer replicas were in sync than `min.insync.replicas`.
    package static let notEnoughReplicasAfterAppend = ErrorCode(rawValue: 20)

    /// The request's `acks` is none the broker knows.
    package static let invalidRequiredAcks = ErrorCode(rawValue: 21)

    /// We may not write to the topic.
    package static let topicAuthorizationFailed = ErrorCode(rawValue: 29)

    /// We may not use the group.
    package static let groupAuthorizationFailed = ErrorCode(rawValue: 30)

    /// We may not do that to the cluster; for InitProducerId: write idempotently.
    package static let clusterAuthorizationFailed = ErrorCode(rawValue: 31)

    /// A record's timestamp is out of the range the topic accepts.
    package static let invalidTimestamp = ErrorCode(rawValue: 32)

    /// The broker does not offer the SASL mechanism.
    package static let unsupportedSaslMechanism = ErrorCode(rawValue: 33)

    /// The request does not fit the state of the SASL exchange.
    package static let illegalSaslState = ErrorCode(rawValue: 34)

    /// The broker does not speak that version of the request.
    package static let unsupportedVersion = ErrorCode(rawValue: 35)

    /// There is a topic with that name.
    package static let topicAlreadyExists = ErrorCode(rawValue: 36)

    /// The broker is not the controller.
    package static let notController = ErrorCode(rawValue: 41)

    /// The broker could not make sense of the request.
    package static let invalidRequest = ErrorCode(rawValue: 42)

    /// The topic's format on disk is too old for the request.
    package static let unsupportedForMessageFormat = ErrorCode(rawValue: 43)

    /// A policy of the cluster forbids the request.
    package static let policyViolation = ErrorCode(rawValue: 44)

    /// The batch's sequence number does not follow the last one the broker has.
    package static let outOfOrderSequenceNumber = ErrorCode(rawValue: 45)

    /// The batch is in the log already, older than what the broker can give an offset for.
    package static let duplicateSequenceNumber = ErrorCode(rawValue: 46)

    /// The producer's epoch is older than the last one the broker has.
    package static let invalidProducerEpoch = ErrorCode(rawValue: 47)

    /// The request does not fit the state of the transaction.
    package static let invalidTxnState = ErrorCode(rawValue: 48)

    /// The producer id is not the transactional id's.
    package static let invalidProducerIDMapping = ErrorCode(rawValue: 49)

    /// The transaction's timeout is longer than the broker allows.
    package static let invalidTransactionTimeout = ErrorCode(rawValue: 50)

    /// The coordinator is still ending the transaction before.
    package static let concurrentTransactions = ErrorCode(rawValue: 51)

    /// The coordinator of the transaction is not the current one.
    package static let transactionCoordinatorFenced = ErrorCode(rawValue: 52)

    /// We may not use the transactional id.
    package static let transactionalIDAuthorizationFailed = ErrorCode(rawValue: 53)

    /// The broker's disk failed.
    package static let kafkaStorageError = ErrorCode(rawValue: 56)

    /// Our credentials were refused.
    package static let saslAuthenticationFailed = ErrorCode(rawValue: 58)

    /// The broker has no state of the producer id.
    package static let unknownProducerID = ErrorCode(rawValue: 59)

    /// The leader has no listener of the kind we are connected to.
    package static let listenerNotFound = ErrorCode(rawValue: 72)

    /// The leader's epoch we sent is older than the broker's.
    package static let fencedLeaderEpoch = ErrorCode(rawValue: 74)

    /// The leader's epoch we sent is newer than the broker's.
    package static let unknownLeaderEpoch = ErrorCode(rawValue: 75)

    /// The broker or the version of the request does not know the codec.
    package static let unsupportedCompressionType = ErrorCode(rawValue: 76)

    /// The preferred leader is not available.
    package static let preferredLeaderNotAvailable = ErrorCode(rawValue: 80)

    /// No replica may become leader.
    package static let eligibleLeadersNotAvailable = ErrorCode(rawValue: 83)

    /// The partition needs no election.
    package static let electionNotNeeded = ErrorCode(rawValue: 84)

    /// A record, or the batch, breaks a rule of the broker or of the topic.
    package static let invalidRecord = ErrorCode(rawValue: 87)

    /// The offsets of the group are about to change.
    package static let unstableOffsetCommit = ErrorCode(rawValue: 88)

    /// A quota was exceeded.
    package static let throttlingQuotaExceeded = ErrorCode(rawValue: 89)

    /// Another producer took the transactional id over.
    package static let producerFenced = ErrorCode(rawValue: 90)

    /// The broker does not have a topic with that id.
    package static let unknownTopicID = ErrorCode(rawValue: 100)

    /// The id of the topic is not the one the broker has.
    package static let inconsistentTopicID = ErrorCode(rawValue: 103)

    /// The transaction can only be aborted.
    package static let transactionAbortable = ErrorCode(rawValue: 120)

    /// The client is to start over from its bootstrap servers (KIP-1102).
    package static let rebootstrapRequired = ErrorCode(rawValue: 129)
}
