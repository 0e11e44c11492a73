import Glibc
import Synchronization

/// Descriptors that tests share with the programs they run.
enum Descriptors {
    private static let lock = Mutex(())

    /// Does what must not happen in two tests at once: a program that is started must not inherit
    /// a descriptor that another test has just made.
    static func guarded<Result>(_ body: () throws -> Result) rethrows -> Result {
        try lock.withLock { _ in try body() }
    }

    /// A pipe that no program inherits unasked: one that did would keep it open.
    static func pipe() -> (read: Int32, write: Int32) {
        guarded {
            var ends: [Int32] = [-1, -1]
            precondition(Glibc.pipe(&ends) == 0, "no pipe: \(errno)")
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return (ends[0], ends[1])
        }
    }

    /// Opens the file of a path.
    static func open(_ path: String, _ flags: Int32) -> Int32 {
        guarded {
            let descriptor = Glibc.open(path, flags)
            precondition(descriptor >= 0, "\(path): \(errno)")
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return descriptor
        }
    }

    /// A terminal: what is typed into one end is read at the other.
    static func terminal() -> (typed: Int32, read: Int32) {
        let typed = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // TIOCSPTLCK and TIOCGPTN, which are macros that Swift does not see.
        var locked: Int32 = 0
        precondition(ioctl(typed, 0x4004_5431, &locked) == 0)
        var number: Int32 = 0
        precondition(ioctl(typed, 0x8004_5430, &number) == 0)
        return (typed, open("/dev/pts/\(number)", O_RDWR | O_NOCTTY))
    }

    /// Whether reads and writes of it, by whoever shares it, do not wait.
    static func isNonBlocking(_ descriptor: Int32) -> Bool {
        fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0
    }

    /// Writes all of the text.
    static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// Reads at most so many bytes, and waits for the first; none at the end.
    static func read(_ descriptor: Int32, count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = Glibc.read(descriptor, &bytes, count)
        return Array(bytes[..<max(got, 0)])
    }

    /// Reads up to the end.
    static func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count <= 0 { return bytes }
            bytes += chunk[..<count]
        }
    }
}
