import CRegex

/// Group 1 of a POSIX extended regular expression, or the whole match: `regex:ERE`.
///
/// The expression works on bytes, in the C locale. A record may hold NUL bytes; in glibc `.`
/// matches every byte but NUL, newlines included, and `[^x]` matches NUL too. `^` and `$` are the
/// ends of the record. A match without group 1 having taken part, as in `a(b)?`, is none.
struct RegexRule: Sendable {
    private let compiled: CompiledRegex

    init(_ argument: ArraySlice<UInt8>) throws(RuleSyntaxError.Problem) {
        guard !argument.isEmpty else { throw .emptyExpression }
        guard !argument.contains(0) else { throw .expressionHasNUL }
        compiled = try CompiledRegex(argument)
    }

    func match(_ record: Span<UInt8>) -> RuleMatch {
        let match = compiled.search(record)
        switch match.outcome {
        case .matched: return .range(Int(match.start)..<Int(match.end))
        case .notMatched: return .none
        case .gaveUp: return .broken(.regexGaveUp)
        }
    }
}

/// What regcomp(3) made of an expression.
///
/// A class, because it owns memory that is released once, and rules are copied. It is safe because
/// the pointer never leaves it, and sendable because regexec(3) is safe for threads.
@safe
private final class CompiledRegex: @unchecked Sendable {
    private let regex: UnsafeMutableRawPointer

    init(_ expression: ArraySlice<UInt8>) throws(RuleSyntaxError.Problem) {
        // The C strings end with a NUL. regerror(3) has no message longer than half of this.
        let text = (expression + [0]).map { CChar(bitPattern: $0) }
        var message = [CChar](repeating: 0, count: 128)
        guard let regex = unsafe CRegexCompile(text, &message, message.count) else {
            let why = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw .expression(String(decoding: why, as: UTF8.self))
        }
        unsafe self.regex = regex
    }

    deinit {
        unsafe CRegexFree(regex)
    }

    func search(_ record: Span<UInt8>) -> CRegexMatch {
        unsafe record.withUnsafeBytes { bytes in
            unsafe CRegexSearch(regex, bytes.baseAddress, bytes.count)
        }
    }
}
