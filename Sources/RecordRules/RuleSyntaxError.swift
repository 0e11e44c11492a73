/// A rule that cannot be read, and what to write instead.
package struct RuleSyntaxError: Error, Hashable, Sendable {
    /// What is wrong with a rule.
    package enum Problem: Error, Hashable, Sendable {
        /// The text does not begin with the name of a rule and a colon.
        case unknownRule
        /// `pcre:` in a build without PCRE2.
        case pcreIsNotBuiltIn
        /// A JSON pointer that is not empty and does not begin with a slash.
        case pointerWithoutSlash
        /// A `~` in a JSON pointer without 0 or 1 behind it.
        case pointerTilde
        /// A field number that is no number.
        case fieldNumber
        /// Field 0, where the first is 1.
        case fieldZero
        /// Nothing behind the second colon of `field:N:SEP`.
        case emptySeparator
        /// No regular expression.
        case emptyExpression
        /// A regular expression with a NUL byte, which regex(3) cannot take.
        case expressionHasNUL
        /// An expression that regex(3) refuses, in its words.
        case expression(String)
        /// An expression that PCRE2 refuses, in its words, and the byte at which it found out.
        case pcreExpression(String, byteOffset: Int)
        /// Not FROM-TO.
        case byteRange
        /// FROM is not below TO, so that there is never a byte between them.
        case emptyByteRange
        /// `before:` without a delimiter.
        case emptyDelimiter
        /// A delimiter with an escape that is none.
        case delimiterEscape(ByteEscapeError)
    }

    /// The rule as it was written.
    package let rule: [UInt8]

    /// What is wrong with it.
    package let problem: Problem
}

extension RuleSyntaxError: CustomStringConvertible {
    /// One line: the rule, what is wrong, and what to write instead.
    package var description: String { "rule '\(String(printable: rule))': \(problem)" }
}

extension RuleSyntaxError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownRule:
            """
            no such rule; write json:POINTER, field:N, field:N:SEP, regex:ERE, pcre:REGEX, \
            bytes:FROM-TO, before:DELIM or const:TEXT
            """
        case .pcreIsNotBuiltIn:
            """
            pcre: is not built into this kpipe; install libpcre2-dev and build it again \
            with make, or write regex:ERE, with a POSIX extended regular expression
            """
        case .pointerWithoutSlash:
            "a JSON pointer begins with a slash; write json:/user/id, or json: for the whole value"
        case .pointerTilde:
            "in a JSON pointer ~ stands before 0 or 1; write ~0 for ~, and ~1 for /"
        case .fieldNumber:
            "a field has a number; write field:1 for the first, field:-1 for the last"
        case .fieldZero:
            "fields count from 1; write field:1 for the first, or bytes:0- for the whole record"
        case .emptySeparator:
            "the separator is empty; write field:N to split at blanks, or field:N:, with a comma"
        case .emptyExpression:
            "the expression is empty; write regex:user=([a-z0-9]+), or bytes:0- for the record"
        case .expressionHasNUL:
            "the expression has a NUL byte; write a bracket, such as [^[:print:]], to match one"
        case .expression(let why):
            "\(why); write a POSIX extended regular expression, as grep -E takes it"
        case .pcreExpression(let why, let byteOffset):
            "\(why), at byte \(byteOffset) of the expression; write one as grep -P takes it"
        case .byteRange:
            "not a range of bytes; write bytes:0-8 for the first eight, bytes:8- for the others"
        case .emptyByteRange:
            "the range is empty, as TO is exclusive; write bytes:0-1 for the first byte"
        case .emptyDelimiter:
            "the delimiter is empty; write before:, for what stands before the first comma"
        case .delimiterEscape(let error):
            "\(error)"
        }
    }
}
