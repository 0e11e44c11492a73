import Glibc

/// An input that is open, and what kind of file it turned out to be.
///
/// Its calls may wait, for a disk if for nothing else, so they are made off the loop; only those
/// called `readNow` are made on it.
nonisolated struct InputFile: Sendable {
    enum Kind: Hashable, Sendable {
        /// A regular file or a block device, read from this offset on.
        ///
        /// Its reads name their offsets, so that reading ahead does not move a descriptor that
        /// others share.
        case seekable(start: Int64)
        /// Anything else: the next bytes are the ones that come.
        case stream
    }

    let descriptor: Int32
    let kind: Kind

    /// Whether we opened it; an inherited descriptor is never closed and its flags never change.
    let isOurs: Bool

    /// Whether it is a regular file that lies in memory (`/dev/shm`): its reads never wait, though
    /// the file system does not promise it to who asks.
    private let isInMemory: Bool

    /// Opens what has a name.
    ///
    /// - Throws: What the system said; `EISDIR` for a directory.
    init(path: [UInt8]) throws(Errno) {
        let descriptor = try Syscalls.openForReading(path)
        do {
            try self.init(descriptor, isOurs: true)
        } catch {
            Syscalls.close(descriptor)
            throw error
        }
    }

    /// Looks at what was inherited.
    ///
    /// - Throws: What the system said: `EBADF` if it is not open, `EISDIR` for a directory.
    init(inherited descriptor: Int32) throws(Errno) {
        try self.init(descriptor, isOurs: false)
    }

    private init(_ descriptor: Int32, isOurs: Bool) throws(Errno) {
        self.descriptor = descriptor
        self.isOurs = isOurs
        let type = try Syscalls.status(of: descriptor).st_mode & S_IFMT
        isInMemory = type == S_IFREG && (try? Syscalls.isInMemory(descriptor)) ?? false
        switch type {
        case S_IFDIR:
            throw .isDirectory
        case S_IFREG, S_IFBLK:
            kind = .seekable(start: try Syscalls.offset(of: descriptor))
        case S_IFIFO:
            kind = .stream
            Self.enlarge(descriptor)
        default:
            kind = .stream
        }
    }

    /// How many bytes a regular file has now, or `nil` for everything else and for the files of
    /// `/proc`, which say 0 whatever they hold.
    var size: UInt64? {
        guard let status = try? Syscalls.status(of: descriptor),
            status.st_mode & S_IFMT == S_IFREG, status.st_size > 0
        else { return nil }
        return UInt64(status.st_size)
    }

    /// Reads, waiting if it must.
    ///
    /// - Parameters:
    ///   - offset: Where a seekable input is read; others are read where they are.
    ///   - window: What to fill, from its front.
    /// - Returns: What came of it, never ``Transfer/wouldBlock``.
    func read(at offset: Int64, into window: InputRing.Window) -> Transfer {
        let bytes = unsafe window.bytes
        while true {
            let result =
                switch kind {
                case .seekable: unsafe Syscalls.read(descriptor, at: offset, into: bytes)
                case .stream: unsafe Syscalls.read(descriptor, into: bytes)
                }
            guard result == .wouldBlock else { return result }
            // Somebody else has set O_NONBLOCK on what epoll refuses to watch.
            do { try Syscalls.wait(for: POLLIN, on: descriptor) } catch { return .failed(error) }
        }
    }

    /// Reads what a seekable input has in memory, from an offset on.
    ///
    /// - Returns: What came of it; ``Transfer/wouldBlock`` or a failure where only a read that may
    ///   wait can tell.
    func readNow(at offset: Int64, into window: InputRing.Window) -> Transfer {
        let bytes = unsafe window.bytes
        return unsafe isInMemory
            ? Syscalls.read(descriptor, at: offset, into: bytes)
            : Syscalls.readWithoutWaiting(descriptor, at: offset, into: bytes)
    }

    /// Reads what a stream has now, when it was said to be readable.
    ///
    /// Without waiting where the system can promise it, so that another reader of the same pipe
    /// cannot make us wait; a terminal cannot, but its readiness stands for one read.
    func readNow(into window: InputRing.Window) -> Transfer {
        let bytes = unsafe window.bytes
        let result = unsafe Syscalls.readWithoutWaiting(descriptor, into: bytes)
        guard result == .failed(Errno(rawValue: EOPNOTSUPP)) else { return result }
        return unsafe Syscalls.read(descriptor, into: bytes)
    }

    /// Closes it, if it is ours.
    func close() {
        if isOurs { Syscalls.close(descriptor) }
    }

    /// Asks for a pipe of 256 KiB, which is worth a factor of 2 to 3 in throughput, and is content
    /// with what there is.
    ///
    /// One of 1 MiB costs 7 % more processor time: what is in it leaves the processor's cache.
    private static func enlarge(_ descriptor: Int32) {
        let wanted: Int32 = 262_144
        guard let size = try? Syscalls.pipeSize(descriptor), size < wanted else { return }
        try? Syscalls.setPipeSize(descriptor, to: wanted)
    }
}
