internal import KafkaProtocol

/// Asking for metadata, and what its answers change.
extension Producer {
    /// Sends a Metadata request when one is due and a broker can be asked.
    mutating func requestMetadata(now: Instant) {
        if let probeAt = lookupProbeAt, probeAt <= now {
            lookupProbeAt = nil
            metadata.want()
        }
        guard let dueAt = metadata.dueAt(maxAge: configuration.metadataMaxAge), dueAt <= now,
            !isAbandoned, !topics.isEmpty
        else { return }
        guard let index = anyReadyConnection(now: now),
            let version = connections[index].version(of: .metadata)
        else { return }
        let request = MetadataRequest(
            topics: topics.map(\.name),
            allowsAutoTopicCreation: configuration.allowsAutoTopicCreation
        )
        let correlationID = nextCorrelationID(on: index)
        metadata.askedConnection = index
        metadata.isWanted = false
        queue(
            request.encode(
                version: version,
                correlationID: correlationID,
                clientID: configuration.clientID
            ),
            of: .metadata,
            version: version,
            correlationID,
            on: index,
            now: now
        )
    }

    /// Takes the answer to Metadata.
    mutating func didReceive(_ response: MetadataResponse, on index: Int, now: Instant) {
        metadata.askedConnection = nil
        metadata.lastAnswer = now
        if response.errorCode == .rebootstrapRequired {
            bootstrap.next = 0
            metadata.want()
            close(index, cause: "the broker asked to start over", isFailure: true, now: now)
            return
        }
        guard isSameCluster(response.clusterID, asked: index, now: now) else { return }
        update(response.brokers, from: index, now: now)
        tell(.topic) { _ in
            let topics = response.topics.map {
                "\($0.name ?? "?"): \($0.errorCode.name), \($0.partitions.count) partitions"
            }
            return "\(response.brokers.count) brokers; \(topics.joined(separator: "; "))"
        }
        var helped = true
        var moved = MovedLeaders()
        for topic in topics.indices {
            guard let answered = response.topics.first(where: { $0.name == topics[topic].name })
            else {
                // An answer without the topic says nothing of it.
                helped = helped && topics[topic].phase == .ready && !waitsForLeader(topic)
                continue
            }
            let isUseful = take(answered, for: topic, &moved, now: now)
            helped = helped && isUseful
        }
        if let first = moved.first {
            note(
                .leaderMoved(
                    first.topic,
                    partition: first.partition,
                    to: first.node,
                    more: moved.count - 1
                )
            )
        }
        didFinishRefresh(helped: helped, now: now)
    }

    private mutating func didFinishRefresh(helped: Bool, now: Instant) {
        metadata.failureCount = helped ? 0 : metadata.failureCount + 1
        // Even answers that help come a back-off apart: refusals of many partitions are one reason.
        let delay = Backoff.delay(
            failureCount: max(1, metadata.failureCount),
            base: configuration.retryBackoff,
            limit: configuration.retryBackoffMax,
            random: &random
        )
        metadata.notBefore = now.advanced(by: delay)
        let wantsTopic = topics.contains { $0.phase == .unknown }
        let wantsLeader = !helped && queues.contains { needsLookup($0, now: now) }
        if wantsTopic || wantsLeader { metadata.want() }
    }

    private func needsLookup(_ queue: PartitionQueue, now: Instant) -> Bool {
        queue.leader == nil && !queue.isEmpty && queue.lookups.allows(now: now)
    }

    /// Another cluster's producer ids are not ours: an equal sequence there would be answered 0 and
    /// dropped (docs/PROTOCOL.md section 8.6).
    private mutating func isSameCluster(
        _ clusterID: String?,
        asked index: Int,
        now: Instant
    ) -> Bool {
        guard let clusterID, !clusterID.isEmpty else { return true }
        guard let known = metadata.clusterID else {
            metadata.clusterID = clusterID
            return true
        }
        guard known != clusterID else { return true }
        failEverything(
            Failure(
                name: "OTHER_CLUSTER",
                code: nil,
                message: "\(connections[index].address) belongs to the cluster \(clusterID), but "
                    + "this run began with \(known)",
                kind: .protocolBroken
            ),
            now: now
        )
        close(index, cause: "it belongs to another cluster", isFailure: true, now: now)
        return false
    }

    /// Takes what an answer says of one topic.
    ///
    /// - Returns: Whether nothing more is wanted of it for now.
    private mutating func take(
        _ answered: MetadataResponse.Topic,
        for topic: Int,
        _ moved: inout MovedLeaders,
        now: Instant
    ) -> Bool {
        let code = answered.errorCode
        if case .failed = topics[topic].phase {
            // What may be in the log is sent again all the same, to where its leader is now.
            guard code == .none, routes[topic].partitionCount > 0 else { return true }
            return refresh(topic, from: answered, &moved, now: now)
        }
        if code == .none, !answered.partitions.isEmpty {
            topics[topic].lastError = nil
            topics[topic].unknownSince = nil
            if topics[topic].phase == .unknown { adopt(answered, for: topic) }
            return refresh(topic, from: answered, &moved, now: now)
        }
        topics[topic].lastError = code
        let isPassing = code == .none || code.isRetriable || code == .unknownServerError
        guard isPassing else {
            failTopic(topic, refusal(of: topic, code), now: now)
            return true
        }
        if mutates(.forgetsVanishedTopic), code == .unknownTopicOrPartition {
            forgetSequences(of: topic)
        }
        // A topic that was seen before is waited for: metadata can lose sight of one.
        guard topics[topic].phase == .unknown else { return queuesAreEmpty(of: topic) }
        topics[topic].wasMissing = true
        if code == .unknownTopicOrPartition, topics[topic].unknownSince == nil {
            topics[topic].unknownSince = now
        }
        return false
    }

