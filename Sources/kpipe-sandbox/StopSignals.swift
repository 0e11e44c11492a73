import Glibc

/// Turns SIGTERM and SIGINT into something that can be read.
enum StopSignals {
    /// The pipe's end that a signal writes to.
    ///
    /// It is set once, before the handlers are, and a handler does nothing but read it.
    nonisolated(unsafe) private static var writeEnd: Int32 = -1

    /// Lets the two signals write a byte to a pipe, and a broken pipe or connection kill nobody.
    ///
    /// - Returns: The end of the pipe to read.
    static func install() throws(Descriptor.Failure) -> Descriptor {
        let ends = try Descriptor.pipe()
        unsafe writeEnd = ends.writeEnd.number
        for number in [SIGTERM, SIGINT] {
            _ = signal(number) { _ in
                var byte: UInt8 = 0
                _ = unsafe write(StopSignals.writeEnd, &byte, 1)
            }
        }
        _ = signal(SIGPIPE, SIG_IGN)
        // A parent that starts us from a worker thread of Dispatch hands its blocked signals down.
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        _ = unsafe sigprocmask(SIG_SETMASK, &mask, nil)
        return ends.readEnd
    }
}
