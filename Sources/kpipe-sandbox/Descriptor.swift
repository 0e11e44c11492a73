import Glibc

/// A file descriptor that this process opened, or one of the three it was given.
///
/// All system calls of the sandbox are here. Each pointer that is handed to one of them is to
/// memory that lives through the call and whose size goes with it.
@safe
struct Descriptor: Hashable {
    /// What a read or a write came to.
    enum Transfer {
        /// So many bytes; of a read, zero is the end.
        case bytes(Int)
        /// Nothing can be done now.
        case blocked
        /// The connection is broken.
        case failed
    }

    /// Why a listener could not be made.
    struct Failure: Error {
        /// What was tried.
        var call: String
        /// The system's reason.
        var reason: String

        /// Takes the reason from `errno`.
        init(_ call: String) {
            self.call = call
            reason = unsafe String(cString: strerror(errno))
        }
    }

    static let input = Self(number: 0)
    static let output = Self(number: 1)
    static let error = Self(number: 2)

    let number: Int32

    /// Opens what a careless parent left closed of the three, so that no socket gets its number.
    static func reserveStandardThree() {
        var number: Int32 = 0
        while number <= 2 {
            number = unsafe open("/dev/null", O_RDWR)
            if number < 0 { return }
        }
        _ = Glibc.close(number)
    }

    /// Closes it.
    func close() { _ = Glibc.close(number) }

    /// Reads into a part of a buffer.
    func read(into buffer: inout [UInt8], at range: Range<Int>) -> Transfer {
        precondition(range.upperBound <= buffer.count, "The range lies in the buffer.")
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe Glibc.read(
                number,
                bytes.baseAddress?.advanced(by: range.lowerBound),
                range.count
            )
        }
        return transfer(count)
    }

    /// Writes what a buffer holds from a position on.
    func write(_ buffer: [UInt8], from position: Int) -> Transfer {
        precondition(position <= buffer.count, "The position lies in the buffer.")
        let count = unsafe buffer.withUnsafeBytes { bytes in
            unsafe Glibc.write(
                number,
                bytes.baseAddress?.advanced(by: position),
                bytes.count - position
            )
        }
        return transfer(count)
    }

    /// Writes all of a text, however long the reader takes; what cannot be written is lost.
    func writeAll(_ text: some StringProtocol) {
        let buffer = Array(text.utf8)
        var position = 0
        while position < buffer.count {
            guard case .bytes(let count) = write(buffer, from: position) else { return }
            position += count
        }
    }

    private func transfer(_ count: Int) -> Transfer {
        if count >= 0 { return .bytes(count) }
        return errno == EAGAIN || errno == EINTR ? .blocked : .failed
    }

    /// Listens on a port of the loopback address; 0 stands for any that is free.
    static func listen(port: UInt16) throws(Failure) -> Self {
        let descriptor = Self(number: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        guard descriptor.number >= 0 else { throw Failure("socket") }
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe setsockopt(descriptor.number, SOL_SOCKET, SO_REUSEADDR, &one, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(
                    descriptor.number,
                    generic,
                    socklen_t(MemoryLayout<sockaddr_in>.size)
                )
            }
        }
        guard bound == 0, Glibc.listen(descriptor.number, 128) == 0 else {
            let failure = Failure("listening on port \(port)")
            descriptor.close()
            throw failure
        }
        descriptor.doNotBlock()
        return descriptor
    }

    /// The port that it listens on.
    var port: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe getsockname(number, generic, &size)
            }
        }
        precondition(result == 0, "A listener has a name.")
        return UInt16(bigEndian: address.sin_port)
    }

    /// Takes a connection that waits at a listener, or returns `nil` if none does.
    func accept() -> Self? {
        let number = Glibc.accept(number, nil, nil)
        guard number >= 0 else { return nil }
        let descriptor = Self(number: number)
        descriptor.doNotBlock()
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &one, size)
        return descriptor
    }

    /// Lets closing it reset the connection, and lose what was not sent.
    func resetOnClose() {
        var now = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &now, size)
    }

    private func doNotBlock() {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }

    /// The two ends of a new pipe: what is written to the second is read from the first.
    static func pipe() throws(Failure) -> (readEnd: Self, writeEnd: Self) {
        var numbers: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&numbers) == 0 else { throw Failure("pipe") }
        return (Self(number: numbers[0]), Self(number: numbers[1]))
    }

    /// Waits until one of the descriptors is ready, or a time has passed.
    ///
    /// - Parameters:
    ///   - interests: What is waited for, as `poll` has it; its answers are written into it.
    ///   - timeout: How long to wait, in milliseconds; -1 stands for as long as it takes.
    static func poll(_ interests: inout [pollfd], timeout: Int32) {
        let count = nfds_t(interests.count)
        if unsafe Glibc.poll(&interests, count, timeout) < 0 {
            for index in interests.indices { interests[index].revents = 0 }
        }
    }

    /// The monotonic clock, in nanoseconds.
    static var monotonicNanoseconds: UInt64 { nanoseconds(of: CLOCK_MONOTONIC) }

    /// The wall clock, in milliseconds since 1970.
    static var wallMilliseconds: Int64 { Int64(nanoseconds(of: CLOCK_REALTIME) / 1_000_000) }

    private static func nanoseconds(of clock: clockid_t) -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
