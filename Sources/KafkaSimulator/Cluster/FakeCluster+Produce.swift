import KafkaProducer
import KafkaProtocol

/// The answer to Produce: each batch is judged, appended if that is the verdict, and answered.
extension FakeCluster {
    /// What a Produce request has come to so far.
    private struct Progress {
        var response = ProduceResponse(topics: [])
        /// Why the connection is closed instead of an answer, or `nil` if it is not.
        var disconnectReason: String?
        /// Whether the answer, and all others on this connection, are lost.
        var hangs = false
    }

    /// Appends the batches of a request.
    mutating func produce(
        _ request: FakeRequest,
        _ reader: inout ByteReader,
        on index: Int
    ) throws(RequestRefusal) -> FakeReply {
        let body: ProduceRequest
        let batches: [Range<Int>]
        do {
            (body, batches) = try ProduceRequest.decode(&reader, version: request.version)
        } catch {
            throw RequestRefusal(reason: "\(request.name): \(error)")
        }
        try checkHygiene(of: body, request)
        var progress = Progress()
        var nextBatch = 0
        for topic in body.topics {
            progress.response.topics.append(
                ProduceResponse.Topic(name: topic.name, id: topic.id, partitions: [])
            )
            for partition in topic.partitions {
                let delivery = BatchDelivery(
                    topicName: topic.name,
                    topicID: topic.id,
                    partition: partition.index,
                    acks: body.acks,
                    bytes: batches[nextBatch]
                )
                deliver(delivery, request, &progress)
                nextBatch += 1
            }
        }
        if let reason = progress.disconnectReason {
            return FakeReply(action: .close(reason: reason))
        }
        if progress.hangs { connections[index].isHanging = true }
        return body.acks == 0 ? .nothing : answer(request, progress.response)
    }

    private mutating func answer(
        _ request: FakeRequest,
        _ response: ProduceResponse
    ) -> FakeReply {
        var response = response
        let throttle = takeThrottle(of: request.broker)
        response.throttleTimeMilliseconds = throttle
        if configuration.answersOddly { Self.makeOdd(&response) }
        for topic in response.topics {
            for leader in topic.partitions.compactMap(\.currentLeader)
            where !response.nodeEndpoints.contains(where: { $0.nodeID == leader.nodeID }) {
                response.nodeEndpoints.append(endpoint(of: leader.nodeID))
            }
        }
        return reply(request, throttle: throttle) {
            response.encode(version: $0, correlationID: $1)
        }
    }

    /// A client finds what it asked for, wherever that stands in an answer.
    private static func makeOdd(_ response: inout ProduceResponse) {
        for topic in response.topics.indices {
            let parts = Array(response.topics[topic].partitions.reversed())
            let stranger = ProduceResponse.Partition(index: .max, errorCode: .invalidRequest)
            response.topics[topic].partitions = [stranger] + parts + parts
        }
    }

    /// Refuses what Kafka may forgive and no producer of ours sends.
    private func checkHygiene(
        of body: ProduceRequest,
        _ request: FakeRequest
    ) throws(RequestRefusal) {
        if body.transactionalID != nil {
            throw RequestRefusal(reason: "\(request.name): there are no transactions here")
        }
        guard !body.topics.isEmpty, body.topics.allSatisfy({ !$0.partitions.isEmpty }) else {
            throw RequestRefusal(reason: "\(request.name): nothing to append")
        }
        var topics: Set<String> = []
        for topic in body.topics {
            let isNew = topics.insert("\(topic.name) \(topic.id)").inserted
            guard isNew, Set(topic.partitions.map(\.index)).count == topic.partitions.count else {
                throw RequestRefusal(
                    reason: "\(request.name): two entries for one topic or partition"
                )
            }
        }
    }

    // MARK: One batch

    private mutating func deliver(
        _ delivery: BatchDelivery,
        _ request: FakeRequest,
        _ progress: inout Progress
    ) {
        var outcome = BatchOutcome(partition: delivery.partition)
        do {
            try judge(delivery, request, &outcome)
        } catch {
            outcome.refuse(error)
            if error.isViolation {
                report(
                    "\(request.name): \(delivery.topicName)-\(delivery.partition): "
                        + "\(error.message)",
                    on: request.connection,
                    at: request.broker,
                    now: request.now
                )
            }
        }
        let code = outcome.response.errorCode
        if delivery.acks == 0 && code != .none && outcome.disconnectReason == nil {
            // Without an answer to put it in, a broker can only show an error by hanging up.
            outcome.disconnectReason = "acks=0: \(code.name)"
        }
        note(delivery, outcome, request)
        progress.disconnectReason = progress.disconnectReason ?? outcome.disconnectReason
        progress.hangs = progress.hangs || outcome.hangs
        guard !outcome.isOmitted else { return }
        let topic = progress.response.topics.count - 1
        progress.response.topics[topic].partitions.append(outcome.response)
    }

