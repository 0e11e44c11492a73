import Glibc

/// Writes numbered records of one size into a pipe, without end, as far as the pipe takes them.
///
/// It keeps the end that is read from, so that it can tell afterwards what was not.
final class EndlessWriter {
    /// The end to read from.
    let readEnd: Int32
    private var writeEnd: Int32
    private let recordSize: Int
    /// How many records were begun.
    private var begunCount = 0
    private var rest: ArraySlice<UInt8> = []
    /// How many bytes the pipe took.
    private(set) var writtenCount = 0

    init(recordSize: Int) {
        self.recordSize = recordSize
        (readEnd, writeEnd) = Descriptors.pipe()
        _ = fcntl(writeEnd, F_SETFL, O_WRONLY | O_NONBLOCK)
    }

    deinit {
        close(readEnd)
        if writeEnd >= 0 { close(writeEnd) }
    }

    /// The value of a record, which begins with its number.
    func value(_ index: Int) -> String {
        let number = "\(index) "
        return number + String(repeating: "x", count: recordSize - 1 - number.utf8.count)
    }

    /// Writes at most so many bytes.
    ///
    /// - Returns: Whether the pipe took any.
    @discardableResult
    func write(atMost limit: Int = 65536) -> Bool {
        let before = writtenCount
        while writtenCount - before < limit {
            if rest.isEmpty {
                rest = Array("\(value(begunCount))\n".utf8)[...]
                begunCount += 1
            }
            let piece = rest.prefix(limit - (writtenCount - before))
            let count = piece.withUnsafeBytes { Glibc.write(writeEnd, $0.baseAddress, $0.count) }
            if count <= 0 { break }
            rest = rest.dropFirst(count)
            writtenCount += count
        }
        return writtenCount > before
    }

    /// Ends the record that was begun, and the input.
    ///
    /// - Returns: How many records were written.
    func finish(_ child: ChildProcess) -> Int {
        while !rest.isEmpty, !child.hasEnded {
            if !write(atMost: rest.count) { usleep(2000) }
            child.keepUp()
        }
        close(writeEnd)
        writeEnd = -1
        return begunCount
    }

    /// How many bytes were read from the pipe so far.
    var consumedCount: Int {
        var left: Int32 = 0
        // FIONREAD, a macro that Swift does not see.
        precondition(ioctl(readEnd, 0x541b, &left) == 0, "no count: \(errno)")
        return writtenCount - Int(left)
    }
}
