/// The escapes of a delimiter given as an argument: `\n`, `\r`, `\t`, `\0`, `\\` and `\xHH`.
///
/// An escape that is none of these is refused. kcat takes one for something else without a word
/// (`\x0aabc` for the byte 0xbc), and then no record ends where its user thinks.
package enum DelimiterSyntax {
    /// Replaces the escapes in an argument.
    ///
    /// Bytes outside escapes stay as they are, so `$'\x1c'` and `ø` from a shell need no escape.
    /// `\0` is one NUL whatever follows, and `\x` takes exactly two digits.
    ///
    /// - Parameter text: The bytes of the argument.
    /// - Returns: The bytes of the delimiter, at least one.
    /// - Throws: ``DelimiterSyntaxError/empty`` for an empty argument,
    ///   ``DelimiterSyntaxError/unknownEscape(_:)`` and ``DelimiterSyntaxError/unfinishedEscape``
    ///   for a backslash that begins none of the escapes.
    package static func parse(_ text: [UInt8]) throws(DelimiterSyntaxError) -> [UInt8] {
        guard !text.isEmpty else { throw .empty }
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            bytes.append(byte == UInt8(ascii: "\\") ? try escapedByte(&rest) : byte)
        }
        return bytes
    }

    private static func escapedByte(
        _ rest: inout ArraySlice<UInt8>
    ) throws(DelimiterSyntaxError) -> UInt8 {
        guard let letter = rest.popFirst() else { throw .unfinishedEscape }
        switch letter {
        case UInt8(ascii: "n"): return 0x0a
        case UInt8(ascii: "r"): return 0x0d
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "0"): return 0x00
        case UInt8(ascii: "\\"): return letter
        case UInt8(ascii: "x"): return try hexadecimalDigit(&rest) << 4 | hexadecimalDigit(&rest)
        default: throw .unknownEscape(letter)
        }
    }

    private static func hexadecimalDigit(
        _ rest: inout ArraySlice<UInt8>
    ) throws(DelimiterSyntaxError) -> UInt8 {
        guard let digit = rest.popFirst() else { throw .unfinishedEscape }
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return digit - UInt8(ascii: "A") + 10
        default: throw .unfinishedEscape
        }
    }
}

/// Why an argument is no delimiter.
package enum DelimiterSyntaxError: Error, Equatable, Sendable {
    /// The argument has no bytes.
    case empty

    /// A backslash is followed by a byte that names no escape.
    case unknownEscape(UInt8)

    /// A backslash ends the argument, or `\x` is not followed by two hexadecimal digits.
    case unfinishedEscape
}
