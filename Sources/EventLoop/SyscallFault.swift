#if DEBUG
import Glibc
import Synchronization

/// Makes one system call of the process fail, so that a test can try every one of them.
///
/// A run with `KPIPE_FAULT=N:ERRNO` in its environment (`KPIPE_FAULT=17:5`) gets that errno from
/// its N-th call through ``Syscalls``, counted from 1; the call itself is not made. A test runs
/// the command with N = 1, 2, 3, ... until a run ends as it does without a fault. Release builds
/// do not contain this file's code.
package nonisolated enum SyscallFault {
    private struct Plan {
        var call: Int
        var error: Errno
    }

    private static let plan: Plan? = {
        guard let text = unsafe getenv("KPIPE_FAULT") else { return nil }
        let parts = unsafe String(cString: text).split(separator: ":")
        guard parts.count == 2, let call = Int(parts[0]), let code = Int32(parts[1]) else {
            return nil
        }
        return Plan(call: call, error: Errno(rawValue: code))
    }()

    private static let callCount = Atomic<Int>(0)

    /// Counts a call; its error if it is the one to fail, else `nil`.
    static func next() -> Errno? {
        guard let plan else { return nil }
        let call = callCount.wrappingAdd(1, ordering: .relaxed).newValue
        return call == plan.call ? plan.error : nil
    }
}
#endif
