import Dispatch

/// One input: a FILE, or a descriptor that was inherited.
///
/// What can be waited for is read on the loop when it is readable (``PolledInput``); all else is
/// read off the loop, so that a cold disk never stalls it (``ReadAheadInput``). Back-pressure is
/// the ring: while it is full nothing is read, and nothing is waited for.
///
/// Its contract: once the input before it has settled, call ``read(into:)`` in every turn until
/// ``state`` is `ended` or `failed`. To end it early, call ``stop()`` and go on calling
/// ``read(into:)`` until then, as a read under way still owns a part of the ring.
package final class InputSource {
    /// What to read.
    package nonisolated enum Location: Hashable, Sendable {
        /// A name in the file system, without a NUL.
        case path([UInt8])
        /// A descriptor that is open since before the program was started.
        case inherited(Int32)
        /// A standard input that was closed when the program was started.
        case closed

        /// Standard input as it was when the program was started.
        package static func standardInput(_ descriptors: Descriptors) -> Location {
            let descriptor = Descriptors.standardInput
            return descriptors.wasClosed(descriptor) ? .closed : .inherited(descriptor)
        }
    }

    /// Why an input cannot be read to its end.
    package nonisolated enum Failure: Error, Hashable, Sendable {
        case open(Errno)
        case read(Errno)
    }

    /// What can be said of an input now.
    package nonisolated enum State: Hashable, Sendable {
        /// There is something for ``InputSource/read(into:)`` to do, if the ring has room.
        case ready
        /// It is being opened, or has nothing now.
        case waiting
        /// All of it is in the ring, or it was stopped.
        case ended
        case failed(Failure)
    }

    private enum Stage {
        case opening
        case polled(PolledInput)
        case readAhead(ReadAheadInput)
        case settled(State)
    }

    /// The ring's position of this input's first byte, or `nil` before the first
    /// ``read(into:)``.
    package private(set) var startPosition: UInt64?

    /// The ring's position behind the last byte of a regular file that was read to its end.
    private var regularEnd: UInt64?
    private let poller: Poller
    private let wake: () -> Void
    private let queue = DispatchQueue(label: "kpipe.input")
    private var stage = Stage.opening
    /// What others share and can be left at a position, whatever has become of the reading.
    private var inherited: InputFile?
    private var isStopping = false

    /// Begins to open an input; off the loop, as a path can lead anywhere.
    ///
    /// - Parameters:
    ///   - location: What to read.
    ///   - poller: Who waits for it, and runs a turn when it is readable.
    ///   - wake: Runs a turn, when something happened that the poller does not see.
    package init(_ location: Location, poller: Poller, wake: @escaping () -> Void) {
        self.poller = poller
        self.wake = wake
        queue.async {
            let result = Result { () throws(Errno) in try Self.open(location) }
            let size = (try? result.get())?.size
            MainQueue.async { self.didOpen(result, size: size) }
        }
    }

    /// What can be said of it now.
    package var state: State {
        switch stage {
        case .opening: .waiting
        case .polled(let input): input.isReadable ? .ready : .waiting
        case .readAhead(let input): input.isReady ? .ready : .waiting
        case .settled(let state): state
        }
    }

    /// Whether it has nothing to read right now: a pipe, FIFO, socket or terminal that was looked
    /// at (``Poller/poll()``) after the last read.
    ///
    /// Never so of a file, whose read is under way, nor while a full ring keeps us from looking.
    package var isIdle: Bool {
        switch stage {
        case .polled(let input): input.isIdle
        case .opening, .readAhead, .settled: false
        }
    }

    /// Whether it is being opened or read on another queue.
    package var isOffLoop: Bool {
        switch stage {
        case .opening: true
        case .readAhead(let input): !input.isReady
        case .polled, .settled: false
        }
    }

    /// Takes what has been read or can be read without waiting, and arranges for more.
    ///
    /// - Returns: Whether anything came of it: bytes, the end, or a failure.
    @discardableResult
    package func read(into ring: inout InputRing) -> Bool {
        if startPosition == nil { startPosition = ring.end }
        let result: Transfer?
        switch stage {
        case .opening, .settled:
            return false
        case .polled(let input):
            result = input.read(into: &ring)
        case .readAhead(let input) where isStopping:
            input.discard(from: &ring)
            if !input.ownsPartOfRing { settle(.ended) }
            return !input.ownsPartOfRing
        case .readAhead(let input):
            result = input.read(into: &ring)
        }
        switch result {
        case nil, .wouldBlock: return false
        case .count: return true
        case .end: didEnd()
        case .failed(let error): settle(.failed(.read(error)))
        }
        return true
    }

    /// How many bytes a regular file has from a position of the ring on, or `nil` if that is not
    /// known: for everything else, and for a file that has become shorter.
    package func remainingBytes(from position: UInt64) -> UInt64? {
        if let regularEnd { return regularEnd - min(position, regularEnd) }
        guard case .readAhead(let input) = stage, let size = input.size,
            let offset = offset(of: position, in: input.file), offset <= size
        else { return nil }
        return size - UInt64(offset)
    }

    /// Leaves an inherited seekable input at a position of the ring, for who reads it next.
    ///
    /// It may have been read to its end by then. The bytes read from other inputs are gone; there
    /// this does nothing.
    ///
    /// - Throws: What `lseek` said.
    package func seek(to position: UInt64) throws(Errno) {
        guard let inherited, let offset = offset(of: position, in: inherited) else { return }
        try Syscalls.seek(inherited.descriptor, to: offset)
    }

    /// Reads no more; the input ends where it is as soon as no read is under way.
    package func stop() {
        isStopping = true
        switch stage {
        case .opening, .settled: break
        case .polled: settle(.ended)
        case .readAhead(let input): if !input.ownsPartOfRing { settle(.ended) }
        }
    }

    private nonisolated static func open(_ location: Location) throws(Errno) -> InputFile {
        switch location {
        case .path(let path): try InputFile(path: path)
        case .inherited(let descriptor): try InputFile(inherited: descriptor)
        case .closed: throw .badDescriptor
        }
    }

    private func didOpen(_ result: Result<InputFile, Errno>, size: UInt64?) {
        switch result {
        case .failure(let error): settle(.failed(.open(error)))
        case .success(let file): begin(file, size: size)
        }
        if isStopping { stop() }
        wake()
    }

    /// Chooses how to read.
    private func begin(_ file: InputFile, size: UInt64?) {
        if !file.isOurs { inherited = file }
        let readAhead = ReadAheadInput(file, size: size, queue: queue, wake: wake)
        guard file.kind == .stream else {
            stage = .readAhead(readAhead)
            return
        }
        do {
            stage = .polled(try PolledInput(file, poller: poller))
        } catch .notPermitted {
            stage = .readAhead(readAhead)
        } catch {
            file.close()
            settle(.failed(.open(error)))
        }
    }

    /// Leaves what others share where the reads have come to, as `read(2)` would have.
    private func didEnd() {
        if case .readAhead(let input) = stage, !input.file.isOurs,
            case .seekable = input.file.kind
        {
            do {
                try Syscalls.seek(input.file.descriptor, to: input.offset)
            } catch {
                return settle(.failed(.read(error)))
            }
        }
        settle(.ended)
    }

    private func settle(_ state: State) {
        switch stage {
        case .opening, .settled:
            break
        case .polled(let input):
            input.stop()
            input.file.close()
        case .readAhead(let input):
            precondition(!input.ownsPartOfRing, "A request under way needs the descriptor.")
            if input.size != nil, case .seekable(let start) = input.file.kind, let startPosition {
                regularEnd = startPosition + UInt64(max(0, input.offset - start))
            }
            input.file.close()
        }
        stage = .settled(state)
    }

    private func offset(of position: UInt64, in file: InputFile) -> Int64? {
        guard case .seekable(let start) = file.kind, let startPosition else { return nil }
        return start + Int64(position - startPosition)
    }
}
