import EventLoop

/// The smallest loop there is: a poller, and tests that wait for its turns instead of sleeping.
@MainActor
final class Loop {
    let poller: Poller
    private var continuation: CheckedContinuation<Void, Never>?
    private var isAwake = false

    init() throws {
        poller = try Poller()
        poller.turn = { [weak self] in self?.wake() }
    }

    /// What a block calls when something happened.
    func wake() {
        isAwake = true
        continuation?.resume()
        continuation = nil
    }

    /// Returns as soon as the condition holds, which is asked in each turn, after a look at what
    /// is ready.
    func turn(until condition: () -> Bool) async {
        while true {
            poller.poll()
            if condition() { return }
            if !isAwake { await withCheckedContinuation { continuation = $0 } }
            isAwake = false
        }
    }
}

/// An input, its ring, and everything that came out of it.
@MainActor
final class Reading {
    let loop: Loop
    let source: InputSource
    var ring: InputRing
    var bytes: [UInt8] = []

    init(
        _ location: InputSource.Location,
        capacity: Int = 65_536,
        loop: Loop? = nil
    ) throws {
        let loop = try loop ?? Loop()
        self.loop = loop
        ring = try InputRing(capacity: capacity)
        source = InputSource(location, poller: loop.poller) { loop.wake() }
    }

    var isSettled: Bool {
        switch source.state {
        case .ready, .waiting: false
        case .ended, .failed: true
        }
    }

    /// Reads into the ring, once, and leaves the bytes there.
    @discardableResult
    func readOnce() -> Bool {
        source.read(into: &ring)
    }

    /// One turn: takes what is there, and looks whether there is more.
    func read() {
        take()
        while readOnce() {
            take()
            loop.poller.poll()
        }
    }

    /// Takes what is in the ring.
    func take() {
        bytes += Self.take(&ring)
    }

    /// A span cannot be taken of a class's property: the ring is lent for as long as it is used.
    private static func take(_ ring: inout InputRing) -> [UInt8] {
        let bytes = ring.readable.withUnsafeBytes { Array($0) }
        ring.consume(ring.readableCount)
        ring.release(upTo: ring.consumed)
        return bytes
    }

    /// Reads until this many bytes have come.
    func read(count: Int) async {
        await loop.turn(until: {
            self.read()
            return self.bytes.count >= count
        })
    }

    /// Reads to the end.
    func readToEnd() async -> InputSource.State {
        await loop.turn(until: {
            self.read()
            return self.isSettled
        })
        return source.state
    }
}
