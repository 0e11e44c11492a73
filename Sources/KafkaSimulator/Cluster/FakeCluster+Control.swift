package import KafkaProducer
package import KafkaProtocol

/// What tests, the simulation and the sandbox do to a cluster.
///
/// A topic, partition or broker that is named here has to exist.
extension FakeCluster {
    // MARK: Topics

    /// Creates a topic whose partitions are spread over the brokers.
    ///
    /// - Parameters:
    ///   - name: The topic's name, which no live topic has.
    ///   - partitionCount: How many partitions it gets.
    ///   - options: What is particular about it.
    ///   - id: Its id, or `nil` for one that no topic had.
    /// - Returns: Its id.
    @discardableResult
    package mutating func createTopic(
        named name: String,
        partitionCount: Int,
        options: FakeTopic.Options = .init(),
        id: TopicID? = nil
    ) -> TopicID {
        precondition(topicIndicesByName[name] == nil, "There is one live topic of a name.")
        precondition(FakeTopic.isValid(name: name), "A topic's name is legal.")
        precondition(partitionCount > 0, "A topic has partitions.")
        let index = topics.count
        // "kpipe" in ASCII, so that the id is recognised in a dump.
        let id = id ?? TopicID(high: 0x6b_7069_7065, low: UInt64(index) + 1)
        precondition(topicIndicesByID[id] == nil, "There is one topic of an id.")
        topics.append(FakeTopic(name: name, id: id, options: options, unsettledLookUps: 0))
        topicIndicesByName[name] = index
        topicIndicesByID[id] = index
        addPartitions(to: name, count: partitionCount)
        return id
    }

    /// Deletes a topic; its logs stay readable in ``topics``.
    package mutating func deleteTopic(named name: String) {
        let index = liveIndex(of: name)
        topics[index].isDeleted = true
        topicIndicesByName[name] = nil
        topicIndicesByID[topics[index].id] = nil
    }

    /// Deletes a topic and creates it again, empty and with a new id.
    @discardableResult
    package mutating func recreateTopic(named name: String) -> TopicID {
        let old = topics[liveIndex(of: name)]
        hasLost = true
        deleteTopic(named: name)
        return createTopic(
            named: name,
            partitionCount: old.partitions.count,
            options: old.options
        )
    }

    /// Gives a topic more partitions.
    package mutating func addPartitions(to name: String, count: Int) {
        let index = liveIndex(of: name)
        for _ in 0..<count {
            let first = index + topics[index].partitions.count
            let replicas = (0..<min(configuration.replicationFactor, brokers.count)).map {
                Int32((first + $0) % brokers.count)
            }
            let leader = replicas.first { brokers[Int($0)].isAvailable } ?? -1
            topics[index].partitions.append(
                FakePartition(
                    leader: leader,
                    replicas: replicas,
                    retention: configuration.retention
                )
            )
        }
    }

    /// Changes what is particular about a topic.
    package mutating func setOptions(_ options: FakeTopic.Options, of name: String) {
        topics[liveIndex(of: name)].options = options
    }

    // MARK: Partitions

    /// Lets something go wrong with the next Produce requests on a partition.
    package mutating func inject(
        _ fault: ProduceFault,
        on topic: String,
        partition: Int32,
        count: Int = 1
    ) {
        withPartition(topic, partition) { partition in
            partition.faults.append(contentsOf: repeatElement(fault, count: count))
        }
    }

    /// Lets nothing go wrong any more that was ordered for a partition or a broker.
    package mutating func removeFaults() {
        for topic in topics.indices {
            topics[topic].unsettledLookUps = 0
            topics[topic].isHidden = false
            for partition in topics[topic].partitions.indices {
                topics[topic].partitions[partition].faults.removeAll()
                topics[topic].partitions[partition].isolation = nil
            }
        }
        for broker in brokers.indices {
            brokers[broker].throttles.removeAll()
            brokers[broker].initProducerIDFaults.removeAll()
            brokers[broker].metadataFaults.removeAll()
            brokers[broker].frozenTopics = nil
            brokers[broker].latency = .zero
        }
    }

    /// Makes another broker the leader of a partition, in a new epoch.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's index.
    ///   - broker: The new leader, or -1 if there is to be none.
    package mutating func moveLeader(of topic: String, partition: Int32, to broker: Int32) {
        precondition(broker == -1 || brokers.indices.contains(Int(broker)), "The broker exists.")
        endIsolation(of: topic, partition: partition, keepsTail: false)
        withPartition(topic, partition) { partition in
            partition.leader = broker
            partition.leaderEpoch += 1
            if broker >= 0 && !partition.replicas.contains(broker) {
                partition.replicas[0] = broker
            }
        }
    }

