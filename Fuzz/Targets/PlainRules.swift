import RecordRules

/// The rules on bytes, written the plain way, for arguments that the real ones took.
enum PlainRules {
    static func bytes(_ argument: [UInt8], _ record: ArraySlice<UInt8>) -> Rules.Found? {
        let parts = argument.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let bounds = parts.map { Int(String(decoding: $0, as: UTF8.self)) }
        let (from, to) = (bounds[0] ?? 0, bounds[1] ?? record.count)
        // A record that ends before TO has no such bytes.
        guard from < to, to <= record.count else { return .nothing }
        return .bytes(Array(record.prefix(to).dropFirst(from)))
    }

    static func before(_ argument: [UInt8], _ record: ArraySlice<UInt8>) -> Rules.Found? {
        guard let delimiter = try? ByteEscapes.decode(argument) else { return nil }
        guard let place = place(of: delimiter, in: Array(record), from: 0) else { return .nothing }
        return .bytes(Array(record.prefix(place)))
    }

    static func field(_ argument: [UInt8], _ record: ArraySlice<UInt8>) -> Rules.Found? {
        let parts = argument.split(
            separator: UInt8(ascii: ":"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let number = Int(String(decoding: parts[0], as: UTF8.self)) else { return nil }
        let fields =
            parts.count == 2
            ? split(Array(record), at: Array(parts[1]))
            : record.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a }.map { Array($0) }
        let index = number > 0 ? number - 1 : fields.count + number
        return fields.indices.contains(index) ? .bytes(fields[index]) : .nothing
    }

    private static func split(_ bytes: [UInt8], at separator: [UInt8]) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var start = 0
        while let end = place(of: separator, in: bytes, from: start) {
            fields.append(Array(bytes[start..<end]))
            start = end + separator.count
        }
        return fields + [Array(bytes[start...])]
    }

    private static func place(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count - start >= pattern.count else { return nil }
        return (start...bytes.count - pattern.count).first {
            bytes[$0..<$0 + pattern.count].elementsEqual(pattern)
        }
    }
}
