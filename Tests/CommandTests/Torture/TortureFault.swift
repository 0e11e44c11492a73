import Glibc

/// A fault of the system's, by the call that suffers it, and what a run has to make of it.
struct TortureFault {
    /// What the run may come to.
    enum Consequence: Hashable {
        /// Nothing: whatever would have been delivered is, and the status is the same.
        case none
        /// The input is not read to its end; what was read of it, and every other one, is.
        case input
        /// The copy on standard output ends; the delivery does not.
        case output
        /// Nothing can be said any more; the reading stops, what was read is delivered.
        case errors
        /// The run does not begin.
        case start
        /// The brokers cannot be reached until the deadline.
        case unavailable
    }

    /// The call that suffers, as `SyscallFault` writes it.
    let call: String
    /// The descriptor it suffers on: `0`, `1`, `2` or `other`.
    let descriptor: String
    /// What it suffers: an errno's number, `half` or `byte`.
    let effect: String
    /// How many more calls after the first suffer, as a plan has it: none, `+3`, or all, `+`.
    var more = ""
    /// Another plan, without which this fault cannot be.
    var besides = ""
    let consequences: Set<Consequence>

    /// The plan that has the call suffer for the n-th time it is made.
    func plan(_ number: Int) -> String {
        "\(number)\(more):\(effect):\(call):\(descriptor)" + (besides.isEmpty ? "" : ",\(besides)")
    }

    /// The errno, or `nil` if less than all is moved.
    var error: Int32? { Int32(effect) }

    /// Every fault worth trying; each call with what it can suffer where it is made.
    static let all: [TortureFault] =
        start + opening + input + output + polling + connecting + talking + pairs

    /// Faults that last, so that no broker is ever reached.
    static let lasting: [TortureFault] =
        faults("socket", "other", [EMFILE], [.unavailable], more: "+")
        + faults("connect", "other", [ENETUNREACH], [.unavailable], more: "+")
        + faults("epoll_ctl_add", "other", [ENOMEM], [.unavailable], more: "+")
        + faults("read", "other", [EIO], [.unavailable], more: "+")
        + faults("writev", "other", [EPIPE], [.unavailable], more: "+")

    private static func faults(
        _ call: String,
        _ descriptor: String,
        _ errors: [Int32],
        _ consequences: Set<Consequence>,
        more: String = ""
    ) -> [TortureFault] {
        errors.map {
            TortureFault(
                call: call,
                descriptor: descriptor,
                effect: "\($0)",
                more: more,
                consequences: consequences
            )
        }
    }

    /// A signal that comes first, once and many times.
    private static func interrupted(_ call: String, _ descriptor: String) -> [TortureFault] {
        faults(call, descriptor, [EINTR], [.none])
            + faults(call, descriptor, [EINTR], [.none], more: "+99")
    }

    /// Less than all is moved, once and from then on.
    private static func short(_ call: String, _ descriptor: String) -> [TortureFault] {
        [("half", ""), ("byte", ""), ("half", "+"), ("byte", "+")].map { effect, more in
            TortureFault(
                call: call,
                descriptor: descriptor,
                effect: effect,
                more: more,
                consequences: [.none]
            )
        }
    }

    private static let start =
        faults("epoll_create1", "other", [EMFILE, ENFILE, ENOMEM], [.start])
        + faults("eventfd", "other", [EMFILE, ENFILE, ENOMEM], [.start])
        + faults("epoll_ctl_add_eventfd", "other", [ENOMEM, ENOSPC], [.start])
        + faults("memfd_create", "other", [EMFILE, ENFILE, ENOMEM], [.start])
        + faults("ftruncate", "other", [EIO, ENOSPC], [.start])
        + faults("mmap", "other", [ENOMEM, ENFILE], [.start])
        + faults("open_null", "other", [EMFILE, ENFILE, ENOENT], [.start])
        + ["0", "1", "2"].flatMap { interrupted("fcntl_getfd", $0) }
        + [
            "epoll_create1", "eventfd", "epoll_ctl_add_eventfd", "memfd_create", "ftruncate",
            "open_null",
        ].flatMap { interrupted($0, "other") }

    private static let opening =
        faults("open", "other", [EMFILE, ENFILE, EACCES, EIO, ENOENT], [.input])
        + faults("open", "other", [EMFILE], [.input], more: "+")
        + interrupted("open", "other")
        // Whether it can be read is asked first, and how long it is later, which nobody needs.
        + ["0", "other"].flatMap {
            faults("fstat", $0, [EIO, ENOMEM], [.input, .none]) + interrupted("fstat", $0)
                + faults("lseek", $0, [EIO], [.input]) + interrupted("lseek", $0)
        }
        + faults("fcntl_pipe_sz", "0", [EPERM, EBUSY, ENOMEM], [.none])
        + faults("fcntl_pipe_sz", "0", [EPERM], [.none], more: "+")
        + interrupted("fcntl_pipe_sz", "0")

