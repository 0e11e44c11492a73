extension MetadataRequest {
    /// Decodes the body of a request, as a broker.
    ///
    /// A request for all topics, which is null, is refused: we never make it.
    package static func decode(
        _ reader: inout ByteReader,
        version: Int16
    ) throws(WireError) -> MetadataRequest {
        let flexible = APIKey.metadata.isFlexible(version)
        var request = MetadataRequest(topics: [], allowsAutoTopicCreation: true)
        let count = try reader.arrayCount("topics", flexible: flexible, minimumElementSize: 2)
        for _ in 0..<count {
            if version >= 10 { _ = try reader.topicID("topics.topic_id") }
            request.topics.append(try reader.string("topics.name", flexible: flexible))
            try reader.skipTaggedFields("topics", flexible: flexible)
        }
        if version >= 4 {
            request.allowsAutoTopicCreation = try reader.bool("allow_auto_topic_creation")
        }
        if (8...10).contains(version) {
            _ = try reader.bool("include_cluster_authorized_operations")
        }
        if version >= 8 { _ = try reader.bool("include_topic_authorized_operations") }
        try reader.skipTaggedFields("MetadataRequest", flexible: flexible)
        try reader.finish("MetadataRequest")
        return request
    }
}