    private mutating func judge(
        _ delivery: BatchDelivery,
        _ request: FakeRequest,
        _ outcome: inout BatchOutcome
    ) throws(BatchRefusal) {
        guard [-1, 0, 1].contains(delivery.acks) else {
            throw .violation(.invalidRequiredAcks, "acks is \(delivery.acks)")
        }
        let topic = try topicIndex(of: delivery, request)
        outcome.topic = topic
        let batch = try ReceivedBatch(
            in: request.frame,
            at: delivery.bytes,
            produceVersion: request.version
        )
        outcome.batch = batch
        let index = Int(delivery.partition)
        outcome.response.logStartOffset = topics[topic].partitions[index].log.startOffset
        guard topics[topic].partitions[index].leader == request.broker else {
            outcome.response.currentLeader = leaderHint(topics[topic].partitions[index])
            throw .expected(.notLeaderOrFollower, "broker \(request.broker) does not lead it")
        }
        let fault = takeFault(topic: topic, partition: index)
        switch fault {
        case .refuse(let code): throw .expected(code, "this was ordered")
        case .disconnect:
            outcome.disconnectReason = "this was ordered"
            return
        case .appendThenDisconnect: outcome.disconnectReason = "this was ordered"
        case .appendThenHang: outcome.hangs = true
        case .appendThenOmit: outcome.isOmitted = true
        case .appendThenFail, nil: break
        }
        try append(batch, topic: topic, partition: index, request, &outcome)
        if case .appendThenFail(let code) = fault { outcome.response.errorCode = code }
    }

    private func topicIndex(
        of delivery: BatchDelivery,
        _ request: FakeRequest
    ) throws(BatchRefusal) -> Int {
        let known: Int?
        if request.version >= 13 {
            known = topicIndicesByID[delivery.topicID]
            if known == nil { throw .expected(.unknownTopicID, "no topic has this id") }
        } else {
            known = topicIndicesByName[delivery.topicName]
        }
        guard let known, topics[known].partitions.indices.contains(Int(delivery.partition)) else {
            throw .expected(.unknownTopicOrPartition, "there is no such partition")
        }
        return known
    }

    private func leaderHint(_ partition: FakePartition) -> ProduceResponse.Leader? {
        guard configuration.sendsLeaderHints, partition.leader >= 0 else { return nil }
        return ProduceResponse.Leader(nodeID: partition.leader, epoch: partition.leaderEpoch)
    }

    private mutating func takeFault(topic: Int, partition: Int) -> ProduceFault? {
        guard !topics[topic].partitions[partition].faults.isEmpty else { return nil }
        return topics[topic].partitions[partition].faults.removeFirst()
    }

    private mutating func append(
        _ batch: ReceivedBatch,
        topic: Int,
        partition: Int,
        _ request: FakeRequest,
        _ outcome: inout BatchOutcome
    ) throws(BatchRefusal) {
        let options = topics[topic].options
        let isStrict = configuration.inspection == .strict
        try batch.check(
            in: request.frame,
            maxMessageBytes: options.maxMessageBytes ?? configuration.maxMessageBytes,
            checksums: isStrict
        )
        var records: [LogRecord] = []
        if isStrict {
            let keepsPayloads =
                configuration.retention == .everything || configuration.reportsAppends
            records = try batch.records(
                in: request.frame,
                keepsPayloads: keepsPayloads,
                rules: TopicRules(
                    partition: "\(topics[topic].name)-\(partition)",
                    requiresKeys: options.isCompacted,
                    timestamps: acceptedTimestamps(now: request.now)
                )
            )
        }
        topics[topic].partitions[partition].producers.expire(
            olderThan: configuration.producerIDExpiration,
            now: request.now
        )
        let result = topics[topic].partitions[partition].append(
            records,
            of: batch,
            now: request.now
        )
        if case .refused(let code) = result.verdict {
            throw .expected(code, "the producer's state does not allow it")
        }
        outcome.wasAppended = result.verdict == .accepted
        outcome.response.baseOffset = result.baseOffset ?? -1
        guard outcome.wasAppended, configuration.reportsAppends else { return }
        for index in records.indices {
            records[index].offset = outcome.response.baseOffset + Int64(index)
        }
        appends.append(
            AppendedBatch(
                topic: topics[topic].name,
                partition: Int32(partition),
                records: records
            )
        )
    }

    private func acceptedTimestamps(now: Instant) -> ClosedRange<Int64> {
        let milliseconds =
            configuration.originMilliseconds + Int64(now.nanoseconds / 1_000_000)
        let latest = milliseconds + configuration.timestampAfterMax.milliseconds
        guard let beforeMax = configuration.timestampBeforeMax else { return .min...latest }
        return milliseconds - beforeMax.milliseconds...latest
    }

    private mutating func note(
        _ delivery: BatchDelivery,
        _ outcome: BatchOutcome,
        _ request: FakeRequest
    ) {
        guard configuration.reportsAttempts else { return }
        let isAnswered =
            outcome.disconnectReason == nil && !outcome.hangs && !outcome.isOmitted
            && delivery.acks != 0
        attempts.append(
            ProduceAttempt(
                instant: request.now,
                broker: request.broker,
                connection: request.connection,
                topic: outcome.topic.map { topics[$0].name } ?? delivery.topicName,
                topicID: outcome.topic.map { topics[$0].id } ?? delivery.topicID,
                partition: delivery.partition,
                identity: outcome.batch?.identity,
                checksum: outcome.batch?.checksum ?? 0,
                wasAppended: outcome.wasAppended,
                baseOffset: outcome.response.baseOffset < 0 ? nil : outcome.response.baseOffset,
                answer: isAnswered ? outcome.response.errorCode : nil
            )
        )
    }
}
