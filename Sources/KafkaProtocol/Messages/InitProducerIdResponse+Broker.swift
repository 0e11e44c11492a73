extension InitProducerIdResponse {
    /// Encodes the response with its size and header, as a broker.
    package func encode(version: Int16, correlationID: Int32) -> [UInt8] {
        ResponseHeader.frame(
            api: .initProducerId,
            version: version,
            correlationID: correlationID
        ) { writer in
            writer.int32(throttleTimeMilliseconds)
            writer.int16(errorCode.rawValue)
            writer.int64(producerID)
            writer.int16(producerEpoch)
            writer.endStructure(flexible: APIKey.initProducerId.isFlexible(version))
        }
    }
}
