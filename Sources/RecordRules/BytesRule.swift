/// The bytes from one place to another: `bytes:FROM-TO`, from 0, TO exclusive.
///
/// It matches where all of these bytes exist, and at least one: a record that ends before TO, or
/// that has no byte FROM, does not match. So a key of fixed width is never a shorter one.
struct BytesRule: Sendable {
    private let start: Int
    private let end: Int?

    /// Reads FROM-TO, either of which may be left out.
    init(_ argument: ArraySlice<UInt8>) throws(RuleSyntaxError.Problem) {
        guard let dash = argument.firstIndex(of: UInt8(ascii: "-")) else { throw .byteRange }
        start = try Self.bound(argument[..<dash]) ?? 0
        end = try Self.bound(argument[(dash + 1)...])
        if let end, end <= start { throw .emptyByteRange }
    }

    func match(_ record: Span<UInt8>) -> RuleMatch {
        let end = end ?? record.count
        guard start < end, end <= record.count else { return .none }
        return .range(start..<end)
    }

    private static func bound(
        _ digits: ArraySlice<UInt8>
    ) throws(RuleSyntaxError.Problem) -> Int? {
        if digits.isEmpty { return nil }
        guard let bound = RuleSyntax.number(digits) else { throw .byteRange }
        return bound
    }
}
