import Glibc
package import KafkaProducer

/// The two clocks of the machine; the core is told what they say.
package nonisolated enum SystemClock {
    /// The time that only goes forward (`CLOCK_MONOTONIC`), for everything that is waited for.
    package static var now: Instant {
        let time = read(CLOCK_MONOTONIC)
        return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// The time of day in milliseconds since 1970, for records' timestamps.
    package static var wallClockMilliseconds: Int64 {
        let time = read(CLOCK_REALTIME)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // It cannot fail: both clocks exist on every Linux. Nor is it a system call, mostly.
        unsafe clock_gettime(clock, &time)
        return time
    }
}
