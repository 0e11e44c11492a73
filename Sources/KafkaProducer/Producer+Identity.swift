internal import KafkaProtocol

/// Asking for the producer id.
extension Producer {
    /// Sends InitProducerId when an id is needed and a broker can be asked.
    mutating func requestIdentity(now: Instant) {
        guard let dueAt = identity.dueAt, dueAt <= now, !isAbandoned else { return }
        guard let index = anyReadyConnection(now: now) else { return }
        guard let version = connections[index].version(of: .initProducerId) else {
            failEverything(
                Failure(
                    name: "UNSUPPORTED_VERSION",
                    code: nil,
                    message: "\(connections[index].address) has no InitProducerId that kpipe speaks"
                        + "; -X enable.idempotence=false goes without",
                    kind: .protocolBroken
                ),
                now: now
            )
            return
        }
        let correlationID = nextCorrelationID(on: index)
        let request = InitProducerIdRequest(
            transactionalID: nil,
            transactionTimeoutMilliseconds: 60000
        )
        identity.askedConnection = index
        queue(
            request.encode(
                version: version,
                correlationID: correlationID,
                clientID: configuration.clientID
            ),
            of: .initProducerId,
            version: version,
            correlationID,
            on: index,
            now: now
        )
    }

    /// Takes the answer to InitProducerId.
    mutating func didReceive(_ response: InitProducerIdResponse, now: Instant) {
        identity.askedConnection = nil
        if response.errorCode == .none, response.producerID >= 0 {
            identity.didReceive(producerID: response.producerID, epoch: response.producerEpoch)
            tell(.eos) { _ in
                "producer id \(response.producerID), epoch \(response.producerEpoch)"
            }
            markAllStale()
            return
        }
        let code = response.errorCode
        if ErrorReaction.isAuthorization(code) {
            var failure = Failure(code)
            failure.message =
                "no producer id: \(code.name); the principal needs IdempotentWrite on the cluster "
                + "or Write on a topic, or use -X enable.idempotence=false"
            failEverything(failure, now: now)
            return
        }
        guard code.isRetriable || code == .unknownServerError else {
            failEverything(Failure(code), now: now)
            return
        }
        identity.failureCount += 1
        let delay = Backoff.delay(
            failureCount: identity.failureCount,
            base: configuration.retryBackoff,
            limit: configuration.retryBackoffMax,
            random: &random
        )
        identity.notBefore = now.advanced(by: delay)
    }
}
