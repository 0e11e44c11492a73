import KafkaProtocol

/// The answer to Metadata: brokers, topics, leaders.
extension FakeCluster {
    /// Answers Metadata, and creates topics where that is allowed.
    mutating func metadata(
        _ request: FakeRequest,
        _ reader: inout ByteReader
    ) throws(RequestRefusal) -> FakeReply {
        let body: MetadataRequest
        do {
            body = try MetadataRequest.decode(&reader, version: request.version)
        } catch {
            throw RequestRefusal(reason: "\(request.name): \(error)")
        }
        let throttle = takeThrottle(of: request.broker)
        var response = MetadataResponse(
            throttleTimeMilliseconds: throttle,
            brokers: availableEndpoints,
            clusterID: configuration.clusterID,
            controllerID: brokers.first { $0.isAvailable }?.id ?? -1,
            topics: []
        )
        if request.version >= 13,
            let fault = takeFirst(of: \.metadataFaults, at: request.broker)
        {
            response.errorCode = fault
        } else {
            let mayCreate = body.allowsAutoTopicCreation
            response.topics = body.topics.map { lookUp($0, at: request.broker, mayCreate) }
        }
        var reply = reply(request, throttle: throttle) {
            response.encode(version: $0, correlationID: $1)
        }
        if configuration.reportsLeaders {
            reply.leaders = leaders(in: response, hasEpochs: request.version >= 7)
        }
        return reply
    }

    /// Before version 7 an answer says nothing of epochs.
    private func leaders(
        in response: MetadataResponse,
        hasEpochs: Bool
    ) -> [FakeReply.NamedLeader] {
        var leaders: [FakeReply.NamedLeader] = []
        for topic in response.topics {
            guard let name = topic.name, let place = topicIndicesByName[name] else { continue }
            for partition in topic.partitions {
                leaders.append(
                    .init(
                        topic: place,
                        partition: partition.index,
                        broker: partition.leaderID,
                        epoch: hasEpochs ? partition.leaderEpoch : -1
                    )
                )
            }
        }
        return leaders
    }

    /// What metadata says of a topic.
    func describe(_ topic: FakeTopic) -> MetadataResponse.Topic {
        MetadataResponse.Topic(
            name: topic.name,
            id: topic.id,
            partitions: topic.partitions.enumerated().map { index, partition in
                describe(partition, at: Int32(index))
            }
        )
    }

    /// Where a broker is reached.
    func endpoint(of broker: Int32) -> BrokerEndpoint {
        let broker = brokers[Int(broker)]
        return BrokerEndpoint(nodeID: broker.id, host: broker.host, port: broker.port)
    }

    private var availableEndpoints: [BrokerEndpoint] {
        brokers.filter(\.isAvailable).map { endpoint(of: $0.id) }
    }

    private mutating func lookUp(
        _ name: String,
        at broker: Int32,
        _ mayCreate: Bool
    ) -> MetadataResponse.Topic {
        func absent(_ code: ErrorCode) -> MetadataResponse.Topic {
            MetadataResponse.Topic(errorCode: code, name: name, partitions: [])
        }
        guard FakeTopic.isValid(name: name) else { return absent(.invalidTopicException) }
        if let frozen = brokers[Int(broker)].frozenTopics {
            return frozen.first { $0.name == name } ?? absent(.unknownTopicOrPartition)
        }
        if topicIndicesByName[name] == nil && mayCreate && configuration.createsTopics {
            createTopic(named: name, partitionCount: configuration.createdPartitionCount)
            if configuration.firstLookUp != .settled { unsettle(topic: name) }
        }
        guard let index = topicIndicesByName[name], !topics[index].isHidden else {
            return absent(.unknownTopicOrPartition)
        }
        guard topics[index].unsettledLookUps == 0 else {
            topics[index].unsettledLookUps -= 1
            if let code = topics[index].lookUpError { return absent(code) }
            switch configuration.firstLookUp {
            case .settled, .leaderNotAvailable: return absent(.leaderNotAvailable)
            case .unknownTopic: return absent(.unknownTopicOrPartition)
            }
        }
        return describe(topics[index])
    }

    private func describe(
        _ partition: FakePartition,
        at index: Int32
    ) -> MetadataResponse.Partition {
        func isUp(_ broker: Int32) -> Bool { brokers[Int(broker)].isAvailable }
        let hasLeader = partition.leader >= 0 && isUp(partition.leader)
        return MetadataResponse.Partition(
            errorCode: hasLeader ? .none : .leaderNotAvailable,
            index: index,
            leaderID: hasLeader ? partition.leader : -1,
            leaderEpoch: partition.leaderEpoch,
            replicas: partition.replicas,
            inSyncReplicas: partition.replicas.filter(isUp),
            offlineReplicas: partition.replicas.filter { !isUp($0) }
        )
    }
}
