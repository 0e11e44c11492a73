/// What precedes the body of every request.
package struct RequestHeader: Equatable, Sendable {
    /// The number of the API, which may be one we do not know.
    package var apiKey: Int16

    /// The version the body is written in.
    package var apiVersion: Int16

    /// The number by which the answer says what it answers.
    package var correlationID: Int32

    /// The name the client goes by in the broker's log and quotas, or `nil` if it has none.
    package var clientID: String?

    /// Creates a header.
    package init(apiKey: Int16, apiVersion: Int16, correlationID: Int32, clientID: String?) {
        self.apiKey = apiKey
        self.apiVersion = apiVersion
        self.correlationID = correlationID
        self.clientID = clientID
    }

    /// Writes the header.
    func encode(to writer: inout ByteWriter) {
        writer.int16(apiKey)
        writer.int16(apiVersion)
        writer.int32(correlationID)
        // Not compact even where the rest is flexible, so that a broker can read the header of a
        // version it does not know (KIP-511).
        writer.nullableString(clientID, flexible: false)
        writer.endStructure(flexible: isFlexible)
    }

    /// Reads the header.
    ///
    /// A request whose API we do not know is read as if its version were not flexible.
    package static func decode(_ reader: inout ByteReader) throws(WireError) -> RequestHeader {
        let header = RequestHeader(
            apiKey: try reader.int16("api_key"),
            apiVersion: try reader.int16("api_version"),
            correlationID: try reader.int32("correlation_id"),
            clientID: try reader.nullableString("client_id", flexible: false)
        )
        try reader.skipTaggedFields("request header", flexible: header.isFlexible)
        return header
    }

    private var isFlexible: Bool {
        APIKey(rawValue: apiKey)?.isFlexible(apiVersion) ?? false
    }
}
