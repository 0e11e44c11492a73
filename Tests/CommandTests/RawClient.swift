import Glibc
import Testing

/// A TCP connection on which a test says what it likes, byte for byte.
final class RawClient {
    private let descriptor: Int32

    /// Connects to a port of this machine, or returns `nil` if nobody listens there.
    init?(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        if result != 0 { return nil }
    }

    deinit { close(descriptor) }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) {
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// Sends the bytes of hexadecimal digits.
    func send(hex: String) { send(Self.bytes(hex)) }

    /// Waits for an answer and returns it without its size, or `nil` if the connection is closed.
    func receive() -> [UInt8]? {
        guard let size = read(count: 4) else { return nil }
        return read(count: size.reduce(0) { $0 << 8 | Int($1) })
    }

    /// The bytes of hexadecimal digits.
    static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    private func read(count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), count - filled)
            }
            if got <= 0 { return nil }
            filled += got
        }
        return bytes
    }
}
