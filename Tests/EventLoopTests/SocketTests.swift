import EventLoop
import Glibc
import Testing

@MainActor
@Suite("A socket", .timeLimit(.minutes(5)))
struct SocketTests {
    private let loop: Loop

    init() throws {
        loop = try Loop()
        Signals.ignoreBrokenPipes()
    }

    /// A socket whose events are remembered, and the connection's other end.
    @MainActor
    private final class Connection {
        let socket: Socket
        let peer: Int32
        var events: [Socket.Event] { log.events }
        private let log: EventLog

        init(_ loop: Loop) async throws {
            let server = Server()
            let log = EventLog()
            self.log = log
            let address = try await server.address()
            socket = try Socket(to: address, poller: loop.poller) { log.events.append($0) }
            await loop.turn(until: { !log.events.isEmpty })
            peer = server.accept()
            close(server.descriptor)
        }

        func write(_ pieces: [[UInt8]]) -> Transfer {
            var bytes = Array(pieces.joined())
            return bytes.withUnsafeMutableBytes { all in
                // As many pieces as were given, in one memory.
                var start = 0
                let vectors = pieces.map { piece in
                    defer { start += piece.count }
                    return iovec(
                        iov_base: all.baseAddress?.advanced(by: start),
                        iov_len: piece.count
                    )
                }
                return vectors.withUnsafeBufferPointer { socket.write($0, byteCount: start) }
            }
        }

        func read() -> (Transfer, [UInt8]) {
            var bytes = [UInt8](repeating: 0, count: 1000)
            let result = bytes.withUnsafeMutableBytes { socket.read(into: $0) }
            return (result, Array(bytes.prefix(result.byteCount)))
        }
    }

    @MainActor
    private final class EventLog {
        var events: [Socket.Event] = []
    }

    @Test("connects, writes pieces in order, reads, and sees the end")
    func dialogue() async throws {
        let connection = try await Connection(loop)
        #expect(connection.events == [.connected])
        #expect(connection.read().0 == .wouldBlock)

        #expect(connection.write([[1, 2], [], [3]]) == .count(3))
        #expect(read(connection.peer, upTo: 10) == [1, 2, 3])
        #expect(!connection.socket.isWriteBlocked)

        write(connection.peer, [4, 5])
        await loop.turn(until: { connection.events.contains(.readable) })
        #expect(connection.read() == (.count(2), [4, 5]))

        let count = connection.events.count
        close(connection.peer)
        await loop.turn(until: { connection.events.count > count })
        #expect(connection.events.last == .readable)
        #expect(connection.read().0 == .end)
        connection.socket.close()
    }

    @Test("is blocked by a peer that does not read, and is told when that has ended")
    func blockedWrite() async throws {
        let connection = try await Connection(loop)
        let bytes = [UInt8](repeating: 7, count: 1_000_000)
        var written = 0
        while !connection.socket.isWriteBlocked {
            written += connection.write([bytes]).byteCount
            try #require(written < 1_000_000_000)
        }
        loop.poller.poll()
        #expect(connection.events == [.connected])
        #expect(connection.write([[1]]) == .wouldBlock)
        let end = Pipe(reader: connection.peer, writer: -1)
        let got = await end.collect(written)
        #expect(got.count == written)
        await loop.turn(until: { connection.events == [.connected, .writable] })
        #expect(!connection.socket.isWriteBlocked)
        // No more of it while nothing is wanted.
        loop.poller.poll()
        #expect(connection.events == [.connected, .writable])
        connection.socket.close()
        close(connection.peer)
    }

    @Test("fails once when nobody listens")
    func refused() async throws {
        // Its port stays taken, so that nobody else comes to listen there meanwhile.
        let server = Server(listens: false)
        let address = try await server.address()
        let log = EventLog()
        let socket = try Socket(to: address, poller: loop.poller) { log.events.append($0) }
        await loop.turn(until: { !log.events.isEmpty })
        loop.poller.poll()
        #expect(log.events == [.failed(Errno(rawValue: ECONNREFUSED))])
        socket.close()
        close(server.descriptor)
    }

    @Test("says nothing after it was closed, in a handler either")
    func closedInHandler() async throws {
        let server = Server()
        let log = EventLog()
        var socket: Socket?
        socket = try Socket(to: await server.address(), poller: loop.poller) { event in
            log.events.append(event)
            socket?.close()
            socket?.close()  // Twice is once.
        }
        await loop.turn(until: { !log.events.isEmpty })
        write(server.accept(), [1])
        loop.poller.poll()
        #expect(log.events == [.connected])
    }

    @Test("reports a reset by the peer as an error of the next read or write")
    func reset() async throws {
        let connection = try await Connection(loop)
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            connection.peer,
            SOL_SOCKET,
            SO_LINGER,
            &hard,
            socklen_t(MemoryLayout<linger>.size)
        )
        close(connection.peer)
        await loop.turn(until: { connection.events.contains(.readable) })
        #expect(connection.read().0 == .failed(Errno(rawValue: ECONNRESET)))
        #expect(connection.write([[1]]) == .failed(.brokenPipe))
        connection.socket.close()
    }
}

/// A listening socket on the loopback interface; connections wait in its backlog.
struct Server {
    let descriptor: Int32
    let port: UInt16

    init(listens: Bool = true) {
        // No program that another test starts meanwhile goes on listening.
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                precondition(bind(descriptor, pointer, size) == 0)
                if listens { precondition(listen(descriptor, 8) == 0) }
                precondition(getsockname(descriptor, pointer, &size) == 0)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    @MainActor
    func address() async throws -> SocketAddress {
        try #require(try await resolve("127.0.0.1", port).get().first)
    }

    func accept() -> Int32 {
        Glibc.accept(descriptor, nil, nil)
    }
}

/// What a look-up says, for tests that wait for it.
@MainActor
func resolve(
    _ host: String,
    _ port: UInt16
) async -> Result<[SocketAddress], Resolver.Failure> {
    await withCheckedContinuation { continuation in
        Resolver.resolve(host: host, port: port) { continuation.resume(returning: $0) }
    }
}
