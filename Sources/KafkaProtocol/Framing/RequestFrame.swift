/// The frame of a request: its size, its header and its body.
package enum RequestFrame {
    /// The bytes of the size that begins every frame.
    package static let sizeOfSize = 4

    /// Encodes a whole frame.
    ///
    /// - Parameters:
    ///   - api: The API that is asked.
    ///   - version: The version the body is written in.
    ///   - correlationID: The number the answer will repeat.
    ///   - clientID: The name we go by.
    ///   - absentByteCount: The number of bytes of the body that are sent from elsewhere, which the
    ///     size has to cover.
    ///   - body: Writes the body.
    /// - Returns: The frame, its size included.
    package static func encode(
        api: APIKey,
        version: Int16,
        correlationID: Int32,
        clientID: String,
        absentByteCount: Int = 0,
        body: (inout ByteWriter) -> Void
    ) -> [UInt8] {
        precondition(api.versions.contains(version), "a version of \(api.name) we do not speak")
        let header = RequestHeader(
            apiKey: api.rawValue,
            apiVersion: version,
            correlationID: correlationID,
            clientID: clientID
        )
        return frame(absentByteCount: absentByteCount) { writer in
            header.encode(to: &writer)
            body(&writer)
        }
    }

    /// Puts the size of what `content` writes in front of it.
    static func frame(
        absentByteCount: Int = 0,
        content: (inout ByteWriter) -> Void
    ) -> [UInt8] {
        precondition(absentByteCount >= 0)
        var writer = ByteWriter()
        writer.int32(0)
        content(&writer)
        let size = writer.count - sizeOfSize + absentByteCount
        writer.patch(int32: Int32(size), at: 0)
        return writer.bytes
    }
}
