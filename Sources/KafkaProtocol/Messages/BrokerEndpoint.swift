/// A broker, and where it listens.
package struct BrokerEndpoint: Hashable, Sendable {
    /// The fewest bytes one takes in a message, of any version.
    static let minimumSize = 11

    /// The broker's number in the cluster.
    package var nodeID: Int32

    /// The name or the address of its host.
    package var host: String

    /// The port, as the broker gave it; it may be no port at all.
    package var port: Int32

    /// The rack it stands in, or `nil` if it does not say.
    package var rack: String?

    /// Creates an endpoint.
    package init(nodeID: Int32, host: String, port: Int32, rack: String? = nil) {
        self.nodeID = nodeID
        self.host = host
        self.port = port
        self.rack = rack
    }

    static func decode(
        _ reader: inout ByteReader,
        flexible: Bool
    ) throws(WireError) -> BrokerEndpoint {
        let endpoint = BrokerEndpoint(
            nodeID: try reader.int32("broker.node_id"),
            host: try reader.string("broker.host", flexible: flexible),
            port: try reader.int32("broker.port"),
            rack: try reader.nullableString("broker.rack", flexible: flexible)
        )
        try reader.skipTaggedFields("broker", flexible: flexible)
        return endpoint
    }

    func encode(to writer: inout ByteWriter, flexible: Bool) {
        writer.int32(nodeID)
        writer.string(host, flexible: flexible)
        writer.int32(port)
        writer.nullableString(rack, flexible: flexible)
        writer.endStructure(flexible: flexible)
    }
}
