/// A way from a JSON value to a value within it: `json:POINTER`, after RFC 6901.
///
/// - A string matches with its decoded bytes, a number or literal with its text, an object or
///   array with its text as it stands. A missing member or element and `null` do not match, nor
///   does a string with half a surrogate pair, which no UTF-8 can say.
/// - Of duplicate members the first counts.
/// - Everything up to the end of the wanted value is held to RFC 8259, with two licences: bytes
///   that are not UTF-8 may stand in strings, since bytes are opaque to kpipe, and nesting ends at
///   ``JSONWalk/nestingLimit``. What stands behind the value is not looked at. Where nothing
///   matches, the value in which the way ended was read to its own end.
struct JSONPointer: Sendable {
    /// A step: a member's name, and the index it is of an array.
    private struct Token: Sendable {
        let name: Range<Int>
        /// `nil` where the name is no index: one has no leading zero, and `-` is behind the end.
        let index: Int?
    }

    private let tokens: [Token]
    /// The names of all tokens, one behind the other, so that a step touches no other array.
    private let names: [UInt8]

    init(_ argument: ArraySlice<UInt8>) throws(RuleSyntaxError.Problem) {
        var tokens: [Token] = []
        var names: [UInt8] = []
        guard argument.isEmpty || argument.first == UInt8(ascii: "/") else {
            throw .pointerWithoutSlash
        }
        for text in argument.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .dropFirst()
        {
            let start = names.count
            names += try Self.unescape(text)
            tokens.append(Token(name: start..<names.count, index: Self.index(text)))
        }
        self.tokens = tokens
        self.names = names
    }

    func match(_ record: Span<UInt8>, scratch: inout RuleScratch) -> RuleMatch {
        do throws(BrokenRecord) {
            guard let place = try valuePlace(in: record, scratch: &scratch) else { return .none }
            return try JSONWalk.value(record, place, depth: tokens.count, scratch: &scratch)
        } catch {
            return .broken(error)
        }
    }

    /// ``match(_:scratch:)`` for one record after another, of which each is mostly like the last.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - template: What this pointer's last records had in common.
    ///   - scratch: As for ``match(_:scratch:)``.
    /// - Returns: As that does.
    @inline(__always)
    func match(
        _ record: Span<UInt8>,
        like template: inout JSONTemplate,
        scratch: inout RuleScratch
    ) -> RuleMatch {
        if let place = template.valuePlace(in: record) {
            do throws(BrokenRecord) {
                return try JSONWalk.value(record, place, depth: tokens.count, scratch: &scratch)
            } catch {
                // Blanks in front of the value, or a flaw in it: the walk will tell.
            }
        }
        do throws(BrokenRecord) {
            guard let place = try valuePlace(in: record, scratch: &scratch) else { return .none }
            template.learn(from: record, valuePlace: place)
            return try JSONWalk.value(record, place, depth: tokens.count, scratch: &scratch)
        } catch {
            return .broken(error)
        }
    }

    /// Where the wanted value begins, or `nil` if there is none.
    private func valuePlace(
        in record: Span<UInt8>,
        scratch: inout RuleScratch
    ) throws(BrokenRecord) -> Int? {
        var place = JSONScan.endOfBlanks(record, 0)
        // By index, as in ``RuleSet/firstMatch(_:scratch:)``.
        for depth in tokens.indices {
            let token = tokens[depth]
            let inner = try JSONWalk.enter(
                record,
                place,
                depth: depth,
                name: names.span.extracting(token.name),
                index: token.index,
                scratch: &scratch
            )
            guard let inner else { return nil }
            place = inner
        }
        return place
    }

    private static func unescape(
        _ text: ArraySlice<UInt8>
    ) throws(RuleSyntaxError.Problem) -> [UInt8] {
        var name: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "~") else {
                name.append(byte)
                continue
            }
            switch rest.next() {
            case UInt8(ascii: "0"): name.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): name.append(UInt8(ascii: "/"))
            default: throw .pointerTilde
            }
        }
        return name
    }

    private static func index(_ text: ArraySlice<UInt8>) -> Int? {
        if text.count > 1, text.first == UInt8(ascii: "0") { return nil }
        return RuleSyntax.number(text)
    }
}
