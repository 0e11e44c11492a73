nonisolated extension Duration {
    /// Reads a decimal number of some unit, such as `1500` or `0.5`.
    ///
    /// There is none, and the result is `nil`, in any other text and in one that stands for more
    /// than 31 years.
    ///
    /// - Parameters:
    ///   - text: Digits, at most one point among them, and no sign.
    ///   - nanosecondsPerUnit: The unit.
    package init?(decimal text: String, nanosecondsPerUnit: Int64) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !fraction.isEmpty else { return nil }
        let isDecimal = (whole + fraction).utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        guard isDecimal, let units = Int64(whole) else { return nil }
        let limit: Int64 = 1_000_000_000 * 1_000_000_000
        guard units <= limit / nanosecondsPerUnit else { return nil }
        var nanoseconds = units * nanosecondsPerUnit
        var place = nanosecondsPerUnit
        for digit in fraction.utf8 {
            place /= 10
            nanoseconds += Int64(digit - UInt8(ascii: "0")) * place
        }
        self = .nanoseconds(nanoseconds)
    }
}