    /// Forgets all producers of a partition, as when its replica was made anew.
    package mutating func loseProducerState(of topic: String, partition: Int32) {
        // A broker that refuses what it does not know tells its clients, but for first batches.
        let isTold = configuration.refusesUnknownProducers
        var hasLost = false
        withPartition(topic, partition) { partition in
            hasLost =
                isTold ? partition.producers.knowFirstBatch : partition.producers.count > 0
            partition.producers.forgetEverything()
        }
        hasForgotten = true
        if hasLost { self.hasLost = true }
    }

    /// Lets a partition's leader append what nobody copies, from now on.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's index.
    ///   - answer: What is answered instead of a success.
    package mutating func isolateLeader(
        of topic: String,
        partition: Int32,
        answer: ErrorCode
    ) {
        withPartition(topic, partition) { partition in
            guard partition.isolation == nil else { return }
            partition.isolation = .init(offset: partition.log.endOffset, answer: answer)
        }
    }

    /// Ends that, with the tail copied after all or cut off.
    package mutating func endIsolation(of topic: String, partition: Int32, keepsTail: Bool) {
        var hasLost = false
        withPartition(topic, partition) { partition in
            guard let isolation = partition.isolation else { return }
            partition.isolation = nil
            guard !keepsTail, partition.log.endOffset > isolation.offset else { return }
            hasLost = isolation.acknowledges
            partition.truncate(to: isolation.offset)
        }
        if hasLost { self.hasLost = true }
    }

    /// Loses appended batches, as an unclean leader election does, and what they said of producers.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's index.
    ///   - offset: Where the log is to end.
    package mutating func loseTail(of topic: String, partition: Int32, downTo offset: Int64) {
        var hasLost = false
        withPartition(topic, partition) { partition in
            hasLost = partition.log.endOffset > offset
            partition.isolation = nil
            partition.leaderEpoch += 1
            partition.truncate(to: offset)
        }
        if hasLost { self.hasLost = true }
    }

    /// Loses the oldest records of a partition, as retention does.
    package mutating func deleteRecords(
        of topic: String,
        partition: Int32,
        before offset: Int64
    ) {
        let forgetsProducers = configuration.refusesUnknownProducers
        withPartition(topic, partition) { partition in
            // What nobody has copied is not deleted.
            partition.log.deleteRecords(
                before: min(offset, partition.isolation?.offset ?? .max)
            )
            if forgetsProducers { partition.producers.forget(before: partition.log.startOffset) }
        }
    }

    // MARK: Brokers

    /// Stops a broker: its connections are closed and new ones refused.
    ///
    /// - Parameters:
    ///   - broker: The broker.
    ///   - electsLeaders: Whether its partitions go to other replicas, in a new epoch. If not, they
    ///     have no leader that can be reached until it starts again.
    package mutating func stop(broker: Int32, electsLeaders: Bool = false) {
        brokers[Int(broker)].isAvailable = false
        closeConnections(of: broker)
        guard electsLeaders else { return }
        var hasLost = false
        forEachPartition(ledBy: broker) { partition, brokers in
            let heir = partition.replicas.first { brokers[Int($0)].isAvailable }
            partition.leader = heir ?? -1
            partition.leaderEpoch += 1
            guard let isolation = partition.isolation else { return }
            partition.isolation = nil
            if isolation.acknowledges, partition.log.endOffset > isolation.offset { hasLost = true }
            partition.truncate(to: isolation.offset)
        }
        if hasLost { self.hasLost = true }
    }

    /// Starts a broker that was stopped; it takes back the partitions that have no leader.
    ///
    /// Of each producer it knows the last batch alone.
    package mutating func start(broker: Int32) {
        brokers[Int(broker)].isAvailable = true
        forEachPartition(ledBy: broker) { partition, _ in
            partition.producers.forgetAllButLastBatches()
        }
        forEachPartition(ledBy: -1) { partition, _ in
            guard partition.replicas.contains(broker) else { return }
            partition.leader = broker
            partition.leaderEpoch += 1
            partition.producers.forgetAllButLastBatches()
        }
    }

    /// Restarts a broker at once: connections break, and of each producer it knows the last batch
    /// alone.
    package mutating func restart(broker: Int32) {
        stop(broker: broker)
        start(broker: broker)
    }

    /// Closes the connections to a broker, which lives on.
    package mutating func closeConnections(of broker: Int32) {
        for connection in connections where connection.broker == broker {
            disconnects.append(connection.id)
        }
        connections.removeAll { $0.broker == broker }
    }

