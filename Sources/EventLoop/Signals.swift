import Dispatch
import Glibc

/// The signals that are asked of us, delivered on the main queue.
///
/// Once one of these exists such a signal no longer ends the process, and none gets lost. What was
/// ignored when the program was started (`nohup`) stays ignored. The sources are never cancelled.
///
/// Dispatch registers a source on another thread, and a signal that comes before that ends the
/// process, or is forgotten where it is ignored meanwhile; `dispatchMain()` also leaves a thread
/// that blocks nothing (of 1,500 runs that were sent SIGTERM at this point 887 died of it). So the
/// signals are blocked first, and the registrations awaited, which needs a queue other than the
/// main one.
package final class Signals {
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen; to be made before the main queue is entered.
    ///
    /// - Parameters:
    ///   - signals: Which.
    ///   - handler: Is told the signal's number, once for any number of them that came meanwhile.
    package init(
        of signals: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGUSR1],
        handler: @escaping @MainActor (Int32) -> Void
    ) {
        let wanted = signals.filter { !Self.isIgnored($0) }
        Self.block(wanted)
        let queue = DispatchQueue(label: "kpipe.signals")
        let registrations = DispatchGroup()
        sources = wanted.map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler { @Sendable in
                MainQueue.async { handler(signal) }
            }
            registrations.enter()
            source.setRegistrationHandler { @Sendable in registrations.leave() }
            source.activate()
            return source
        }
        registrations.wait()
    }

    /// Makes a write to a closed pipe or socket fail with `EPIPE` instead of ending the process.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    /// Keeps the signals pending until Dispatch takes them.
    private static func block(_ signals: [Int32]) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }
}
