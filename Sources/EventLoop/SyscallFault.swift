#if DEBUG
import Glibc
import Synchronization

/// Makes chosen system calls of the process fail or fall short, so that a test can try every one.
///
/// `SYSCALL_FAULT=PLAN[,PLAN]...` in the environment says which, by what ``Syscalls`` makes. A plan
/// is `N[+[MORE]]:EFFECT[:CALL[:DESCRIPTOR]]`:
///
/// | part | is |
/// |---|---|
/// | `N` | the first call meant, counted from 1; `N+3`: so many more; `N+`: all that follow |
/// | `EFFECT` | an errno: the call is not made; or `half`, `byte`: so little of it is moved |
/// | `CALL` | a ``SystemCall``'s name; every call, if it is left out |
/// | `DESCRIPTOR` | the number it is called with, or `other`: none of the standard three |
///
/// `SYSCALL_FAULT=17:5` gives the 17th call `EIO`, `1+:28:writev:1` a disk that is full to standard
/// output. With `SYSCALL_TRACE=FILE` each call is written to FILE as `CALL DESCRIPTOR [EFFECT]`,
/// each descriptor that is open at the first call as `had DESCRIPTOR WHAT`, and each that is at the
/// exit as `open DESCRIPTOR WHAT`. Release builds do not
/// contain this file's code.
package nonisolated enum SyscallFault {
    /// What becomes of a call.
    enum Effect {
        case failure(Errno)
        case portion(TransferPortion)
    }

    private struct Plan {
        var range: ClosedRange<Int>
        var effect: Effect
        var text: String
        var call: String?
        var descriptor: String?
        var count = 0

        /// Counts a call that is meant; whether it is to suffer.
        mutating func strikes(_ name: SystemCall, _ number: Int32) -> Bool {
            if let call, call != name.rawValue { return false }
            switch descriptor {
            case nil: break
            case "other": guard number > 2 || number < 0 else { return false }
            case let wanted?: guard wanted == "\(number)" else { return false }
            }
            count += 1
            return range.contains(count)
        }
    }

    private static let plans = Mutex<[Plan]>(
        variable("SYSCALL_FAULT")?.split(separator: ",").compactMap { plan($0) } ?? []
    )

    /// Where calls are written, far from the numbers that a program gets; or `nil`.
    private static let trace: Int32? = {
        guard let path = variable("SYSCALL_TRACE") else { return nil }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 500)
        guard moved >= 0 else { return nil }
        traceDescriptors(as: "had", to: moved, besides: descriptor)
        atexit {
            if let trace = SyscallFault.trace {
                SyscallFault.traceDescriptors(as: "open", to: trace, besides: trace)
            }
        }
        return moved
    }()

    /// Counts a call; what becomes of it if it is one to suffer, else `nil`.
    static func next(_ name: SystemCall, on descriptor: Int32) -> Effect? {
        let before = errno
        defer { errno = before }
        return plans.withLock { plans in
            var effect: Effect?
            var words = "\(name.rawValue) \(descriptor)"
            for index in plans.indices where plans[index].strikes(name, descriptor) {
                guard effect == nil else { continue }
                effect = plans[index].effect
                words += " \(plans[index].text)"
            }
            if let trace { say(words, to: trace) }
            return effect
        }
    }

    private static func plan(_ text: Substring) -> Plan? {
        let parts = text.split(separator: ":")
        guard parts.count >= 2 else { return nil }
        let numbers = parts[0].split(separator: "+", omittingEmptySubsequences: false)
        guard let first = Int(numbers[0]), first > 0 else { return nil }
        let last = numbers.count == 1 ? first : Int(numbers[1]).map { first + $0 } ?? .max
        let effect: Effect
        if let code = Int32(parts[1]) {
            effect = .failure(Errno(rawValue: code))
        } else if let portion = TransferPortion(rawValue: String(parts[1])) {
            effect = .portion(portion)
        } else {
            return nil
        }
        return Plan(
            range: first...last,
            effect: effect,
            text: String(parts[1]),
            call: parts.count > 2 ? String(parts[2]) : nil,
            descriptor: parts.count > 3 ? String(parts[3]) : nil
        )
    }

    /// Writes what is open, one descriptor and the trace itself left out.
    private static func traceDescriptors(as word: String, to trace: Int32, besides left: Int32) {
        var target = [UInt8](repeating: 0, count: 256)
        for number in 0..<trace where number != left {
            let count = unsafe target.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress else { return -1 }
                return unsafe readlink("/proc/self/fd/\(number)", start, bytes.count)
            }
            guard count >= 0 else { continue }
            let what = String(decoding: target[..<count], as: UTF8.self)
            say("\(word) \(number) \(what)", to: trace)
        }
    }

    private static func say(_ words: String, to descriptor: Int32) {
        let line = Array("\(words)\n".utf8)
        _ = unsafe Glibc.write(descriptor, line, line.count)
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
#endif
