extension ProduceResponse {
    /// Decodes the body of the answer to a request of a version.
    package static func decode(
        _ reader: inout ByteReader,
        version: Int16
    ) throws(WireError) -> ProduceResponse {
        let flexible = APIKey.produce.isFlexible(version)
        var response = ProduceResponse(topics: [])
        // The least is version 9's: an empty name, no partitions, no tags.
        let count = try reader.arrayCount("responses", flexible: flexible, minimumElementSize: 3)
        for _ in 0..<count {
            response.topics.append(try topic(&reader, version))
        }
        response.throttleTimeMilliseconds = try reader.int32("throttle_time_ms")
        var endpoints: [BrokerEndpoint] = []
        try reader.taggedFields("ProduceResponse", flexible: flexible) {
            (tag, field) throws(WireError) in
            guard tag == 0, version >= 10 else { return false }
            endpoints = try nodeEndpoints(&field)
            return true
        }
        response.nodeEndpoints = endpoints
        try reader.finish("ProduceResponse")
        return response
    }

    private static func topic(
        _ reader: inout ByteReader,
        _ version: Int16
    ) throws(WireError) -> Topic {
        let flexible = APIKey.produce.isFlexible(version)
        var topic = Topic(name: "", id: .zero, partitions: [])
        if version >= 13 {
            topic.id = try reader.topicID("responses.topic_id")
        } else {
            topic.name = try reader.string("responses.name", flexible: flexible)
        }
        // The least is version 3's: an index, an error, an offset, a time.
        let count = try reader.arrayCount(
            "responses.partition_responses",
            flexible: flexible,
            minimumElementSize: 22
        )
        for _ in 0..<count {
            topic.partitions.append(try partition(&reader, version))
        }
        try reader.skipTaggedFields("responses", flexible: flexible)
        return topic
    }

    private static func partition(
        _ reader: inout ByteReader,
        _ version: Int16
    ) throws(WireError) -> Partition {
        let flexible = APIKey.produce.isFlexible(version)
        var partition = Partition(
            index: try reader.int32("partition_responses.index"),
            errorCode: ErrorCode(rawValue: try reader.int16("partition_responses.error_code")),
            baseOffset: try reader.int64("partition_responses.base_offset"),
            logAppendTimeMilliseconds: try reader.int64("partition_responses.log_append_time_ms"),
            logStartOffset: version >= 5
                ? try reader.int64("partition_responses.log_start_offset") : -1
        )
        if version >= 8 {
            partition.recordErrors = try recordErrors(&reader, flexible: flexible)
            partition.errorMessage = try reader.nullableString(
                "partition_responses.error_message",
                flexible: flexible
            )
        }
        var leader: Leader?
        try reader.taggedFields("partition_responses", flexible: flexible) {
            (tag, field) throws(WireError) in
            guard tag == 0, version >= 10 else { return false }
            leader = Leader(
                nodeID: try field.int32("current_leader.leader_id"),
                epoch: try field.int32("current_leader.leader_epoch")
            )
            try field.skipTaggedFields("current_leader", flexible: true)
            return true
        }
        partition.currentLeader = leader
        return partition
    }

    private static func recordErrors(
        _ reader: inout ByteReader,
        flexible: Bool
    ) throws(WireError) -> [RecordError] {
        var errors: [RecordError] = []
        // An index and a null message, whose tags make up for the shorter null where there are any.
        let count = try reader.arrayCount(
            "record_errors",
            flexible: flexible,
            minimumElementSize: 6
        )
        for _ in 0..<count {
            errors.append(
                RecordError(
                    batchIndex: try reader.int32("record_errors.batch_index"),
                    message: try reader.nullableString(
                        "record_errors.batch_index_error_message",
                        flexible: flexible
                    )
                )
            )
            try reader.skipTaggedFields("record_errors", flexible: flexible)
        }
        return errors
    }

    private static func nodeEndpoints(
        _ reader: inout ByteReader
    ) throws(WireError) -> [BrokerEndpoint] {
        var endpoints: [BrokerEndpoint] = []
        let count = try reader.arrayCount(
            "node_endpoints",
            flexible: true,
            minimumElementSize: BrokerEndpoint.minimumSize
        )
        for _ in 0..<count {
            endpoints.append(try BrokerEndpoint.decode(&reader, flexible: true))
        }
        return endpoints
    }
}
