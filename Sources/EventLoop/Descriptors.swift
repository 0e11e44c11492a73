/// Which of standard input, output and error were closed when the program was started.
///
/// A closed one would be given to the next file or socket we open, and what is meant for a reader
/// of standard output would go there. So `/dev/null` takes its place, and whoever wants to use it
/// asks here first.
package nonisolated struct Descriptors: Sendable {
    /// Where records are read by default.
    package static let standardInput: Int32 = 0
    /// Where `-T` writes.
    package static let standardOutput: Int32 = 1
    /// Where failures are named.
    package static let standardError: Int32 = 2

    private let closed: [Int32]

    /// Occupies the closed ones; to be called before anything is opened.
    ///
    /// - Throws: What the system said of `/dev/null`.
    package init() throws(Errno) {
        closed = (Self.standardInput...Self.standardError).filter { !Syscalls.isOpen($0) }
        for _ in closed {
            // Each takes the lowest free number, so these are the closed ones.
            _ = try Syscalls.openNull()
        }
    }

    /// Whether one of the three was closed.
    package func wasClosed(_ descriptor: Int32) -> Bool {
        closed.contains(descriptor)
    }
}
