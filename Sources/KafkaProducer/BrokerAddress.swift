/// Where a broker listens.
package struct BrokerAddress: Hashable, Sendable {
    /// A host name or an IP address, without brackets.
    package let host: String

    /// The TCP port.
    package let port: UInt16

    /// Creates an address.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

extension BrokerAddress: CustomStringConvertible {
    /// `host:port`, an IPv6 address in brackets.
    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
