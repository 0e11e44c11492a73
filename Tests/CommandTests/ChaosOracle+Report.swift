import Glibc

/// Takes what a run of kpipe said, and what the sandbox printed.
extension ChaosOracle {
    /// Takes the failures and the summary that kpipe wrote, and its status.
    ///
    /// - Parameters:
    ///   - outcome: How it ended.
    ///   - offset: Where the record of a number begins.
    /// - Returns: What is wrong with what it wrote.
    mutating func take(_ outcome: ChildProcess.Outcome, offset: (Int) -> Int) -> [String] {
        status = outcome.status
        var problems: [String] = []
        for line in outcome.errors.split(separator: "\n") {
            if line.hasPrefix("{\"event\":\"record_failed\"") {
                if let record = Self.named(line, offset: offset) {
                    named.append(record)
                } else {
                    problems.append("I1: \(line)")
                }
            } else if line.hasPrefix("{\"event\":\"summary\""), let summary = JSON(line) {
                problems += take(summary, offset: offset)
            }
        }
        return problems
    }

    /// Takes the log that the sandbox printed, which starts with the first record of a topic.
    ///
    /// - Parameters:
    ///   - output: Its lines.
    ///   - words: The key and the value of the record of a number, as JSON.
    /// - Returns: What is wrong with it.
    mutating func takeLog(_ output: [UInt8], words: (Int) -> (String, String)) -> [String] {
        var partitions: [Int: [Logged]] = [:]
        let problem = output.withUnsafeBytes { bytes -> String? in
            var start = 0
            while let base = bytes.baseAddress, start < bytes.count {
                let newline = memchr(base + start, 10, bytes.count - start)
                let end = newline.map { UnsafeRawPointer($0) - base } ?? bytes.count
                let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                guard let record = Self.logged(line, words: words),
                    record.offset == partitions[record.logged.partition, default: []].count
                else {
                    return "I7: not as it was offered: \(String(decoding: line, as: UTF8.self))"
                }
                partitions[record.logged.partition, default: []].append(record.logged)
                start = end + 1
            }
            return nil
        }
        log = partitions.values.flatMap { $0 }
        return problem.map { [$0] } ?? []
    }

    /// A line of the log; `nil` if it is none, or its record is not what was offered.
    private static func logged(
        _ line: UnsafeRawBufferPointer,
        words: (Int) -> (String, String)
    ) -> (logged: Logged, offset: Int)? {
        let head = String(decoding: line.prefix(160), as: UTF8.self)
        let fields = head.split(separator: ",", maxSplits: 5)
        guard fields.count == 6, let partition = number(fields[1]), let offset = number(fields[2]),
            let index = Int(fields[5].dropFirst("\"value\":\"".count).prefix { $0 != " " })
        else { return nil }
        let (key, value) = words(index)
        let end = Array("\"key\":\(key),\"value\":\(value),\"headers\":[]}".utf8)
        guard let base = line.baseAddress, line.count > end.count,
            memcmp(base + (line.count - end.count), end, end.count) == 0
        else { return nil }
        return (Logged(partition: partition, index: index), offset)
    }

    /// The fields of a failure, whose order is fixed; `nil` if its offset is not the record's.
    private static func named(_ line: Substring, offset: (Int) -> Int) -> Named? {
        let fields = line.split(separator: ",", maxSplits: 4)
        guard fields.count == 5, let record = number(fields[2]), record > 0,
            let place = number(fields[3]), place == offset(record - 1),
            let error = line.split(separator: "\"error\":\"", maxSplits: 1).last?.prefix(
                while: { $0 != "\"" }
            )
        else { return nil }
        return Named(
            index: record - 1,
            isUnknown: line.contains("\"outcome\":\"unknown\""),
            error: String(error)
        )
    }

    private static func number(_ field: Substring) -> Int? {
        field.split(separator: ":").last.flatMap { Int($0) }
    }

    private mutating func take(_ summary: JSON, offset: (Int) -> Int) -> [String] {
        guard case .integer(let read)? = summary["read"],
            case .integer(let acked)? = summary["acked"],
            case .integer(let failed)? = summary["failed"],
            case .integer(let unknown)? = summary["unknown"]
        else { return ["I1: no summary"] }
        (self.read, self.acked) = (read, acked)
        if case .integer(let record)? = summary["first_unacked"]?["record"] {
            firstUnacked = record - 1
            if summary["first_unacked"]?["offset"] != .integer(offset(record - 1)) {
                return ["I1: record \(record) is at \(offset(record - 1))"]
            }
        }
        let counts = (named.filter { !$0.isUnknown }.count, named.filter(\.isUnknown).count)
        return counts == (failed, unknown)
            ? [] : ["I1: \(counts) were named, (\(failed), \(unknown)) summed up"]
    }
}
