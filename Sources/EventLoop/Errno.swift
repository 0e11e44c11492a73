import CLinux
import Glibc

/// Why a system call failed.
package nonisolated struct Errno: Error, Hashable, Sendable, RawRepresentable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The constant's name (`EISDIR`), or `errno 999` for a value that has none.
    package var name: String {
        guard let name = unsafe linux_errno_name(rawValue) else { return "errno \(rawValue)" }
        return unsafe String(cString: name)
    }

    /// The system's English sentence for it (`Is a directory`), or its name.
    package var text: String {
        guard let text = unsafe linux_errno_text(rawValue) else { return name }
        return unsafe String(cString: text)
    }

    /// It is not open.
    package static let badDescriptor = Errno(rawValue: EBADF)
    /// Nobody reads the other end.
    package static let brokenPipe = Errno(rawValue: EPIPE)
    /// A signal came first.
    package static let interrupted = Errno(rawValue: EINTR)
    /// It is a directory.
    package static let isDirectory = Errno(rawValue: EISDIR)
    /// The call cannot be meant.
    package static let invalidArgument = Errno(rawValue: EINVAL)
    /// There is no such file.
    package static let noSuchFile = Errno(rawValue: ENOENT)
    /// The system refuses it.
    package static let notPermitted = Errno(rawValue: EPERM)
    /// There is nothing now.
    package static let wouldBlock = Errno(rawValue: EAGAIN)
}
