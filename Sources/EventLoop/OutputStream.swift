import Dispatch
import Glibc

/// Standard output or standard error, written off the loop so that its reader never stalls it; but
/// for a few pieces of the ring, which a pipe says without waiting whether it has room for.
///
/// One request is under way at a time. Meanwhile bytes gather, to a bound that the caller asks
/// about before it makes more of them; so a slow reader holds back what makes the output. A
/// stream writes either gathered bytes (``append(_:)``) or the ring's pieces (``write(_:)``).
///
/// A write once begun cannot be called off: at the end, whoever will not wait for
/// ``isDrained`` leaves it.
package final class OutputStream {
    /// How much to write in one request, in bytes: what a pipe holds, so that the end of a request
    /// shows that a slow reader still reads.
    package static let requestSize = 65_536

    /// What went wrong, `EPIPE` or `ENOSPC` for example; from then on everything is dropped.
    package private(set) var failure: Errno?

    /// Requests that have ended, which shows whether somebody reads.
    package private(set) var writtenCount = 0

    private nonisolated enum Request: Sendable {
        case bytes([UInt8])
        case pieces(InputRing.Pieces)
    }

    private let descriptor: Int32
    private let isClosed: Bool
    private let wake: () -> Void
    private let queue = DispatchQueue(label: "kpipe.output")
    /// Whether it is a pipe, looked at when there is something to write for the first time.
    private lazy var isPipe =
        (try? Syscalls.status(of: descriptor).st_mode & S_IFMT) == S_IFIFO
    private var gathered: [UInt8] = []
    private var isWriting = false

    /// Creates a stream; nothing is opened and no flag of the descriptor changes.
    ///
    /// - Parameters:
    ///   - descriptor: Where to write.
    ///   - isClosed: Whether it was closed when the program was started. Whoever has nothing to
    ///     write does not miss it: the stream fails when it is first written to.
    ///   - wake: Runs a turn, when a request has ended.
    package init(_ descriptor: Int32, isClosed: Bool = false, wake: @escaping () -> Void) {
        self.descriptor = descriptor
        self.wake = wake
        self.isClosed = isClosed
    }

    /// Whether there is room for more; what is appended without room is gathered all the same.
    package var acceptsMore: Bool {
        failure == nil && gathered.count < Self.requestSize
    }

    /// Whether everything was written, or dropped.
    package var isDrained: Bool {
        !isWriting && gathered.isEmpty
    }

    /// Gathers bytes, and begins to write them as soon as no request is under way.
    ///
    /// - Parameter describe: Appends to the bytes it is given.
    package func append(_ describe: (inout [UInt8]) -> Void) {
        guard failure == nil else { return }
        describe(&gathered)
        writeGathered()
    }

    /// Writes pieces of the ring, which are not to be released until ``isDrained``.
    ///
    /// - Parameter pieces: About ``requestSize`` bytes of them; the stream must be drained.
    package func write(_ pieces: InputRing.Pieces) {
        precondition(isDrained, "Pieces wait in the ring, not here.")
        guard failure == nil, pieces.byteCount > 0 else { return }
        guard !isClosed, writeNow(pieces) else { return start(.pieces(pieces)) }
        writtenCount += 1
        // Nobody has looked yet whether that was all.
        wake()
    }

    private func writeGathered() {
        guard !isWriting, !gathered.isEmpty else { return }
        let bytes = gathered
        gathered = []
        start(.bytes(bytes))
    }

    private func start(_ request: Request) {
        guard !isClosed else {
            failure = .badDescriptor
            return
        }
        isWriting = true
        queue.async { [descriptor] in
            let failure = Self.write(request, to: descriptor)
            MainQueue.async { self.didWrite(failure) }
        }
    }

    /// Writes what is small, if a pipe has room for it now: a hop to another thread and back takes
    /// longer than all that came before it.
    ///
    /// A pipe takes up to `PIPE_BUF` bytes whole or not at all, and says so without waiting.
    ///
    /// - Returns: Whether it was written. If not, whoever writes it off the loop finds out why.
    private func writeNow(_ pieces: InputRing.Pieces) -> Bool {
        guard isPipe, pieces.byteCount <= Int(PIPE_BUF) else { return false }
        return unsafe Self.withPieces(pieces.buffers) {
            unsafe Syscalls.writeWithoutWaiting(descriptor, $0) == .count(pieces.byteCount)
        }
    }

    private func didWrite(_ failure: Errno?) {
        isWriting = false
        writtenCount += 1
        if let failure {
            self.failure = failure
            gathered = []
        }
        writeGathered()
        wake()
    }

    /// Gives buffers as the system takes them, without empty ones.
    private nonisolated static func withPieces<Result>(
        _ buffers: [UnsafeRawBufferPointer],
        _ body: (UnsafeBufferPointer<iovec>) -> Result
    ) -> Result {
        let pieces = unsafe buffers.filter { unsafe !$0.isEmpty }.map { buffer in
            unsafe iovec(
                iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress),
                iov_len: buffer.count
            )
        }
        return unsafe pieces.withUnsafeBufferPointer(body)
    }

    /// Writes all of it, however long that takes.
    private nonisolated static func write(_ request: Request, to descriptor: Int32) -> Errno? {
        switch request {
        case .bytes(let bytes):
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe withPieces([bytes]) { unsafe write(Array($0)[...], to: descriptor) }
            }
        case .pieces(let pieces):
            unsafe withPieces(pieces.buffers) { unsafe write(Array($0)[...], to: descriptor) }
        }
    }

    private nonisolated static func write(
        _ all: ArraySlice<iovec>,
        to descriptor: Int32
    ) -> Errno? {
        // `writev` takes 1,024 pieces (`IOV_MAX`).
        let limit = 1024
        var pieces = unsafe all
        while unsafe !pieces.isEmpty {
            let result = unsafe pieces.prefix(limit).withUnsafeBufferPointer { pieces in
                unsafe Syscalls.write(descriptor, pieces)
            }
            switch result {
            case .count(let count):
                unsafe advance(&pieces, by: count)
            case .wouldBlock:
                // Whoever shares the descriptor has set O_NONBLOCK.
                do { try Syscalls.wait(for: POLLOUT, on: descriptor) } catch { return error }
            case .end:
                return Errno(rawValue: EIO)
            case .failed(let error):
                return error
            }
        }
        return nil
    }

    /// Takes written bytes off the front, and empty pieces with them.
    private nonisolated static func advance(_ pieces: inout ArraySlice<iovec>, by count: Int) {
        var rest = count
        while let piece = unsafe pieces.first, unsafe rest >= piece.iov_len {
            unsafe rest -= piece.iov_len
            unsafe pieces.removeFirst()
        }
        guard rest > 0, let base = unsafe pieces.first?.iov_base else { return }
        unsafe pieces[pieces.startIndex].iov_base = base + rest
        unsafe pieces[pieces.startIndex].iov_len -= rest
    }
}