    /// Lets the next answers of a broker ask for silence (KIP-219).
    package mutating func throttle(broker: Int32, milliseconds: Int32, count: Int = 1) {
        brokers[Int(broker)].throttles.append(
            contentsOf: repeatElement(milliseconds, count: count)
        )
    }

    /// Lets a broker wait before each of its answers.
    package mutating func setLatency(_ latency: Duration, of broker: Int32) {
        brokers[Int(broker)].latency = latency
    }

    /// Gives a broker another address; connections to the old one live on.
    package mutating func setEndpoint(
        _ endpoint: FakeClusterConfiguration.Endpoint,
        of broker: Int32
    ) {
        brokers[Int(broker)].host = endpoint.host
        brokers[Int(broker)].port = endpoint.port
    }

    /// Makes a broker another kind, as an upgrade or a downgrade does.
    ///
    /// Connections that are open see it at once.
    package mutating func setProfile(_ profile: BrokerProfile, of broker: Int32) {
        brokers[Int(broker)].profile = profile
    }

    /// Lets the next InitProducerId requests to a broker fail.
    package mutating func failInitProducerID(
        with code: ErrorCode,
        at broker: Int32,
        count: Int = 1
    ) {
        brokers[Int(broker)].initProducerIDFaults.append(
            contentsOf: repeatElement(code, count: count)
        )
    }

    /// Lets the next Metadata answers of a broker fail as a whole, where their version can (v13).
    package mutating func failMetadata(
        with code: ErrorCode,
        at broker: Int32,
        count: Int = 1
    ) {
        brokers[Int(broker)].metadataFaults.append(contentsOf: repeatElement(code, count: count))
    }

    /// Keeps a broker's metadata as it is now, whatever changes, until it is thawed.
    package mutating func freezeMetadata(of broker: Int32) {
        brokers[Int(broker)].frozenTopics = topics.indices
            .filter { !topics[$0].isDeleted }.map { describe(topics[$0]) }
    }

    /// Lets a broker's metadata be up to date again.
    package mutating func thawMetadata(of broker: Int32) {
        brokers[Int(broker)].frozenTopics = nil
    }

    /// Lets nobody know a topic, or everybody again.
    package mutating func setHidden(_ isHidden: Bool, topic: String) {
        topics[liveIndex(of: topic)].isHidden = isHidden
    }

    /// Delivers a request once more that was handled before; nobody reads the answer.
    ///
    /// It meets no fault and counts for no throttle: it is the same request, and what could be done
    /// with it was done.
    package mutating func redeliver(_ frame: [UInt8], to broker: Int32, now: Instant) {
        guard brokers[Int(broker)].isAvailable else { return }
        let copy = FakeConnectionID(index: -1)
        connections.append(Connection(id: copy, broker: broker, knowsVersions: true))
        let (throttles, violations) = (brokers[Int(broker)].throttles, self.violations)
        isRedelivering = true
        _ = receive(frame, on: copy, now: now)
        isRedelivering = false
        brokers[Int(broker)].throttles = throttles
        self.violations = violations
        didClose(copy)
    }

    /// Lets the next look-ups of a topic be answered as if it were not quite there.
    package mutating func unsettle(topic: String, lookUps: Int = 1) {
        topics[liveIndex(of: topic)].unsettledLookUps = lookUps
        topics[liveIndex(of: topic)].lookUpError = nil
    }

    /// Lets the next look-up of a topic be refused, as to whom it is denied.
    package mutating func refuseLookUp(of topic: String, with code: ErrorCode) {
        topics[liveIndex(of: topic)].unsettledLookUps = 1
        topics[liveIndex(of: topic)].lookUpError = code
    }

    // MARK: -

    private func liveIndex(of name: String) -> Int {
        guard let index = topicIndicesByName[name] else {
            preconditionFailure("The topic \(name) exists.")
        }
        return index
    }

    private mutating func withPartition(
        _ topic: String,
        _ partition: Int32,
        _ change: (inout FakePartition) -> Void
    ) {
        let index = liveIndex(of: topic)
        precondition(
            topics[index].partitions.indices.contains(Int(partition)),
            "The partition exists."
        )
        change(&topics[index].partitions[Int(partition)])
    }

    private mutating func forEachPartition(
        ledBy broker: Int32,
        _ change: (inout FakePartition, [FakeBroker]) -> Void
    ) {
        for topic in topics.indices where !topics[topic].isDeleted {
            for partition in topics[topic].partitions.indices
            where topics[topic].partitions[partition].leader == broker {
                change(&topics[topic].partitions[partition], brokers)
            }
        }
    }
}
