/// A call that ``Syscalls`` makes, by the system's name for it, and what it is made for.
nonisolated enum SystemCall: String {
    case open, fstat, fstatfs, lseek, ftruncate, mmap
    case openNull = "open_null"
    case isOpen = "fcntl_getfd"
    case pipeSize = "fcntl_pipe_sz"
    case read, pread, preadv2, writev, pwritev2, poll
    case socket, connect, getsockopt, setsockopt
    case memfdCreate = "memfd_create"
    case epollCreate = "epoll_create1"
    case epollAdd = "epoll_ctl_add"
    case epollModify = "epoll_ctl_mod"
    case epollDelete = "epoll_ctl_del"
    case epollWait = "epoll_wait"
    case makeBell = "eventfd"
    case epollAddBell = "epoll_ctl_add_eventfd"
}

/// How much of what a call could move it is given; less than all in tests alone.
nonisolated enum TransferPortion: String {
    case all, half, byte

    /// So many bytes of this many, at least one unless there is none.
    func of(_ count: Int) -> Int {
        switch self {
        case .all: count
        case .half: (count + 1) / 2
        case .byte: min(count, 1)
        }
    }
}
