import Glibc

/// An address to connect to: a `sockaddr_in` or `sockaddr_in6`, port included.
package nonisolated struct SocketAddress: Hashable, Sendable {
    /// The address as the system lays it out.
    let bytes: [UInt8]

    /// `AF_INET` or `AF_INET6`.
    let family: Int32

    /// Takes an address as the system lays it out.
    init(bytes: [UInt8], family: Int32) {
        precondition(bytes.count >= MemoryLayout<sa_family_t>.size)
        self.bytes = bytes
        self.family = family
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The numeric form: `127.0.0.1:9092`, `[::1]:9092`.
    package var description: String {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe getnameinfo(
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count),
                &host,
                socklen_t(host.count),
                &port,
                socklen_t(port.count),
                NI_NUMERICHOST | NI_NUMERICSERV
            )
        }
        guard code == 0 else { return "an address of family \(family)" }
        let name = Self.text(host)
        let number = Self.text(port)
        return family == AF_INET6 ? "[\(name)]:\(number)" : "\(name):\(number)"
    }

    private static func text(_ terminated: [CChar]) -> String {
        let characters = terminated.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: characters, as: UTF8.self)
    }
}
