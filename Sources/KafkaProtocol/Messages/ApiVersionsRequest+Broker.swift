extension ApiVersionsRequest {
    /// Decodes the body of a request, as a broker.
    package static func decode(
        _ reader: inout ByteReader,
        version: Int16
    ) throws(WireError) -> ApiVersionsRequest {
        var request = ApiVersionsRequest(softwareName: "", softwareVersion: "")
        if version >= 3 {
            request.softwareName = try reader.string("client_software_name", flexible: true)
            request.softwareVersion = try reader.string("client_software_version", flexible: true)
            try reader.skipTaggedFields("ApiVersionsRequest", flexible: true)
        }
        try reader.finish("ApiVersionsRequest")
        return request
    }
}