    private func refusal(of topic: Int, _ code: ErrorCode) -> Failure {
        let name = topics[topic].name
        return Failure(code, message: "the broker answered \(code.name) for the topic \(name)")
    }

    private func waitsForLeader(_ topic: Int) -> Bool {
        let first = routes[topic].firstPartition
        return queues[first..<first + routes[topic].partitionCount].contains {
            $0.leader == nil && !$0.isEmpty
        }
    }

    private func queuesAreEmpty(of topic: Int) -> Bool {
        let first = routes[topic].firstPartition
        return queues[first..<first + routes[topic].partitionCount].allSatisfy(\.isEmpty)
    }

    private mutating func adopt(_ answered: MetadataResponse.Topic, for topic: Int) {
        let count = answered.partitions.count
        routes[topic].firstPartition = queues.count
        routes[topic].partitionCount = count
        for number in 0..<count {
            queues.append(PartitionQueue(topic: Int32(topic), number: Int32(number)))
        }
        topics[topic].phase = .ready
        topics[topic].id = answered.id
        topics[topic].waitingSince = nil
        if topics[topic].wasMissing {
            note(.topicCreated(topics[topic].name, partitionCount: count))
        }
    }

    private mutating func refresh(
        _ topic: Int,
        from answered: MetadataResponse.Topic,
        _ moved: inout MovedLeaders,
        now: Instant
    ) -> Bool {
        guard isSameTopic(topic, answered.id, now: now) else { return true }
        let route = routes[topic]
        if answered.partitions.count > route.partitionCount, !topics[topic].didNoteGrowth {
            topics[topic].didNoteGrowth = true
            note(
                .partitionsGrew(
                    topics[topic].name,
                    from: route.partitionCount,
                    to: answered.partitions.count
                )
            )
        }
        var helped = true
        for part in answered.partitions
        where part.index >= 0 && part.index < Int32(route.partitionCount) {
            let partition = route.firstPartition + Int(part.index)
            if part.leaderEpoch >= 0, part.leaderEpoch < queues[partition].leaderEpoch,
                !mutates(.acceptsOlderLeaderEpoch)
            {
                continue
            }
            let leader = brokers.firstIndex { $0.nodeID == part.leaderID && part.leaderID >= 0 }
            let before = queues[partition].leader
            setLeader(leader, epoch: part.leaderEpoch, of: partition)
            if let leader, let before, leader != before {
                moved.add(topics[topic].name, part.index, brokers[leader].nodeID)
            }
            if leader == nil, !queues[partition].isEmpty {
                helped = false
                didFailLookup(of: partition, now: now)
            }
        }
        return helped
    }

    private mutating func isSameTopic(_ topic: Int, _ id: TopicID, now: Instant) -> Bool {
        let known = topics[topic].id
        guard known != .zero, id != .zero, known != id else {
            if id != .zero { topics[topic].id = id }
            return true
        }
        guard !topics[topic].wasRecreated else { return false }
        topics[topic].wasRecreated = true
        let failure = Failure(
            name: "TOPIC_RECREATED",
            code: ErrorCode.inconsistentTopicID.rawValue,
            message: "the topic \(topics[topic].name) was deleted and created anew during the "
                + "run: what was acknowledged before is gone",
            kind: .protocolBroken
        )
        // A run that stops already has its reason, and nothing may be left to end with this one.
        if stopReason != nil { note(.topicRecreated(failure.message)) }
        report.note(failure.kind)
        failTopic(topic, failure, now: now)
        return false
    }

    private mutating func didFailLookup(of partition: Int, now: Instant) {
        let topic = Int(queues[partition].topic)
        let remaining = configuration.deliveryTimeout.map {
            now.duration(to: memory[queues[partition].head].createdAt.advanced(by: $0))
        }
        let mayOpen = topics[topic].askedSince.advanced(by: .seconds(10)) <= now
        let opened = queues[partition].lookups.didFail(
            now: now,
            remaining: remaining,
            mayOpen: mayOpen
        )
        if opened {
            note(.leaderLookupsPaused(topics[topic].name, partition: queues[partition].number))
        }
        if let openUntil = queues[partition].lookups.openUntil {
            lookupProbeAt = min(lookupProbeAt ?? openUntil, openUntil)
        }
    }

    /// Notes a partition's leader; a queue that moved is sent from where it now is.
    mutating func setLeader(_ leader: Int?, epoch: Int32, of partition: Int) {
        let before = queues[partition].leader
        let isNewEpoch = epoch > queues[partition].leaderEpoch
        queues[partition].leaderEpoch = max(queues[partition].leaderEpoch, epoch)
        if leader != nil { queues[partition].lookups.reset() }
        // A new leader is a reason to try at once.
        if leader != nil, isNewEpoch || leader != before { queues[partition].retryAt = nil }
        guard leader != before else {
            markStale(partition)
            return
        }
        if let before {
            brokers[before].active.removeAll { $0 == Int32(partition) }
            brokers[before].isStale = true
        }
        queues[partition].leader = leader
        queues[partition].isListed = false
        if leader != nil, !queues[partition].isEmpty { activate(partition) }
    }
}

/// The partitions of one metadata answer that moved to another leader: one notice for all.
struct MovedLeaders {
    private(set) var first: (topic: String, partition: Int32, node: Int32)?
    private(set) var count = 0

    mutating func add(_ topic: String, _ partition: Int32, _ node: Int32) {
        if first == nil { first = (topic, partition, node) }
        count += 1
    }
}
