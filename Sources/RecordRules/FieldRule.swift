/// One of the fields of a record: `field:N` or `field:N:SEP`.
///
/// `field:N` splits as awk does: fields stand between runs of blanks (space, tab, newline), and
/// blanks at either end of the record bound no field. With SEP, any bytes, as they are, the record
/// is split at each SEP from the front on: *n* of them make *n* + 1 fields, empty ones included,
/// so that an empty record is one empty field. N counts from 1; -1 is the last field, -2 the one
/// before it.
struct FieldRule: Sendable {
    private let number: Int
    /// Empty for runs of blanks.
    private let separator: [UInt8]

    init(_ argument: ArraySlice<UInt8>) throws(RuleSyntaxError.Problem) {
        let colon = argument.firstIndex(of: UInt8(ascii: ":"))
        var digits = argument[..<(colon ?? argument.endIndex)]
        let isFromEnd = digits.first == UInt8(ascii: "-")
        if isFromEnd { digits.removeFirst() }
        guard let count = RuleSyntax.number(digits) else { throw .fieldNumber }
        guard count > 0 else { throw .fieldZero }
        number = isFromEnd ? -count : count
        separator = colon.map { Array(argument[($0 + 1)...]) } ?? []
        if colon != nil, separator.isEmpty { throw .emptySeparator }
    }

    func match(_ record: Span<UInt8>) -> RuleMatch {
        number > 0 && separator.isEmpty ? matchWord(record) : matchField(record)
    }

    /// The usual case, apart from the others so that it needs nothing but registers.
    @inline(__always)
    private func matchWord(_ record: Span<UInt8>) -> RuleMatch {
        var end = 0
        for index in 1...number {
            let start = ByteScan.endOfBlanks(in: record, from: end)
            guard start < record.count else { break }
            end = ByteScan.endOfWord(in: record, from: start)
            if index == number { return .range(start..<end) }
        }
        return .none
    }

    private func matchField(_ record: Span<UInt8>) -> RuleMatch {
        // From the end means to count first: where separators can overlap (aa in baaab), splitting
        // backwards would find other fields than splitting forwards.
        let wanted = number > 0 ? number : fieldCount(record) + number + 1
        guard wanted > 0 else { return .none }
        var fields = Fields(record: record, separator: separator.span)
        var field = fields.next()
        var index = 1
        while index < wanted, field != nil {
            field = fields.next()
            index += 1
        }
        guard let field else { return .none }
        return .range(field)
    }

    private func fieldCount(_ record: Span<UInt8>) -> Int {
        var fields = Fields(record: record, separator: separator.span)
        var count = 0
        while fields.next() != nil { count += 1 }
        return count
    }
}

/// The fields of a record, from the first to the last.
private struct Fields: ~Escapable {
    private let record: Span<UInt8>
    private let separator: Span<UInt8>
    /// Where the next field may begin, or `nil` behind the last.
    private var position: Int? = 0

    @_lifetime(copy record, copy separator)
    init(record: Span<UInt8>, separator: Span<UInt8>) {
        self.record = record
        self.separator = separator
    }

    @_lifetime(self: copy self)
    mutating func next() -> Range<Int>? {
        guard let position else { return nil }
        return separator.isEmpty ? nextWord(from: position) : nextField(from: position)
    }

    @_lifetime(self: copy self)
    private mutating func nextWord(from position: Int) -> Range<Int>? {
        let start = ByteScan.endOfBlanks(in: record, from: position)
        let end = ByteScan.endOfWord(in: record, from: start)
        self.position = end
        return start < end ? start..<end : nil
    }

    @_lifetime(self: copy self)
    private mutating func nextField(from start: Int) -> Range<Int>? {
        let end =
            separator.count == 1
            ? ByteScan.firstIndex(of: separator[0], in: record, from: start)
            : ByteScan.firstIndex(of: separator, in: record, from: start)
        position = end.map { $0 + separator.count }
        return start..<(end ?? record.count)
    }
}
