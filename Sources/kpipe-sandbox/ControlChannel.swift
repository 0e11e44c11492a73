/// Reads control lines from standard input.
struct ControlChannel {
    private var pending: [UInt8] = []
    /// Whether there will be no more lines.
    private(set) var isAtEnd = false

    /// Reads what is there now, which may block if nothing is.
    ///
    /// - Returns: The lines that are whole.
    mutating func read() -> [String] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        switch Descriptor.input.read(into: &buffer, at: 0..<buffer.count) {
        case .bytes(0), .failed: isAtEnd = true
        case .bytes(let count): pending.append(contentsOf: buffer[..<count])
        case .blocked: break
        }
        let newline = UInt8(ascii: "\n")
        var lines: [String] = []
        while let end = pending.firstIndex(of: newline) {
            lines.append(String(decoding: pending[..<end], as: UTF8.self))
            pending.removeFirst(end + 1)
        }
        return lines
    }
}
