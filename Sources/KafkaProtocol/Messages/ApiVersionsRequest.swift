/// Asks a broker which requests it knows, in which versions.
///
/// It is the first request on every connection. Brokers before 2.4 take any but version 0 for a
/// broken one, so that is what follows an answer of ``ErrorCode/unsupportedVersion``.
package struct ApiVersionsRequest: Equatable, Sendable {
    /// The name of the software, for the broker's statistics (version 3 and up).
    ///
    /// It and the version must match `[a-zA-Z0-9]([a-zA-Z0-9\-.]*[a-zA-Z0-9])?`; the broker answers
    /// anything else with ``ErrorCode/invalidRequest``.
    package var softwareName: String

    /// The version of the software (version 3 and up).
    package var softwareVersion: String

    /// Creates a request.
    package init(softwareName: String, softwareVersion: String) {
        self.softwareName = softwareName
        self.softwareVersion = softwareVersion
    }

    /// Encodes the request with its size and header.
    package func encode(version: Int16, correlationID: Int32, clientID: String) -> [UInt8] {
        RequestFrame.encode(
            api: .apiVersions,
            version: version,
            correlationID: correlationID,
            clientID: clientID
        ) { writer in
            guard version >= 3 else { return }
            writer.string(softwareName, flexible: true)
            writer.string(softwareVersion, flexible: true)
            writer.endStructure(flexible: true)
        }
    }
}
