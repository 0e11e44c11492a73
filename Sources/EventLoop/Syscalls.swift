package import CLinux
package import Glibc

/// Every system call that this program makes on its own, and no decision.
///
/// Each reads `errno` before anything else can change it, and calls again when a signal
/// interrupted it. None is inlined, so that the address of the thread's `errno` is never kept over
/// a change of threads. ``SyscallFault`` can make any of them fail.
package nonisolated enum Syscalls {
    // MARK: Files

    /// Opens a file for reading, without waiting for a FIFO's writer or a terminal's line.
    @inline(never)
    package static func openForReading(_ path: [UInt8]) throws(Errno) -> Int32 {
        let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        let terminated = path.map { CChar(bitPattern: $0) } + [0]
        return Int32(try call(.open) { unsafe Int(open(terminated, flags)) })
    }

    /// Opens `/dev/null` for reading and writing, as the lowest free descriptor.
    @inline(never)
    package static func openNull() throws(Errno) -> Int32 {
        Int32(try call(.openNull) { unsafe Int(open("/dev/null", O_RDWR)) })
    }

    /// Closes a descriptor.
    ///
    /// Its errors are not reported: the descriptor is gone whatever `close` says, and nothing here
    /// writes to what reports a lost write at the end.
    @inline(never)
    package static func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }

    /// Whether this descriptor number is open.
    @inline(never)
    package static func isOpen(_ descriptor: Int32) -> Bool {
        (try? call(.isOpen, descriptor) { Int(fcntl(descriptor, F_GETFD)) }) != nil
    }

    /// What `fstat` says.
    @inline(never)
    package static func status(of descriptor: Int32) throws(Errno) -> stat {
        var status = stat()
        _ = try call(.fstat, descriptor) { unsafe Int(fstat(descriptor, &status)) }
        return status
    }

    /// Where a seekable descriptor stands.
    @inline(never)
    package static func offset(of descriptor: Int32) throws(Errno) -> Int64 {
        Int64(try call(.lseek, descriptor) { lseek(descriptor, 0, Int32(SEEK_CUR)) })
    }

    /// Moves a seekable descriptor, for whoever shares it too.
    @inline(never)
    package static func seek(_ descriptor: Int32, to offset: Int64) throws(Errno) {
        _ = try call(.lseek, descriptor) { lseek(descriptor, Int(offset), Int32(SEEK_SET)) }
    }

    /// Whether a file lies in a file system in memory.
    @inline(never)
    package static func isInMemory(_ descriptor: Int32) throws(Errno) -> Bool {
        try call(.fstatfs, descriptor) { Int(linux_is_in_memory(descriptor)) } == 1
    }

    /// The capacity of a pipe, in bytes.
    @inline(never)
    package static func pipeSize(_ descriptor: Int32) throws(Errno) -> Int {
        try call(.pipeSize, descriptor) { Int(linux_pipe_size(descriptor)) }
    }

    /// Changes the capacity of a pipe.
    @inline(never)
    package static func setPipeSize(_ descriptor: Int32, to size: Int32) throws(Errno) {
        _ = try call(.pipeSize, descriptor) { Int(linux_set_pipe_size(descriptor, size)) }
    }

    // MARK: Bytes

    /// Reads, waiting if it must.
    @inline(never)
    package static func read(
        _ descriptor: Int32,
        into bytes: UnsafeMutableRawBufferPointer
    ) -> Transfer {
        transfer(.read, descriptor) { portion in
            unsafe Glibc.read(descriptor, bytes.baseAddress, portion.of(bytes.count))
        }
    }

    /// Reads at an offset, waiting if it must, and leaves the descriptor's own offset alone.
    @inline(never)
    package static func read(
        _ descriptor: Int32,
        at offset: Int64,
        into bytes: UnsafeMutableRawBufferPointer
    ) -> Transfer {
        transfer(.pread, descriptor) { portion in
            unsafe pread(descriptor, bytes.baseAddress, portion.of(bytes.count), Int(offset))
        }
    }

    /// Reads without waiting, whatever the descriptor's flags.
    ///
    /// ``Transfer/failed(_:)`` with `EOPNOTSUPP` where this kind of file cannot promise it.
    @inline(never)
    package static func readWithoutWaiting(
        _ descriptor: Int32,
        into bytes: UnsafeMutableRawBufferPointer
    ) -> Transfer {
        transfer(.preadv2, descriptor) { portion in
            unsafe linux_read_nowait(descriptor, bytes.baseAddress, portion.of(bytes.count))
        }
    }

    /// Reads at an offset without waiting for a disk.
    ///
    /// ``Transfer/wouldBlock`` where it is not in memory; ``Transfer/failed(_:)`` with `EOPNOTSUPP`
    /// where the file system cannot promise it.
    @inline(never)
    package static func readWithoutWaiting(
        _ descriptor: Int32,
        at offset: Int64,
        into bytes: UnsafeMutableRawBufferPointer
    ) -> Transfer {
        transfer(.preadv2, descriptor) { portion in
            let count = portion.of(bytes.count)
            return unsafe linux_read_nowait_at(descriptor, bytes.baseAddress, count, Int(offset))
        }
    }

    /// Writes without waiting, whatever the descriptor's flags.
    ///
    /// ``Transfer/failed(_:)`` with `EOPNOTSUPP` where this kind of file cannot promise it.
    @inline(never)
    package static func writeWithoutWaiting(
        _ descriptor: Int32,
        _ pieces: UnsafeBufferPointer<iovec>
    ) -> Transfer {
        transfer(.pwritev2, descriptor) { _ in
            unsafe linux_write_nowait(descriptor, pieces.baseAddress, Int32(pieces.count))
        }
    }

    /// Writes pieces one after another, waiting if it must; a short write is a count like another.
    @inline(never)
    package static func write(
        _ descriptor: Int32,
        _ pieces: UnsafeBufferPointer<iovec>
    ) -> Transfer {
        transfer(.writev, descriptor) { portion in
            if portion != .all, let piece = unsafe pieces.first(where: { unsafe $0.iov_len > 0 }) {
                return unsafe Glibc.write(descriptor, piece.iov_base, portion.of(piece.iov_len))
            }
            return unsafe writev(descriptor, pieces.baseAddress, Int32(pieces.count))
        }
    }

    /// Waits, for as long as it takes, until a descriptor can be read (`POLLIN`) or written
    /// (`POLLOUT`), or has failed.
    @inline(never)
    package static func wait(for events: Int32, on descriptor: Int32) throws(Errno) {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        _ = try call(.poll, descriptor) { unsafe Int(poll(&entry, 1, -1)) }
    }

    // MARK: epoll

    /// A new epoll descriptor, closed on exec.
    @inline(never)
    package static func makePoll() throws(Errno) -> Int32 {
        Int32(try call(.epollCreate) { Int(epoll_create1(Int32(EPOLL_CLOEXEC))) })
    }

    /// Adds (`EPOLL_CTL_ADD`), changes (`_MOD`) or takes out (`_DEL`) a descriptor.
    @inline(never)
    package static func controlPoll(
        _ poll: Int32,
        _ operation: Int32,
        _ descriptor: Int32,
        events: UInt32,
        token: UInt64
    ) throws(Errno) {
        let name: SystemCall =
            switch operation {
            case EPOLL_CTL_ADD: .epollAdd
            case EPOLL_CTL_DEL: .epollDelete
            default: .epollModify
            }
        _ = try call(name, descriptor) {
            Int(linux_poll_control(poll, operation, descriptor, events, token))
        }
    }

    /// What ends a wait (``takeReady(_:into:waiting:)``) when another thread rings it.
    @inline(never)
    package static func makeBell() throws(Errno) -> Int32 {
        Int32(try call(.makeBell) { Int(linux_event_descriptor()) })
    }

    /// Adds a bell, which is ready once each time it is rung.
    @inline(never)
    package static func addBell(
        _ bell: Int32,
        to poll: Int32,
        token: UInt64
    ) throws(Errno) {
        let events = EPOLLIN.rawValue | EPOLLET.rawValue
        _ = try call(.epollAddBell, bell) {
            Int(linux_poll_control(poll, EPOLL_CTL_ADD, bell, events, token))
        }
    }

    /// Rings a bell, from any thread.
    @inline(never)
    package static func ring(_ bell: Int32) {
        linux_ring(bell)
    }

    /// What is ready now, at most `events.count`; waits for it no longer than so many milliseconds,
    /// -1 for as long as it takes, and not beyond the next signal.
    @inline(never)
    package static func takeReady(
        _ poll: Int32,
        into events: inout [linux_poll_event],
        waiting milliseconds: Int32 = 0
    ) throws(Errno) -> Int {
        let capacity = Int32(events.count)
        return try call(.epollWait, poll) {
            unsafe Int(linux_poll_take(poll, &events, capacity, milliseconds))
        }
    }

    // MARK: Sockets

    /// A new stream socket of this family, non-blocking and closed on exec.
    @inline(never)
    package static func makeStreamSocket(family: Int32) throws(Errno) -> Int32 {
        Int32(try call(.socket) { Int(linux_stream_socket(family)) })
    }

    /// Begins to connect a non-blocking socket; when it is writable, ``pendingError(of:)`` says
    /// what came of it.
    @inline(never)
    package static func connect(_ descriptor: Int32, to address: [UInt8]) throws(Errno) {
        do {
            _ = try call(.connect, descriptor) {
                unsafe address.withUnsafeBytes { bytes in
                    let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                    return unsafe Int(Glibc.connect(descriptor, start, socklen_t(bytes.count)))
                }
            }
        } catch {
            // EALREADY: a signal interrupted the first call, and the attempt goes on.
            guard error.rawValue == EINPROGRESS || error.rawValue == EALREADY else { throw error }
        }
    }

    /// Takes the error a socket holds for us, `nil` if there is none.
    @inline(never)
    package static func pendingError(of descriptor: Int32) throws(Errno) -> Errno? {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        _ = try call(.getsockopt, descriptor) {
            unsafe Int(getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size))
        }
        return code == 0 ? nil : Errno(rawValue: code)
    }

    /// Sends segments at once rather than wait for the acknowledgement of earlier ones.
    @inline(never)
    package static func setNoDelay(_ descriptor: Int32) throws(Errno) {
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        _ = try call(.setsockopt, descriptor) {
            unsafe Int(setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size))
        }
    }

    // MARK: Memory

    /// An anonymous file in memory of this size.
    @inline(never)
    package static func makeMemoryFile(size: Int) throws(Errno) -> Int32 {
        let descriptor = Int32(try call(.memfdCreate) { unsafe Int(linux_memfd_create("kpipe")) })
        do {
            _ = try call(.ftruncate, descriptor) { Int(ftruncate(descriptor, size)) }
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Address space with nothing in it.
    @inline(never)
    package static func reserveAddresses(size: Int) throws(Errno) -> UnsafeMutableRawPointer {
        unsafe try map(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1)
    }

    /// Maps a file, from its front, over reserved addresses.
    @inline(never)
    package static func map(
        _ descriptor: Int32,
        size: Int,
        at address: UnsafeMutableRawPointer
    ) throws(Errno) {
        let protection = PROT_READ | PROT_WRITE
        _ = unsafe try map(address, size, protection, MAP_SHARED | MAP_FIXED, descriptor)
    }

    /// Gives addresses back.
    @inline(never)
    package static func unmap(_ address: UnsafeMutableRawPointer, size: Int) {
        _ = unsafe munmap(address, size)
    }

    private static func map(
        _ address: UnsafeMutableRawPointer?,
        _ size: Int,
        _ protection: Int32,
        _ flags: Int32,
        _ descriptor: Int32
    ) throws(Errno) -> UnsafeMutableRawPointer {
        var mapped: UnsafeMutableRawPointer?
        _ = try call(.mmap, descriptor) {
            unsafe mapped = mmap(address, size, protection, flags, descriptor, 0)
            return unsafe mapped == MAP_FAILED ? -1 : 0
        }
        guard let mapped = unsafe mapped else { throw .invalidArgument }
        return unsafe mapped
    }

    // MARK: How every call is made

    /// Makes a call until no signal interrupts it.
    @inline(__always)
    private static func call(
        _ name: SystemCall,
        _ descriptor: Int32 = -1,
        _ body: () -> Int
    ) throws(Errno) -> Int {
        try call(name, descriptor) { (_: TransferPortion) in body() }
    }

    /// Makes a call, which is told how much to move, until no signal interrupts it.
    @inline(__always)
    private static func call(
        _ name: SystemCall,
        _ descriptor: Int32,
        _ body: (TransferPortion) -> Int
    ) throws(Errno) -> Int {
        while true {
            var portion = TransferPortion.all
            #if DEBUG
            switch SyscallFault.next(name, on: descriptor) {
            case nil: break
            case .failure(.interrupted): continue
            case .failure(let error): throw error
            case .portion(let part): portion = part
            }
            #endif
            let result = body(portion)
            if result >= 0 { return result }
            let error = Errno(rawValue: errno)
            if error != .interrupted { throw error }
        }
    }

    /// Makes a call that moves bytes.
    @inline(__always)
    private static func transfer(
        _ name: SystemCall,
        _ descriptor: Int32,
        _ body: (TransferPortion) -> Int
    ) -> Transfer {
        do {
            let count = try call(name, descriptor, body)
            return count == 0 ? .end : .count(count)
        } catch {
            return error == .wouldBlock ? .wouldBlock : .failed(error)
        }
    }
}
