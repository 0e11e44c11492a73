#if Mutants
import Glibc

/// This program once more, as a child that hunts one mutant.
///
/// The stream of the pipe is used here alone, and closed before its one function returns; that
/// is what makes the unsafe calls sound.
@safe enum MutantProcess {
    /// What became of a hunt.
    struct Result: Sendable {
        /// How many seeds were run.
        var seedCount = 0
        /// What showed the mutant, or `nil` if nothing did.
        var problem: String?
    }

    /// Hunts a mutant in the seeds from 0 on, and waits for the end.
    static func hunt(_ name: String, seedCount: UInt64) -> Result {
        let command =
            "SWIFT_BACKTRACE=enable=no exec /proc/\(getpid())/exe --mutant \(name) "
            + "--seeds \(seedCount) 2>/dev/null"
        guard let pipe = unsafe popen(command, "r") else {
            preconditionFailure("A shell can be started.")
        }
        var result = Result()
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        while unsafe getline(&line, &capacity, pipe) > 0, let line = unsafe line {
            let words = unsafe String(cString: line).split(whereSeparator: \.isNewline)
            guard let text = words.first else { continue }
            let parts = text.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else {
                result.seedCount += 1
                continue
            }
            result.problem = String(parts[1])
        }
        unsafe free(line)
        let status = unsafe pclose(pipe)
        let signal = status & 0x7f
        // The shell is the child itself by then, or says 128 more than the signal.
        let exitSignal = (status >> 8) & 0xff
        if result.problem == nil, signal != 0 || exitSignal > 128 {
            result.problem = "trap, signal \(signal != 0 ? signal : exitSignal - 128)"
        }
        return result
    }
}
#endif
