import CInstructionCounter

/// Counts the instructions of chosen stretches of code, under valgrind's callgrind.
///
/// Where time is not the same twice on a shared machine, this is, to a few in ten thousand.
struct InstructionCounter {
    /// Counts a measurement's stretches together, and reports the sum.
    ///
    /// - Parameters:
    ///   - part: The part of a record's way.
    ///   - what: What is done there.
    ///   - stretches: Runs the stretches between pairs of ``toggle()``, and says how many records
    ///     they had.
    func measure(_ part: String, _ what: String, _ stretches: (Self) -> Int) {
        counter_reset()
        let recordCount = stretches(self)
        unsafe counter_report("\(part)|\(what)|\(recordCount)")
    }

    /// Begins to count, or ends.
    @inline(__always)
    func toggle() { counter_toggle() }
}