    private static let files: [TortureFault] = ["0", "other"].flatMap { descriptor in
        var all = faults("pread", descriptor, [EIO, ENOMEM], [.input])
        all += interrupted("pread", descriptor)
        all += short("pread", descriptor)
        // Whether it lies in memory decides how it is read, and nothing else.
        all += faults("fstatfs", descriptor, [EIO, ENOMEM], [.none])
        all += interrupted("fstatfs", descriptor)
        all += faults("preadv2", descriptor, [EAGAIN, EOPNOTSUPP], [.none])
        all += faults("preadv2", descriptor, [EAGAIN], [.none], more: "+9")
        all += interrupted("preadv2", descriptor)
        all += short("preadv2", descriptor)
        return all
    }

    private static let input: [TortureFault] =
        files
        // Of a file it says what is in memory; what is wrong with it another call finds out.
        + faults("preadv2", "0", [EIO, ENOMEM], [.input, .none])
        + faults("preadv2", "other", [EIO, ENOMEM], [.none])
        + faults("preadv2", "0", [EOPNOTSUPP], [.none], more: "+")

    private static let copy: [TortureFault] =
        // Whatever is wrong, the write that may wait finds out.
        faults("pwritev2", "1", [ENOSPC, EIO, EPIPE, EAGAIN, EOPNOTSUPP], [.none])
        + faults("pwritev2", "1", [EAGAIN, EOPNOTSUPP], [.none], more: "+9")
        // Of so little a pipe takes all or nothing.
        + interrupted("pwritev2", "1")

    private static let output: [TortureFault] =
        copy
        + faults("writev", "1", [ENOSPC, EIO, EPIPE], [.output])
        + faults("writev", "1", [ENOSPC], [.output], more: "+")
        + faults("writev", "2", [ENOSPC, EIO, EPIPE], [.errors])
        + faults("writev", "2", [ENOSPC], [.errors], more: "+")
        + ["1", "2"].flatMap { descriptor in
            var all = faults("writev", descriptor, [EAGAIN], [.none])
            all += faults("writev", descriptor, [EAGAIN], [.none], more: "+9")
            all += interrupted("writev", descriptor)
            all += short("writev", descriptor)
            return all
        }

    private static let polling =
        faults("epoll_wait", "other", [ENOMEM], [.none])
        + faults("epoll_wait", "other", [ENOMEM], [.none], more: "+9")
        + interrupted("epoll_wait", "other")
        + ["epoll_ctl_add", "epoll_ctl_mod"].flatMap {
            faults($0, "other", [ENOMEM, ENOSPC], [.none])
                + faults($0, "other", [ENOMEM], [.none], more: "+3")
                + interrupted($0, "other")
        }
        + faults("epoll_ctl_add", "0", [ENOMEM, ENOSPC], [.input])
        + interrupted("epoll_ctl_add", "0") + interrupted("epoll_ctl_del", "0")

    private static let connecting =
        faults("socket", "other", [EMFILE, ENFILE, ENOBUFS, EAFNOSUPPORT], [.none])
        + faults("socket", "other", [EMFILE], [.none], more: "+3")
        + faults("setsockopt", "other", [EINVAL, ENOMEM], [.none])
        + faults(
            "connect",
            "other",
            [ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EADDRNOTAVAIL],
            [.none]
        )
        + faults("connect", "other", [ECONNREFUSED], [.none], more: "+3")
        + faults("getsockopt", "other", [ENOBUFS, ECONNREFUSED], [.none])
        + ["socket", "setsockopt", "connect", "getsockopt"].flatMap { interrupted($0, "other") }

    private static let talking =
        faults("read", "other", [EAGAIN, ECONNRESET, ETIMEDOUT, EIO], [.none])
        + faults("read", "other", [EAGAIN], [.none], more: "+9")
        + faults("writev", "other", [EAGAIN, ECONNRESET, EPIPE, ENOBUFS], [.none])
        + faults("writev", "other", [EAGAIN], [.none], more: "+9")
        + ["read", "writev"].flatMap { interrupted($0, "other") + short($0, "other") }

    /// Two faults, of which the second is of a call that the first alone leads to.
    private static let pairs =
        ["1", "2"].map {
            TortureFault(
                call: "writev",
                descriptor: $0,
                effect: "\(EAGAIN)",
                besides: "1:\(ENOMEM):poll:\($0)",
                consequences: [$0 == "1" ? .output : .errors]
            )
        }
        + [EIO, EAGAIN].map {
            TortureFault(
                call: "read",
                descriptor: "0",
                effect: "\($0)",
                besides: "1+:\(EOPNOTSUPP):preadv2:0",
                consequences: [$0 == EIO ? .input : .none]
            )
        }
        + (short("read", "0") + interrupted("read", "0")).map { fault in
            var fault = fault
            fault.besides = "1+:\(EOPNOTSUPP):preadv2:0"
            return fault
        }
        + [
            // The system takes no more for now, and then cannot say when it does.
            TortureFault(
                call: "writev",
                descriptor: "other",
                effect: "\(EAGAIN)",
                besides: "2:\(ENOMEM):epoll_ctl_mod:other",
                consequences: [.none]
            ),
            TortureFault(
                call: "writev",
                descriptor: "other",
                effect: "\(EAGAIN)",
                besides: "3:\(ENOMEM):epoll_ctl_mod:other",
                consequences: [.none]
            ),
        ]
}
