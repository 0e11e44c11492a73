import Dispatch
package import KafkaProducer

/// The one timer of the loop: it goes off once, at the earliest deadline.
package final class DeadlineTimer {
    /// When it goes off next, or `nil` while it is disarmed.
    package private(set) var deadline: Instant?

    private let source: any DispatchSourceTimer

    /// Creates a timer that is not armed.
    ///
    /// - Parameter handler: What to do at the deadline, when the timer is disarmed again.
    package init(_ handler: @escaping () -> Void) {
        source = DispatchSource.makeTimerSource(flags: .strict, queue: .main)
        source.schedule(deadline: .distantFuture)
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated {
                // An event that was on its way when the timer was disarmed says nothing.
                guard let self, let deadline = self.deadline else { return }
                // One that was on its way when a later deadline was set comes too early.
                guard deadline <= SystemClock.now else { return self.schedule(deadline) }
                self.deadline = nil
                handler()
            }
        }
        source.activate()
    }

    /// Goes off at this instant, at once if it has passed; `nil` disarms.
    package func arm(at instant: Instant?) {
        guard instant != deadline else { return }
        deadline = instant
        if let instant {
            schedule(instant)
        } else {
            source.schedule(deadline: .distantFuture)
        }
    }

    private func schedule(_ instant: Instant) {
        // Dispatch's up-time and our clock are the same clock, CLOCK_MONOTONIC.
        source.schedule(
            deadline: DispatchTime(uptimeNanoseconds: max(instant.nanoseconds, 1)),
            leeway: .nanoseconds(0)
        )
    }
}
