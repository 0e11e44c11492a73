extension ProduceResponse {
    /// Encodes the response with its size and header, as a broker.
    package func encode(version: Int16, correlationID: Int32) -> [UInt8] {
        let flexible = APIKey.produce.isFlexible(version)
        return ResponseHeader.frame(
            api: .produce,
            version: version,
            correlationID: correlationID
        ) { writer in
            writer.arrayCount(topics.count, flexible: flexible)
            for topic in topics { topic.encode(to: &writer, version) }
            writer.int32(throttleTimeMilliseconds)
            guard version >= 10, !nodeEndpoints.isEmpty else {
                return writer.endStructure(flexible: flexible)
            }
            writer.uvarint(1)
            writer.taggedField(0) { field in
                field.arrayCount(nodeEndpoints.count, flexible: true)
                for endpoint in nodeEndpoints { endpoint.encode(to: &field, flexible: true) }
            }
        }
    }
}

extension ProduceResponse.Topic {
    fileprivate func encode(to writer: inout ByteWriter, _ version: Int16) {
        let flexible = APIKey.produce.isFlexible(version)
        if version >= 13 {
            writer.topicID(id)
        } else {
            writer.string(name, flexible: flexible)
        }
        writer.arrayCount(partitions.count, flexible: flexible)
        for partition in partitions { partition.encode(to: &writer, version) }
        writer.endStructure(flexible: flexible)
    }
}

extension ProduceResponse.Partition {
    fileprivate func encode(to writer: inout ByteWriter, _ version: Int16) {
        let flexible = APIKey.produce.isFlexible(version)
        writer.int32(index)
        writer.int16(errorCode.rawValue)
        writer.int64(baseOffset)
        writer.int64(logAppendTimeMilliseconds)
        if version >= 5 { writer.int64(logStartOffset) }
        if version >= 8 {
            writer.arrayCount(recordErrors.count, flexible: flexible)
            for error in recordErrors {
                writer.int32(error.batchIndex)
                writer.nullableString(error.message, flexible: flexible)
                writer.endStructure(flexible: flexible)
            }
            writer.nullableString(errorMessage, flexible: flexible)
        }
        guard version >= 10, let currentLeader else {
            return writer.endStructure(flexible: flexible)
        }
        writer.uvarint(1)
        writer.taggedField(0) { field in
            field.int32(currentLeader.nodeID)
            field.int32(currentLeader.epoch)
            field.endStructure(flexible: true)
        }
    }
}
