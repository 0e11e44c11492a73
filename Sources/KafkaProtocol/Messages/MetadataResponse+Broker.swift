extension MetadataResponse {
    /// What stands for "not asked" where a set of authorized operations would be.
    private static let noOperations = Int32.min

    /// Encodes the response with its size and header, as a broker.
    package func encode(version: Int16, correlationID: Int32) -> [UInt8] {
        let flexible = APIKey.metadata.isFlexible(version)
        return ResponseHeader.frame(
            api: .metadata,
            version: version,
            correlationID: correlationID
        ) { writer in
            if version >= 3 { writer.int32(throttleTimeMilliseconds) }
            writer.arrayCount(brokers.count, flexible: flexible)
            for broker in brokers { broker.encode(to: &writer, flexible: flexible) }
            writer.nullableString(clusterID, flexible: flexible)
            writer.int32(controllerID)
            writer.arrayCount(topics.count, flexible: flexible)
            for topic in topics { topic.encode(to: &writer, version) }
            if (8...10).contains(version) { writer.int32(Self.noOperations) }
            if version >= 13 { writer.int16(errorCode.rawValue) }
            writer.endStructure(flexible: flexible)
        }
    }
}

extension MetadataResponse.Topic {
    fileprivate func encode(to writer: inout ByteWriter, _ version: Int16) {
        let flexible = APIKey.metadata.isFlexible(version)
        writer.int16(errorCode.rawValue)
        writer.nullableString(name, flexible: flexible)
        if version >= 10 { writer.topicID(id) }
        writer.bool(isInternal)
        writer.arrayCount(partitions.count, flexible: flexible)
        for partition in partitions { partition.encode(to: &writer, version) }
        if version >= 8 { writer.int32(.min) }
        writer.endStructure(flexible: flexible)
    }
}

extension MetadataResponse.Partition {
    fileprivate func encode(to writer: inout ByteWriter, _ version: Int16) {
        let flexible = APIKey.metadata.isFlexible(version)
        writer.int16(errorCode.rawValue)
        writer.int32(index)
        writer.int32(leaderID)
        if version >= 7 { writer.int32(leaderEpoch) }
        for nodes in [replicas, inSyncReplicas] + (version >= 5 ? [offlineReplicas] : []) {
            writer.arrayCount(nodes.count, flexible: flexible)
            for node in nodes { writer.int32(node) }
        }
        writer.endStructure(flexible: flexible)
    }
}
