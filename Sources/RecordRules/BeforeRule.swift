/// What stands before the first delimiter: `before:DELIM`, with the escapes of `-D`.
///
/// A record without the delimiter does not match; one that begins with it gives an empty match.
struct BeforeRule: Sendable {
    private let delimiter: [UInt8]

    init(_ argument: ArraySlice<UInt8>) throws(RuleSyntaxError.Problem) {
        do throws(ByteEscapeError) {
            delimiter = try ByteEscapes.decode(argument)
        } catch {
            throw .delimiterEscape(error)
        }
        guard !delimiter.isEmpty else { throw .emptyDelimiter }
    }

    func match(_ record: Span<UInt8>) -> RuleMatch {
        guard let end = ByteScan.firstIndex(of: delimiter.span, in: record, from: 0) else {
            return .none
        }
        return .range(0..<end)
    }
}
