#if PCRE2
import CPCRE2

/// Group 1 of an expression in Perl's syntax, or the whole match: `pcre:REGEX`.
///
/// The expression works on bytes, unless it begins with `(*UTF)`. `.` matches every byte but a
/// newline, and `$` also before a newline that ends the record, as in Perl. A match without group 1
/// having taken part, as in `a(b)?`, is none. PCRE2 makes machine code of it where it can.
struct PCRERule: Sendable {
    private let compiled: CompiledPCRE

    init(_ argument: ArraySlice<UInt8>) throws(RuleSyntaxError.Problem) {
        guard !argument.isEmpty else { throw .emptyExpression }
        compiled = try CompiledPCRE(argument)
    }

    func match(_ record: Span<UInt8>) -> RuleMatch {
        let match = compiled.search(record)
        switch match.outcome {
        case .matched: return .range(match.start..<match.end)
        case .notMatched: return .none
        case .gaveUp: return .broken(.pcreGaveUp)
        }
    }
}

/// What PCRE2 made of an expression, with the memory that a search needs.
///
/// A class, because it owns memory that is released once, and rules are copied. It is safe because
/// the pointer never leaves it, and sendable because a search that finds its memory in use by
/// another thread takes memory of its own.
@safe
private final class CompiledPCRE: @unchecked Sendable {
    private let expression: UnsafeMutablePointer<CPCRE2Expression>

    init(_ argument: ArraySlice<UInt8>) throws(RuleSyntaxError.Problem) {
        let bytes = Array(argument)
        // The longest of PCRE2's messages has some 100 bytes.
        var message = [CChar](repeating: 0, count: 256)
        var offset = 0
        guard
            let expression = unsafe CPCRE2Compile(
                bytes,
                bytes.count,
                &message,
                message.count,
                &offset
            )
        else {
            let why = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw .pcreExpression(String(decoding: why, as: UTF8.self), byteOffset: offset)
        }
        unsafe self.expression = expression
    }

    deinit {
        unsafe CPCRE2Free(expression)
    }

    func search(_ record: Span<UInt8>) -> CPCRE2Match {
        unsafe record.withUnsafeBytes { bytes in
            unsafe CPCRE2Search(expression, bytes.baseAddress, bytes.count)
        }
    }
}
#endif
