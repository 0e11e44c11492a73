extension InitProducerIdRequest {
    /// Decodes the body of a request, as a broker.
    package static func decode(
        _ reader: inout ByteReader,
        version: Int16
    ) throws(WireError) -> InitProducerIdRequest {
        let flexible = APIKey.initProducerId.isFlexible(version)
        var request = InitProducerIdRequest(
            transactionalID: try reader.nullableString("transactional_id", flexible: flexible),
            transactionTimeoutMilliseconds: try reader.int32("transaction_timeout_ms")
        )
        if version >= 3 {
            request.producerID = try reader.int64("producer_id")
            request.producerEpoch = try reader.int16("producer_epoch")
        }
        try reader.skipTaggedFields("InitProducerIdRequest", flexible: flexible)
        try reader.finish("InitProducerIdRequest")
        return request
    }
}
