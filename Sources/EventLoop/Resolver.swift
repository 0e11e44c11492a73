import Dispatch
import Glibc

/// Looks names up, off the loop: the system's resolver waits for its name servers.
package nonisolated enum Resolver {
    /// Why a name has no address, in the resolver's words (`Name or service not known`).
    package nonisolated struct Failure: Error, Hashable, Sendable {
        /// The resolver's words.
        package let text: String
    }

    /// Finds every address of a host, in the order in which to try them (RFC 6724).
    ///
    /// - Parameters:
    ///   - host: A name, or a numeric IPv4 or IPv6 address without brackets.
    ///   - port: The port the addresses get.
    ///   - completion: Is called on the loop, once; there is at least one address.
    package static func resolve(
        host: String,
        port: UInt16,
        _ completion: @escaping @MainActor (Result<[SocketAddress], Failure>) -> Void
    ) {
        // A queue for each, as one name server that is silent must not hold up other names; and a
        // serial one, as Dispatch gives those a thread whatever else is waiting.
        DispatchQueue(label: "kpipe.resolver").async {
            let result = Result { () throws(Failure) in try Self.lookUp(host: host, port: port) }
            MainQueue.async { completion(result) }
        }
    }

    private static func lookUp(
        host: String,
        port: UInt16
    ) throws(Failure) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, String(port), &hints, &list)
        let system = Errno(rawValue: errno)
        guard code == 0 else {
            throw Failure(
                text: code == EAI_SYSTEM ? system.text : unsafe String(cString: gai_strerror(code))
            )
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            let bytes = unsafe UnsafeRawBufferPointer(
                start: entry.pointee.ai_addr,
                count: Int(entry.pointee.ai_addrlen)
            )
            let address = unsafe SocketAddress(
                bytes: Array(bytes),
                family: entry.pointee.ai_family
            )
            // A line that stands twice in /etc/hosts is one address.
            if !addresses.contains(address) { addresses.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw Failure(text: "no address") }
        return addresses
    }
}
