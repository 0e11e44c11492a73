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
        Self(nanoseconds: nanoseconds &+ UInt64(bitPattern: duration.wholeNanoseconds))
    }

    /// The time from this point to another.
    package func duration(to other: Self) -> Duration {
        .nanoseconds(Int64(bitPattern: other.nanoseconds &- nanoseconds))
    }
}

extension Duration {
    /// The nanoseconds in it, without what is left of one.
    ///
    /// A nanosecond has 2^9 * 5^9 attoseconds. By way of that an hour is divided as 64 bits, where
    /// 128 take ten times as long; and each batch has some instants.
    fileprivate var wholeNanoseconds: Int64 {
        if let shifted = Int64(exactly: attoseconds >> 9), shifted >= 0 {
            return shifted / 1_953_125
        }
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
