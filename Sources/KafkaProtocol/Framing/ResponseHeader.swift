/// What precedes the body of every response: the number of the request it answers.
///
/// Tagged fields follow it if the version is flexible, except in ApiVersions: a client has to be
/// able to read that answer before it knows what the broker speaks (KIP-511).
package enum ResponseHeader {
    /// Reads the header of the response to a request.
    ///
    /// - Parameters:
    ///   - api: The API that was asked.
    ///   - version: The version it was asked in.
    ///   - reader: The response behind its size; the body is left to be read.
    /// - Returns: The correlation id. One other than that of the oldest unanswered request is the
    ///   end of the connection.
    /// - Throws: ``WireError`` if there is no header.
    package static func read(
        api: APIKey,
        version: Int16,
        _ reader: inout ByteReader
    ) throws(WireError) -> Int32 {
        let correlationID = try reader.int32("correlation_id")
        try reader.skipTaggedFields("response header", flexible: isFlexible(api, version))
        return correlationID
    }

    /// Encodes the whole frame of a response, its size included.
    ///
    /// - Parameters:
    ///   - api: The API that was asked.
    ///   - version: The version it was asked in.
    ///   - correlationID: The number of the request.
    ///   - body: Writes the body.
    /// - Returns: The frame.
    static func frame(
        api: APIKey,
        version: Int16,
        correlationID: Int32,
        body: (inout ByteWriter) -> Void
    ) -> [UInt8] {
        RequestFrame.frame { writer in
            writer.int32(correlationID)
            writer.endStructure(flexible: isFlexible(api, version))
            body(&writer)
        }
    }

    private static func isFlexible(_ api: APIKey, _ version: Int16) -> Bool {
        api != .apiVersions && api.isFlexible(version)
    }
}
