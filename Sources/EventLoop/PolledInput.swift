/// An input that can be waited for: a pipe, FIFO, socket or terminal.
///
/// It is read on the loop, one `read(2)` each time it is readable, and never before that: a FIFO
/// without a writer yet would look as if it had ended. It is taken out of the poller while the
/// ring is full.
final class PolledInput {
    let file: InputFile

    /// Whether it was reported, and not read since.
    private(set) var isReadable = false

    private let poller: Poller
    private var token: Poller.Token?
    private var isWaitedFor = true
    private var readSize = ReadSize(largest: ReadSize.largestOnLoop)

    /// The poller's count when we last read, or began to wait.
    private var askedAtPoll: UInt64

    /// Begins to wait.
    ///
    /// - Throws: What epoll said, `EPERM` above all: it cannot be waited for.
    init(_ file: InputFile, poller: Poller) throws(Errno) {
        self.file = file
        self.poller = poller
        askedAtPoll = poller.pollCount
        token = try poller.add(file.descriptor, .readable) { [weak self] _ in
            // A hang-up or an error is for the next read to find.
            self?.isReadable = true
        }
    }

    /// Whether it had nothing when it was looked at after the last read.
    var isIdle: Bool {
        isWaitedFor && !isReadable && poller.pollCount > askedAtPoll
    }

    /// Reads what there is.
    ///
    /// - Returns: What came of it, or `nil` if it is not readable or the ring is full.
    func read(into ring: inout InputRing) -> Transfer? {
        let hasRoom = ring.writableCount > 0
        if let error = wait(hasRoom) { return .failed(error) }
        guard hasRoom, isReadable else { return nil }
        isReadable = false
        askedAtPoll = poller.pollCount
        let result = file.readNow(into: ring.reserve(upTo: readSize.current))
        ring.commit(result.byteCount)
        readSize.didRead(result.byteCount)
        return result == .wouldBlock ? nil : result
    }

    /// Waits no more; the file stays open.
    func stop() {
        if let token { poller.remove(token) }
        token = nil
        isReadable = false
        isWaitedFor = false
    }

    private func wait(_ isWanted: Bool) -> Errno? {
        guard let token, isWanted != isWaitedFor else { return nil }
        do {
            try poller.setInterest(of: token, isWanted ? .readable : [])
        } catch {
            return error
        }
        isWaitedFor = isWanted
        askedAtPoll = poller.pollCount
        return nil
    }
}
