internal import Glibc
internal import KafkaProducer

/// A connection of the producer's, from the look-up of the name to the last byte.
final class BrokerLink {
    let id: ConnectionID

    private let poller: Poller
    private let report: (Fact) -> Void
    private let wake: () -> Void
    private var addresses: ArraySlice<SocketAddress> = []
    private var socket: Socket?
    private var isConnected = false
    private var isClosed = false

    /// What the producer is told.
    enum Fact {
        case connected
        case closed(DisconnectReason)
        case readable
    }

    /// Begins to look the name up.
    ///
    /// - Parameters:
    ///   - id: The producer's name for the connection.
    ///   - address: Where to.
    ///   - poller: Who waits for the socket.
    ///   - wake: Runs a turn, when something happened that the poller does not see.
    ///   - report: Is told what happened; nothing after ``close()``.
    init(
        _ id: ConnectionID,
        to address: BrokerAddress,
        poller: Poller,
        wake: @escaping () -> Void,
        _ report: @escaping (Fact) -> Void
    ) {
        self.id = id
        self.poller = poller
        self.report = report
        self.wake = wake
        Resolver.resolve(host: address.host, port: address.port) { [weak self] result in
            self?.didResolve(result)
        }
    }

    /// Whether bytes can be written now.
    var canWrite: Bool {
        guard let socket else { return false }
        return isConnected && !socket.isWriteBlocked
    }

    /// Ends it; nothing is reported any more.
    func close() {
        isClosed = true
        isConnected = false
        socket?.close()
        socket = nil
    }

    /// Writes as many of the pieces as the system takes.
    func write(_ segments: UnsafeBufferPointer<OutboundSegment>) -> Transfer {
        guard let socket, isConnected else { return .wouldBlock }
        var byteCount = 0
        for index in segments.indices { unsafe byteCount += segments[index].count }
        // An `OutboundSegment` has the layout of a `struct iovec`, but not its type: nothing in
        // Swift may read it through this pointer, and nothing does but the kernel.
        let base = unsafe UnsafeRawPointer(segments.baseAddress)
        let pieces = unsafe base?.assumingMemoryBound(to: iovec.self)
        let vectors = unsafe UnsafeBufferPointer(start: pieces, count: segments.count)
        return unsafe socket.write(vectors, byteCount: byteCount)
    }

    /// Reads what has come.
    func read(into bytes: UnsafeMutableRawBufferPointer) -> Transfer {
        guard let socket, isConnected else { return .wouldBlock }
        return unsafe socket.read(into: bytes)
    }

    private func didResolve(_ result: Result<[SocketAddress], Resolver.Failure>) {
        guard !isClosed else { return }
        switch result {
        case .success(let found):
            addresses = found[...]
            connectToNext(after: nil)
        case .failure(let why):
            report(.closed(DisconnectReason(why.text)))
        }
        wake()
    }

    /// Tries one address after another.
    private func connectToNext(after last: Errno?) {
        var last = last
        while let address = addresses.popFirst() {
            do throws(Errno) {
                socket = try Socket(to: address, poller: poller) { [weak self] event in
                    self?.didHappen(event)
                }
                return
            } catch {
                last = error
            }
        }
        report(.closed(DisconnectReason(last?.text ?? "no address")))
    }

    private func didHappen(_ event: Socket.Event) {
        guard !isClosed else { return }
        switch event {
        case .connected:
            isConnected = true
            report(.connected)
        case .failed(let error):
            socket?.close()
            socket = nil
            connectToNext(after: error)
        case .readable: report(.readable)
        case .writable: break
        }
    }
}
