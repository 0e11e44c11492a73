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
        /// Whether a leader waits for replicas as long as the request says.
        var waits = false
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
        guard body.acks != 0 else { return .nothing }
        var reply = answer(request, progress.response)
        if progress.waits { reply.delay += .milliseconds(body.timeoutMilliseconds) }
        return reply
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
        var reply = reply(request, throttle: throttle) {
            response.encode(version: $0, correlationID: $1)
        }
        if configuration.reportsLeaders { reply.leaders = leaders(in: response, request.version) }
        return reply
    }

    private func leaders(
        in response: ProduceResponse,
        _ version: Int16
    ) -> [FakeReply.NamedLeader] {
        var leaders: [FakeReply.NamedLeader] = []
        // The leader stands in an answer since version 10 (KIP-951).
        guard version >= 10 else { return leaders }
        for topic in response.topics {
            for partition in topic.partitions {
                guard let leader = partition.currentLeader,
                    let place = version >= 13
                        ? topicIndicesByID[topic.id] : topicIndicesByName[topic.name]
                else { continue }
                leaders.append(
                    .init(
                        topic: place,
                        partition: partition.index,
                        broker: leader.nodeID,
                        epoch: leader.epoch
                    )
                )
            }
        }
        return leaders
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
        for (place, topic) in body.topics.enumerated() {
            let isNamedBefore = body.topics[..<place].contains {
                $0.id == topic.id && $0.name == topic.name
            }
            // A bit for each partition; those beyond the bits are few enough to be compared.
            var seen: UInt64 = 0
            let isTwice = topic.partitions.indices.contains { at in
                let index = topic.partitions[at].index
                guard 0..<64 ~= index else {
                    return topic.partitions[..<at].contains { $0.index == index }
                }
                defer { seen |= 1 << UInt64(index) }
                return seen & 1 << UInt64(index) != 0
            }
            if isNamedBefore || isTwice {
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
        progress.waits = progress.waits || outcome.waits
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
        case .hang:
            outcome.hangs = true
            return
        case .appendThenHang: outcome.hangs = true
        case .appendThenOmit: outcome.isOmitted = true
        case .appendThenFail, nil: break
        }
        try append(batch, topic: topic, partition: index, request, &outcome)
        awaitReplicas(of: topic, index, batch, delivery.acks, &outcome)
        guard case .appendThenFail(let code) = fault, outcome.response.errorCode == .none else {
            return
        }
        outcome.response.errorCode = code
        // The code of a duplicate comes without an offset.
        if code == .duplicateSequenceNumber { outcome.response.baseOffset = -1 }
    }

    /// A batch that nobody copies is not acknowledged to who wants all replicas to have it.
    private mutating func awaitReplicas(
        of topic: Int,
        _ partition: Int,
        _ batch: ReceivedBatch,
        _ acks: Int16,
        _ outcome: inout BatchOutcome
    ) {
        guard let isolation = topics[topic].partitions[partition].isolation,
            outcome.response.errorCode == .none,
            outcome.response.baseOffset + Int64(batch.recordCount) > isolation.offset
        else { return }
        if acks == -1 {
            outcome.response.errorCode = isolation.answer
            outcome.waits = isolation.answer == .requestTimedOut
        } else {
            topics[topic].partitions[partition].isolation?.acknowledges = true
        }
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
        guard let known, topics[known].partitions.indices.contains(Int(delivery.partition)),
            !topics[known].isHidden
        else {
            throw .expected(.unknownTopicOrPartition, "there is no such partition")
        }
        return known
    }

    private func leaderHint(_ partition: FakePartition) -> ProduceResponse.Leader? {
        guard configuration.sendsLeaderHints, partition.leader >= 0 else { return nil }
        return ProduceResponse.Leader(nodeID: partition.leader, epoch: partition.leaderEpoch)
    }

    private mutating func takeFault(topic: Int, partition: Int) -> ProduceFault? {
        guard !topics[topic].partitions[partition].faults.isEmpty, !isRedelivering else {
            return nil
        }
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
            refusesUnknown: configuration.refusesUnknownProducers,
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
                topicPlace: topic,
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
