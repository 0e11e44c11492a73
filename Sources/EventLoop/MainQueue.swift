internal import Dispatch
internal import Synchronization

/// Dispatch's main queue, as other queues reach it, also while the loop waits in place.
///
/// The loop waits within a turn (``Poller/poll(waiting:)``), where the main queue is at a stand. So
/// whoever hands work to it says so here, which ends the wait; the turn then ends, and Dispatch
/// goes on with the work.
///
/// Work is counted before the bell is looked at, and the bell hung out before work is counted. Of
/// the two that do so at once, one sees what the other did, and nothing is slept over.
package nonisolated enum MainQueue {
    /// Work that was handed over and has not begun.
    private static let waitingCount = Atomic<Int>(0)

    /// The descriptor that ends the present wait, or ``noBell``.
    private static let bell = Atomic<Int32>(noBell)

    private static let noBell: Int32 = -1

    /// Whether work waits that only Dispatch can begin.
    package static var hasWork: Bool {
        waitingCount.load(ordering: .sequentiallyConsistent) > 0
    }

    /// Hands work over, from any thread.
    package static func async(_ work: @escaping @MainActor @Sendable () -> Void) {
        waitingCount.add(1, ordering: .sequentiallyConsistent)
        DispatchQueue.main.async {
            waitingCount.subtract(1, ordering: .sequentiallyConsistent)
            work()
        }
        let descriptor = bell.exchange(noBell, ordering: .sequentiallyConsistent)
        if descriptor != noBell { Syscalls.ring(descriptor) }
    }

    /// Hangs a bell out, which is rung at most once until it is taken in.
    ///
    /// - Parameter descriptor: What ``Syscalls/makeBell()`` made.
    /// - Returns: Whether to wait: no work is there yet.
    static func hangOut(_ descriptor: Int32) -> Bool {
        bell.store(descriptor, ordering: .sequentiallyConsistent)
        return !hasWork
    }

    /// Takes the bell in.
    ///
    /// It may still ring once, which the next look finds to say nothing.
    static func takeIn() {
        bell.store(noBell, ordering: .sequentiallyConsistent)
    }
}
