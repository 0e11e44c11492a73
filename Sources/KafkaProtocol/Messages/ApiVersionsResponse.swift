/// The requests a broker knows.
package struct ApiVersionsResponse: Equatable, Sendable {
    /// The versions of one request.
    package struct API: Hashable, Sendable {
        /// The number of the request, which may be one we do not know.
        package var key: Int16

        /// The lowest version.
        package var minimum: Int16

        /// The highest version; below the lowest if there is none.
        package var maximum: Int16

        /// Creates the versions of one request.
        package init(key: Int16, minimum: Int16, maximum: Int16) {
            self.key = key
            self.minimum = minimum
            self.maximum = maximum
        }
    }

    /// How the request ended.
    package var errorCode: ErrorCode

    /// The requests the broker knows.
    ///
    /// In an answer of ``ErrorCode/unsupportedVersion`` those that help to ask again: ApiVersions
    /// alone, or nothing, which means version 0.
    package var apis: [API]

    /// For how long the broker wants to hear nothing from us, in milliseconds (version 1 and up).
    package var throttleTimeMilliseconds: Int32

    /// Creates a response.
    package init(errorCode: ErrorCode, apis: [API], throttleTimeMilliseconds: Int32 = 0) {
        self.errorCode = errorCode
        self.apis = apis
        self.throttleTimeMilliseconds = throttleTimeMilliseconds
    }

    /// The highest version of a request that both sides speak, or `nil` if there is none.
    package func highestVersion(of api: APIKey) -> Int16? {
        guard let known = apis.first(where: { $0.key == api.rawValue }) else { return nil }
        return api.highestVersion(minimum: known.minimum, maximum: known.maximum)
    }

    /// Decodes the body of the answer to a request of a version.
    package static func decode(
        _ reader: inout ByteReader,
        version: Int16
    ) throws(WireError) -> ApiVersionsResponse {
        // A broker that does not know the version of the request answers in version 0, which it can
        // be sure we read (KIP-511). The error comes first in all versions.
        var peek = reader
        if version > 0, try ErrorCode(rawValue: peek.int16("error_code")) == .unsupportedVersion {
            var attempt = reader
            if let response = try? decodeBody(&attempt, version: 0) {
                reader = attempt
                return response
            }
            attempt = reader
            if let response = try? decodeBody(&attempt, version: version) {
                reader = attempt
                return response
            }
            // The error is what matters, and some brokers say it in a form of their own: those of
            // librdkafka's mock cluster (2.0.2) write the count in one byte.
            _ = try reader.skip(reader.remaining, "api_keys")
            return ApiVersionsResponse(errorCode: .unsupportedVersion, apis: [])
        }
        return try decodeBody(&reader, version: version)
    }

    private static func decodeBody(
        _ reader: inout ByteReader,
        version: Int16
    ) throws(WireError) -> ApiVersionsResponse {
        let flexible = APIKey.apiVersions.isFlexible(version)
        var response = ApiVersionsResponse(
            errorCode: ErrorCode(rawValue: try reader.int16("error_code")),
            apis: []
        )
        let count = try reader.arrayCount("api_keys", flexible: flexible, minimumElementSize: 6)
        for _ in 0..<count {
            response.apis.append(
                API(
                    key: try reader.int16("api_keys.api_key"),
                    minimum: try reader.int16("api_keys.min_version"),
                    maximum: try reader.int16("api_keys.max_version")
                )
            )
            try reader.skipTaggedFields("api_keys", flexible: flexible)
        }
        if version >= 1 {
            response.throttleTimeMilliseconds = try reader.int32("throttle_time_ms")
        }
        // The features of the cluster (tags 0 to 3) matter to transactions alone.
        try reader.skipTaggedFields("ApiVersionsResponse", flexible: flexible)
        try reader.finish("ApiVersionsResponse")
        return response
    }
}
