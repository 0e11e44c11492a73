import Dispatch

/// An input that cannot be waited for, since it always claims to be ready: a regular file, a disk,
/// `/dev/null`.
///
/// What of it is in memory is read on the loop, which knows that it does not wait. Where that ends,
/// it is read off the loop, straight into the ring, in bounded requests: while the loop works on
/// the bytes of one, the next is under way. Asking for no more is all the back-pressure there is.
final class ReadAheadInput {
    let file: InputFile

    /// Where the next request of a seekable input begins.
    private(set) var offset: Int64

    /// How many bytes a regular file had at the last look, or `nil` if that says nothing.
    private(set) var size: UInt64?

    private enum Request {
        case none
        case underWay
        case done(Transfer)
    }

    private let queue: DispatchQueue
    private let wake: () -> Void
    private var request = Request.none
    private var sizeOnLoop = ReadSize(largest: ReadSize.largestOnLoop)
    private var sizeOffLoop = ReadSize(largest: ReadSize.largestOffLoop)

    /// Begins with nothing under way.
    ///
    /// - Parameters:
    ///   - file: What to read.
    ///   - size: How many bytes it has, if it is a regular file.
    ///   - queue: Where the reads wait.
    ///   - wake: Is called on the loop when a request has been answered.
    init(_ file: InputFile, size: UInt64?, queue: DispatchQueue, wake: @escaping () -> Void) {
        self.file = file
        self.size = size
        self.queue = queue
        self.wake = wake
        switch file.kind {
        case .seekable(let start): offset = start
        case .stream: offset = 0
        }
    }

    /// Whether a part of the ring is set apart for a request, answered or not.
    var ownsPartOfRing: Bool {
        switch request {
        case .none: false
        case .underWay, .done: true
        }
    }

    /// Whether ``read(into:)`` can do something, if the ring has room.
    var isReady: Bool {
        switch request {
        case .none, .done: true
        case .underWay: false
        }
    }

    /// Takes the answered request's bytes and, if there is room, reads what comes next: now, or
    /// with another request.
    ///
    /// - Returns: What came of it, or `nil` if nothing has been read.
    func read(into ring: inout InputRing) -> Transfer? {
        let result = take(into: &ring, keepingBytes: true)
        switch result {
        case nil:
            if let result = readNow(into: &ring) { return result }
            makeRequest(into: &ring)
        case .count:
            // What this finds besides, the end too, is found again by the next call.
            if readNow(into: &ring) == nil { makeRequest(into: &ring) }
        case .wouldBlock, .end, .failed: break
        }
        return result
    }

    /// Reads what is in memory.
    ///
    /// - Returns: What came of it, or `nil` if only a request can tell.
    private func readNow(into ring: inout InputRing) -> Transfer? {
        guard case .none = request, case .seekable = file.kind, ring.writableCount > 0
        else { return nil }
        let result = file.readNow(at: offset, into: ring.reserve(upTo: sizeOnLoop.current))
        ring.commit(result.byteCount)
        switch result {
        case .count(let count):
            offset += Int64(count)
            sizeOnLoop.didRead(count)
            size = file.size
            return result
        case .end: return result
        case .wouldBlock, .failed: return nil
        }
    }

    /// Drops the answered request's bytes, and makes no more requests.
    func discard(from ring: inout InputRing) {
        _ = take(into: &ring, keepingBytes: false)
    }

    private func take(into ring: inout InputRing, keepingBytes: Bool) -> Transfer? {
        guard case .done(let result) = request else { return nil }
        request = .none
        let count = keepingBytes ? result.byteCount : 0
        ring.commit(count)
        offset += Int64(count)
        sizeOffLoop.didRead(count)
        return result
    }

    private func makeRequest(into ring: inout InputRing) {
        guard case .none = request, ring.writableCount > 0 else { return }
        request = .underWay
        let window = ring.reserve(upTo: sizeOffLoop.current)
        queue.async { [file, offset] in
            let result = file.read(at: offset, into: window)
            // Looked at each time, as somebody may be appending to it.
            let size = file.size
            MainQueue.async { self.didRead(result, size: size) }
        }
    }

    private func didRead(_ result: Transfer, size: UInt64?) {
        request = .done(result)
        self.size = size
        wake()
    }
}
