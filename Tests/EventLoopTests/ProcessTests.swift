import EventLoop
import Glibc
import Testing

/// What belongs to the whole process: each test has one of its own.
@Suite("The process", .timeLimit(.minutes(5)))
struct ProcessTests {
    @Test("hears a signal instead of dying of it", arguments: [SIGINT, SIGTERM, SIGHUP, SIGUSR1])
    func signal(number: Int32) async {
        await #expect(processExitsWith: .exitCode(7)) { [number] in
            await listen { $0 == number ? exit(7) : exit(1) }
            kill(getpid(), number)
            await never()
        }
    }

    @Test("hears a signal each time")
    func repeatedSignal() async {
        await #expect(processExitsWith: .exitCode(7)) {
            await MainActor.run {
                var count = 0
                let signals = Signals { signal in
                    count += 1
                    if count == 20 { exit(7) }
                    kill(getpid(), signal)
                }
                kill(getpid(), SIGUSR1)
                keepForEver(signals)
            }
            await never()
        }
    }

    @Test("goes on ignoring a signal that was ignored at its start")
    func ignored() async {
        await #expect(processExitsWith: .exitCode(7)) {
            Glibc.signal(SIGHUP, SIG_IGN)
            await listen { $0 == SIGTERM ? exit(7) : exit(1) }
            kill(getpid(), SIGHUP)
            kill(getpid(), SIGTERM)
            await never()
        }
    }

    @Test("survives a closed pipe")
    func brokenPipe() async {
        await #expect(processExitsWith: .exitCode(7)) {
            await MainActor.run { Signals.ignoreBrokenPipes() }
            let pipe = Pipe()
            pipe.closeReader()
            exit(Glibc.write(pipe.writer, [1], 1) == -1 && errno == EPIPE ? 7 : 1)
        }
    }

    @Test("gives the numbers of closed standard descriptors to nobody else")
    func closedDescriptors() async {
        await #expect(processExitsWith: .exitCode(7)) {
            // Again, as another thread of the tests may open something in between.
            for _ in 0..<20 {
                close(0)
                close(2)
                let descriptors = try Descriptors()
                guard descriptors.wasClosed(0), !descriptors.wasClosed(1), descriptors.wasClosed(2),
                    InputSource.Location.standardInput(descriptors) == .closed,
                    open("/dev/null", O_RDONLY) > 2, read(0, upTo: 1).isEmpty
                else { continue }
                exit(7)
            }
            exit(1)
        }
    }

    @Test("takes standard input when it is open")
    func openDescriptors() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let descriptors = try Descriptors()
            let location = InputSource.Location.standardInput(descriptors)
            exit(location == .inherited(0) ? 7 : 1)
        }
    }

    #if DEBUG
    @Test("fails the one system call it is told to fail, and calls again after EINTR")
    func fault() async {
        await #expect(processExitsWith: .exitCode(7)) {
            setenv("SYSCALL_FAULT", "3:\(EIO)", 1)
            let failures = (1...4).map { _ -> Int32 in
                do throws(Errno) {
                    _ = try Syscalls.openNull()
                    return 0
                } catch {
                    return error.rawValue
                }
            }
            exit(failures == [0, 0, EIO, 0] ? 7 : 1)
        }
        await #expect(processExitsWith: .exitCode(7)) {
            setenv("SYSCALL_FAULT", "1:\(EINTR)", 1)
            _ = try Syscalls.openNull()
            exit(7)
        }
    }
    #endif
}

/// Listens for the usual signals until the process ends.
private func listen(_ handler: @escaping @MainActor (Int32) -> Void) async {
    await MainActor.run { keepForEver(Signals(handler: handler)) }
}

@MainActor private var kept: [AnyObject] = []

@MainActor
private func keepForEver(_ object: AnyObject) {
    kept.append(object)
}

private func never() async {
    await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
}
