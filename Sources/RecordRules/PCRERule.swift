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
        withSearch { $0.match(record) }
    }

    /// Lends the memory that searches need, for as many as are made in `body`.
    @inline(__always)
    func withSearch<Result>(_ body: (borrowing PCRESearch) -> Result) -> Result {
        body(PCRESearch(compiled))
    }
}

/// Searches with one expression, by one thread.
///
/// It takes the expression's own memory, which costs an atomic instruction, or makes some where
/// another thread has that. It is safe because the expression outlives it, which it holds.
@safe
struct PCRESearch: ~Copyable {
    private let compiled: CompiledPCRE
    private let scratch: CPCRE2Scratch

    @inline(__always)
    fileprivate init(_ compiled: CompiledPCRE) {
        self.compiled = compiled
        unsafe scratch = CPCRE2BeginSearches(compiled.expression)
    }

    deinit {
        unsafe CPCRE2EndSearches(compiled.expression, scratch)
    }

    @inline(__always)
    func match(_ record: Span<UInt8>) -> RuleMatch {
        let match = unsafe record.withUnsafeBytes { bytes in
            unsafe CPCRE2Search(compiled.expression, scratch, bytes.baseAddress, bytes.count)
        }
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
/// the pointer never leaves this file, and sendable because a search that finds its memory in use
/// by another thread takes memory of its own.
@safe
private final class CompiledPCRE: @unchecked Sendable {
    fileprivate let expression: UnsafeMutablePointer<CPCRE2Expression>

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
}
#endif
