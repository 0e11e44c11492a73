/// A point in time, in nanoseconds from an arbitrary origin.
///
/// The core never asks what time it is: every entry point is told.
package struct Instant: InstantProtocol {
    /// Nanoseconds from the origin.
    package var nanoseconds: UInt64

    /// Creates a point in time.
    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    /// The point in time that is a duration later.
    package func advanced(by duration: Duration) -> Self {
        let (seconds, attoseconds) = duration.components
        let offset = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return Self(nanoseconds: nanoseconds &+ UInt64(bitPattern: offset))
    }

    /// The time from this point to another.
    package func duration(to other: Self) -> Duration {
        .nanoseconds(Int64(bitPattern: other.nanoseconds &- nanoseconds))
    }
}
