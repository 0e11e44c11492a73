import Glibc
import Testing

/// A server that is no broker.
final class GarbageServer {
    private let listener: Int32
    /// Where it listens.
    let address: String

    /// Begins to listen.
    init() throws {
        (listener, address) = try Descriptors.guarded {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0
                }
            }
            try #require(isBound && listen(listener, 8) == 0)
            return (listener, "127.0.0.1:\(UInt16(bigEndian: address.sin_port))")
        }
    }

    deinit { close(listener) }

    /// Waits for one client and answers whatever it says.
    func answer(_ bytes: [UInt8]) {
        let client = accept(listener, nil, nil)
        var request = [UInt8](repeating: 0, count: 4096)
        _ = read(client, &request, request.count)
        _ = write(client, bytes, bytes.count)
        close(client)
    }
}
