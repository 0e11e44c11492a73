extension MetadataResponse {
    /// Decodes the body of the answer to a request of a version.
    package static func decode(
        _ reader: inout ByteReader,
        version: Int16
    ) throws(WireError) -> MetadataResponse {
        let flexible = APIKey.metadata.isFlexible(version)
        let throttleTime = version >= 3 ? try reader.int32("throttle_time_ms") : 0
        var brokers: [BrokerEndpoint] = []
        let brokerCount = try reader.arrayCount(
            "brokers",
            flexible: flexible,
            minimumElementSize: BrokerEndpoint.minimumSize
        )
        for _ in 0..<brokerCount {
            brokers.append(try BrokerEndpoint.decode(&reader, flexible: flexible))
        }
        var response = MetadataResponse(
            throttleTimeMilliseconds: throttleTime,
            brokers: brokers,
            clusterID: try reader.nullableString("cluster_id", flexible: flexible),
            controllerID: try reader.int32("controller_id"),
            topics: try topics(&reader, version)
        )
        if (8...10).contains(version) { _ = try reader.int32("cluster_authorized_operations") }
        if version >= 13 {
            response.errorCode = ErrorCode(rawValue: try reader.int16("error_code"))
        }
        try reader.skipTaggedFields("MetadataResponse", flexible: flexible)
        try reader.finish("MetadataResponse")
        return response
    }

    private static func topics(
        _ reader: inout ByteReader,
        _ version: Int16
    ) throws(WireError) -> [Topic] {
        let flexible = APIKey.metadata.isFlexible(version)
        var topics: [Topic] = []
        // The least is version 4's: an error, an empty name, a flag, no partitions.
        let count = try reader.arrayCount("topics", flexible: flexible, minimumElementSize: 9)
        for _ in 0..<count {
            topics.append(try topic(&reader, version))
        }
        return topics
    }

    private static func topic(
        _ reader: inout ByteReader,
        _ version: Int16
    ) throws(WireError) -> Topic {
        let flexible = APIKey.metadata.isFlexible(version)
        let errorCode = ErrorCode(rawValue: try reader.int16("topics.error_code"))
        let name: String?
        if version >= 12 {
            name = try reader.nullableString("topics.name", flexible: flexible)
        } else {
            name = try reader.string("topics.name", flexible: flexible)
        }
        var topic = Topic(errorCode: errorCode, name: name, partitions: [])
        if version >= 10 { topic.id = try reader.topicID("topics.topic_id") }
        topic.isInternal = try reader.bool("topics.is_internal")
        // The least is version 4's: an error, an index, a leader, no replicas, none in sync.
        let count = try reader.arrayCount(
            "topics.partitions",
            flexible: flexible,
            minimumElementSize: 18
        )
        for _ in 0..<count {
            topic.partitions.append(try partition(&reader, version))
        }
        if version >= 8 { _ = try reader.int32("topics.topic_authorized_operations") }
        try reader.skipTaggedFields("topics", flexible: flexible)
        return topic
    }

    private static func partition(
        _ reader: inout ByteReader,
        _ version: Int16
    ) throws(WireError) -> Partition {
        let flexible = APIKey.metadata.isFlexible(version)
        let partition = Partition(
            errorCode: ErrorCode(rawValue: try reader.int16("topics.partitions.error_code")),
            index: try reader.int32("topics.partitions.partition_index"),
            leaderID: try reader.int32("topics.partitions.leader_id"),
            leaderEpoch: version >= 7 ? try reader.int32("topics.partitions.leader_epoch") : -1,
            replicas: try nodes(&reader, "topics.partitions.replica_nodes", flexible: flexible),
            inSyncReplicas: try nodes(&reader, "topics.partitions.isr_nodes", flexible: flexible),
            offlineReplicas: version >= 5
                ? try nodes(&reader, "topics.partitions.offline_replicas", flexible: flexible) : []
        )
        try reader.skipTaggedFields("topics.partitions", flexible: flexible)
        return partition
    }

    private static func nodes(
        _ reader: inout ByteReader,
        _ field: String,
        flexible: Bool
    ) throws(WireError) -> [Int32] {
        var nodes: [Int32] = []
        let count = try reader.arrayCount(field, flexible: flexible, minimumElementSize: 4)
        for _ in 0..<count { nodes.append(try reader.int32(field)) }
        return nodes
    }
}
