extension ProduceRequest {
    /// Decodes the body of a request, as a broker.
    ///
    /// - Parameters:
    ///   - reader: The request, behind its header.
    ///   - version: The version of the request.
    /// - Returns: The request, and where in the reader's bytes the batches lie, in the order of the
    ///   partitions.
    /// - Throws: ``WireError`` if it is not such a request, or one without a batch.
    package static func decode(
        _ reader: inout ByteReader,
        version: Int16
    ) throws(WireError) -> (request: ProduceRequest, batches: [Range<Int>]) {
        let flexible = APIKey.produce.isFlexible(version)
        var batches: [Range<Int>] = []
        var request = ProduceRequest(
            acks: 0,
            timeoutMilliseconds: 0,
            transactionalID: try reader.nullableString("transactional_id", flexible: flexible),
            topics: []
        )
        request.acks = try reader.int16("acks")
        request.timeoutMilliseconds = try reader.int32("timeout_ms")
        let count = try reader.arrayCount("topic_data", flexible: flexible, minimumElementSize: 3)
        for _ in 0..<count {
            request.topics.append(try topic(&reader, version, &batches))
        }
        try reader.skipTaggedFields("ProduceRequest", flexible: flexible)
        try reader.finish("ProduceRequest")
        return (request, batches)
    }

    private static func topic(
        _ reader: inout ByteReader,
        _ version: Int16,
        _ batches: inout [Range<Int>]
    ) throws(WireError) -> Topic {
        let flexible = APIKey.produce.isFlexible(version)
        var topic = Topic(name: "", id: .zero, partitions: [])
        if version >= 13 {
            topic.id = try reader.topicID("topic_data.topic_id")
        } else {
            topic.name = try reader.string("topic_data.name", flexible: flexible)
        }
        let count = try reader.arrayCount(
            "topic_data.partition_data",
            flexible: flexible,
            minimumElementSize: 6
        )
        for _ in 0..<count {
            let index = try reader.int32("topic_data.partition_data.index")
            let field = "topic_data.partition_data.records"
            let start = reader.offset
            guard let batch = try reader.nullableBytes(field, flexible: flexible) else {
                throw WireError(field, at: start, .unexpectedNull)
            }
            batches.append(batch)
            topic.partitions.append(Partition(index: index, batchByteCount: batch.count))
            try reader.skipTaggedFields("topic_data.partition_data", flexible: flexible)
        }
        try reader.skipTaggedFields("topic_data", flexible: flexible)
        return topic
    }
}
