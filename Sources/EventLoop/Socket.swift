package import Glibc

/// A TCP connection, from the attempt on, that never waits.
///
/// Its contract: `connected` or `failed` is the first event, and after `failed` there is none.
/// Once connected, it is readable whenever ``read(into:)`` has something to say, the end and
/// errors included. Writing is tried first: while ``isWriteBlocked`` it is of no use, and the end
/// of that is the event `writable`. Its owner closes it, whatever happened.
package final class Socket {
    /// What happened.
    package nonisolated enum Event: Hashable, Sendable {
        case connected
        /// The attempt came to nothing.
        case failed(Errno)
        case readable
        case writable
    }

    /// The most pieces one ``write(_:)`` takes.
    package static let pieceLimit = 64

    /// Whether the last write was cut short, and nothing more can be written until `writable`.
    package private(set) var isWriteBlocked = false

    private enum State {
        case connecting
        case connected
        case closed
    }

    private let poller: Poller
    private let descriptor: Int32
    private let handler: (Event) -> Void
    private var state = State.connecting
    private var token: Poller.Token?

    /// Begins to connect.
    ///
    /// - Parameters:
    ///   - address: Where to.
    ///   - poller: Who waits for it.
    ///   - handler: Is told what happened, while the poller delivers; it may close the socket.
    /// - Throws: What the system said at once, such as `ENETUNREACH`; then there is no socket.
    package init(
        to address: SocketAddress,
        poller: Poller,
        _ handler: @escaping (Event) -> Void
    ) throws(Errno) {
        self.poller = poller
        self.handler = handler
        descriptor = try Syscalls.makeStreamSocket(family: address.family)
        do {
            // A request is many small pieces and one large one, written whole: nothing to wait for.
            try Syscalls.setNoDelay(descriptor)
            try Syscalls.connect(descriptor, to: address.bytes)
            token = try poller.add(descriptor, .writable) { [weak self] events in
                self?.didPoll(events)
            }
        } catch {
            Syscalls.close(descriptor)
            throw error
        }
    }

    /// Reads what has come.
    ///
    /// - Parameter bytes: What to fill, from its front; not empty.
    /// - Returns: What came of it.
    package func read(into bytes: UnsafeMutableRawBufferPointer) -> Transfer {
        precondition(state == .connected && bytes.count > 0)
        return unsafe Syscalls.read(descriptor, into: bytes)
    }

    /// Writes pieces one after another, as far as the system takes them.
    ///
    /// - Parameters:
    ///   - pieces: At most ``pieceLimit``, not empty. They are left to the system: nothing here
    ///     reads them.
    ///   - byteCount: How many bytes they are together.
    /// - Returns: How many bytes it took, from the first piece on; fewer than all, or
    ///   ``Transfer/wouldBlock``, means that `writable` will follow.
    package func write(_ pieces: UnsafeBufferPointer<iovec>, byteCount: Int) -> Transfer {
        precondition(state == .connected)
        precondition(pieces.count <= Self.pieceLimit)
        let result = unsafe Syscalls.write(descriptor, pieces)
        switch result {
        case .count(let count):
            return count < byteCount ? blockWrites(result) : result
        case .wouldBlock:
            return blockWrites(result)
        case .end, .failed:
            return result
        }
    }

    /// Ends the connection; no event follows, not even one that was on its way.
    package func close() {
        guard state != .closed else { return }
        state = .closed
        if let token { poller.remove(token) }
        token = nil
        Syscalls.close(descriptor)
    }

    /// Enables the arm that waits for room.
    private func blockWrites(_ result: Transfer) -> Transfer {
        do throws(Errno) {
            try wait(for: [.readable, .writable])
            isWriteBlocked = true
            return result
        } catch {
            return .failed(error)
        }
    }

    private func didPoll(_ events: Poller.Events) {
        switch state {
        case .connecting: didConnect()
        case .connected: didBecomeReady(events)
        case .closed: break
        }
    }

    private func didConnect() {
        do throws(Errno) {
            if let error = try Syscalls.pendingError(of: descriptor) { throw error }
            try wait(for: .readable)
            state = .connected
            handler(.connected)
        } catch {
            // Out of the poller, or a refused connection would be reported for ever.
            if let token { poller.remove(token) }
            token = nil
            handler(.failed(error))
        }
    }

    private func didBecomeReady(_ events: Poller.Events) {
        if isWriteBlocked, !events.isDisjoint(with: [.writable, .hangUp, .error]) {
            isWriteBlocked = false
            handler(.writable)
        }
        // Should this fail, there is room again and again, and each time this is tried again.
        if state == .connected, !isWriteBlocked { try? wait(for: .readable) }
        // The handler may have closed it.
        if state == .connected, !events.isDisjoint(with: [.readable, .hangUp, .error]) {
            handler(.readable)
        }
    }

    private func wait(for events: Poller.Events) throws(Errno) {
        guard let token else { return }
        try poller.setInterest(of: token, events)
    }
}
