extension ApiVersionsResponse {
    /// Encodes the response with its size and header, as a broker.
    ///
    /// A request of a version the broker does not speak is answered in version 0.
    package func encode(version: Int16, correlationID: Int32) -> [UInt8] {
        let flexible = APIKey.apiVersions.isFlexible(version)
        return ResponseHeader.frame(
            api: .apiVersions,
            version: version,
            correlationID: correlationID
        ) { writer in
            writer.int16(errorCode.rawValue)
            writer.arrayCount(apis.count, flexible: flexible)
            for api in apis {
                writer.int16(api.key)
                writer.int16(api.minimum)
                writer.int16(api.maximum)
                writer.endStructure(flexible: flexible)
            }
            if version >= 1 { writer.int32(throttleTimeMilliseconds) }
            writer.endStructure(flexible: flexible)
        }
    }
}
