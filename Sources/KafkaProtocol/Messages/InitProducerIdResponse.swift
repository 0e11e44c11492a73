/// A producer id, and the epoch it begins with.
package struct InitProducerIdResponse: Equatable, Sendable {
    /// For how long the broker wants to hear nothing from us, in milliseconds.
    package var throttleTimeMilliseconds: Int32

    /// How the request ended.
    package var errorCode: ErrorCode

    /// The producer id, or -1 after an error.
    package var producerID: Int64

    /// The epoch.
    package var producerEpoch: Int16

    /// Creates a response.
    package init(
        throttleTimeMilliseconds: Int32 = 0,
        errorCode: ErrorCode,
        producerID: Int64,
        producerEpoch: Int16
    ) {
        self.throttleTimeMilliseconds = throttleTimeMilliseconds
        self.errorCode = errorCode
        self.producerID = producerID
        self.producerEpoch = producerEpoch
    }

    /// Decodes the body of the answer to a request of a version.
    package static func decode(
        _ reader: inout ByteReader,
        version: Int16
    ) throws(WireError) -> InitProducerIdResponse {
        let flexible = APIKey.initProducerId.isFlexible(version)
        let response = InitProducerIdResponse(
            throttleTimeMilliseconds: try reader.int32("throttle_time_ms"),
            errorCode: ErrorCode(rawValue: try reader.int16("error_code")),
            producerID: try reader.int64("producer_id"),
            producerEpoch: try reader.int16("producer_epoch")
        )
        try reader.skipTaggedFields("InitProducerIdResponse", flexible: flexible)
        try reader.finish("InitProducerIdResponse")
        return response
    }
}
