import KafkaProducer

/// An input, and what has to become of each of its records: written by who knows it, not read.
///
/// Each record has its number in it, `#` and seven digits, in its value or, if that is null, in its
/// key; no other byte of it is a `#`. So a record that is found in a log tells which one it is.
struct SimulatedInput {
    /// The bytes that a number takes.
    static let numberSize = 8

    /// The bytes that are read, one record after another.
    private(set) var bytes: [UInt8] = []
    /// Keys that do not stand in the input as they are.
    private(set) var side: [UInt8] = []
    /// The records, in the order of the input.
    private(set) var records: [InputRecord] = []
    /// Words to fill records with.
    private let filler: [UInt8]

    /// Creates an empty input; `filler` is what records are filled with, and has no `#`.
    init(filler: [UInt8]) {
        precondition(!filler.isEmpty)
        self.filler = filler
    }

    /// Text to fill records with: letters, in no order.
    static func letters(count: Int, _ random: inout SplitMix64) -> [UInt8] {
        var letters: [UInt8] = []
        letters.reserveCapacity(count)
        while letters.count < count {
            var word = random.next()
            for _ in 0..<16 {
                letters.append(UInt8(ascii: "a") + UInt8(truncatingIfNeeded: word & 15))
                word >>= 4
            }
        }
        return letters
    }

    // MARK: Writing

    mutating func reserve(records count: Int, bytes size: Int) {
        records.reserveCapacity(count)
        bytes.reserveCapacity(size)
    }

    /// How many bytes there are so far.
    var count: Int { bytes.count }

    mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Appends the number of a record.
    mutating func appendNumber(_ number: Int) {
        bytes.append(UInt8(ascii: "#"))
        var divisor = 1_000_000
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends words, from a place that a random number says.
    mutating func appendFiller(_ count: Int, at place: Int) {
        var start = place % filler.count
        var rest = count
        while rest > 0 {
            let piece = min(rest, filler.count - start)
            bytes.append(contentsOf: filler[start..<start + piece])
            rest -= piece
            start = 0
        }
    }

    /// Puts bytes in the place of as many as there are, or of fewer.
    mutating func write(_ other: [UInt8], over count: Int, at place: Int) {
        for index in 0..<count { bytes[place + index] = other[index] }
        if other.count > count { bytes.insert(contentsOf: other[count...], at: place + count) }
    }

    /// Keeps bytes beside the input.
    ///
    /// - Returns: Where they are, as ``InputRecord/keyStart`` has it.
    mutating func keep(_ other: [UInt8]) -> Int {
        side.append(contentsOf: other)
        return -1 - (side.count - other.count)
    }

    mutating func append(_ record: InputRecord) { records.append(record) }

    /// Ends the input within a record.
    mutating func cut(at end: Int, fate: InputRecord.Fate) {
        while let last = records.last, last.start >= end { records.removeLast() }
        bytes.removeLast(bytes.count - end)
        guard var last = records.popLast() else { return }
        if last.start + last.size > end {
            last.size = end - last.start
            last.fate = fate
        }
        records.append(last)
    }

    // MARK: Reading

    /// The key of a record, or `nil` for null.
    @_lifetime(borrow self)
    func key(of index: Int) -> Span<UInt8>? {
        let record = records[index]
        guard record.keyCount >= 0 else { return nil }
        if record.keyStart < 0 {
            let start = -1 - record.keyStart
            return side.span.extracting(start..<start + record.keyCount)
        }
        return bytes.span.extracting(record.keyStart..<record.keyStart + record.keyCount)
    }

    /// The value of a record, or `nil` for null.
    @_lifetime(borrow self)
    func value(of index: Int) -> Span<UInt8>? {
        let record = records[index]
        guard record.valueCount >= 0 else { return nil }
        return bytes.span.extracting(record.valueStart..<record.valueStart + record.valueCount)
    }

    /// Whether these are the key and the value of a record.
    func isRecord(_ index: Int, key: Span<UInt8>?, value: Span<UInt8>?) -> Bool {
        Self.isEqual(key, self.key(of: index)) && Self.isEqual(value, self.value(of: index))
    }

    /// The number of a record by what was found of it, or `nil` if it has none.
    static func number(key: Span<UInt8>?, value: Span<UInt8>?) -> Int? {
        if let value, let number = number(in: value) { return number }
        guard let key else { return nil }
        return number(in: key)
    }

    private static func number(in bytes: Span<UInt8>) -> Int? {
        var at = 0
        while at < bytes.count, bytes[at] != UInt8(ascii: "#") { at += 1 }
        guard bytes.count - at >= numberSize else { return nil }
        var number = 0
        for index in at + 1..<at + numberSize {
            let digit = Int(bytes[index]) - 0x30
            guard 0...9 ~= digit else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    private static func isEqual(_ one: Span<UInt8>?, _ other: Span<UInt8>?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        guard one.count == other.count else { return false }
        for index in one.indices where one[index] != other[index] { return false }
        return true
    }
}
