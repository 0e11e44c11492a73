/// Reads the lines of a kcat.conf or a Java client.properties.
///
/// The two agree on `name=value`, and where they differ the one that loses nothing counts. As in
/// Java, a name ends at `=`, `:` or a blank, `#` and `!` begin a comment line, a backslash at the
/// end of a line continues it, and `\n \t \r \f \uXXXX` and a backslash before punctuation are
/// escapes. As in kcat, blanks after the value are dropped, and a backslash before any other
/// letter or a digit is a backslash (`DOMAIN\user`).
nonisolated package enum ConfigurationFile {
    /// A property as it stands in a file.
    package struct Entry: Equatable, Sendable {
        /// The name.
        package let name: [UInt8]

        /// The value, which may be empty.
        package let value: [UInt8]

        /// The number of the line it begins in, from 1.
        package let line: Int

        /// Creates an entry.
        package init(name: [UInt8], value: [UInt8], line: Int) {
            self.name = name
            self.value = value
            self.line = line
        }
    }

    /// Reads all properties of a file, in their order.
    ///
    /// - Parameter text: The bytes of the file. Lines end with LF, CRLF or CR.
    /// - Returns: The properties, of which a name may occur more than once.
    package static func entries(of text: [UInt8]) -> [Entry] {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]  // Editors on Windows begin a file with this.
        var rest = text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]
        var entries: [Entry] = []
        var number = 1
        while !rest.isEmpty {
            let first = number
            let line = logicalLine(&rest, &number)
            if line.isEmpty || line.first == hash || line.first == exclamation { continue }
            entries.append(entry(line, number: first))
        }
        return entries
    }

    private static let backslash = UInt8(ascii: "\\")
    private static let hash = UInt8(ascii: "#")
    private static let exclamation = UInt8(ascii: "!")

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0x0c
    }

    /// Takes a line and those that continue it, without the blanks they begin with.
    private static func logicalLine(
        _ rest: inout ArraySlice<UInt8>,
        _ number: inout Int
    ) -> [UInt8] {
        var line: [UInt8] = []
        while true {
            let natural = naturalLine(&rest).drop(while: isBlank)
            number += 1
            let isComment = line.isEmpty && (natural.first == hash || natural.first == exclamation)
            let backslashes = natural.reversed().prefix { $0 == backslash }.count
            guard !isComment, backslashes % 2 == 1 else { return line + natural }
            line += natural.dropLast()
            if rest.isEmpty { return line }
        }
    }

    private static func naturalLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let line = rest.prefix { $0 != 0x0a && $0 != 0x0d }
        rest = rest.dropFirst(line.count)
        if let end = rest.popFirst(), end == 0x0d, rest.first == 0x0a { rest.removeFirst() }
        return line
    }

    private static func entry(_ line: [UInt8], number: Int) -> Entry {
        var end = 0
        while end < line.count, !isBlank(line[end]), !isSeparator(line[end]) {
            end += line[end] == backslash ? 2 : 1
        }
        end = min(end, line.count)
        var value = line[end...].drop(while: isBlank)
        if let first = value.first, isSeparator(first) {
            value = value.dropFirst().drop(while: isBlank)
        }
        return Entry(
            name: unescaped(line[..<end]),
            value: unescaped(withoutBlanksBehind(value)),
            line: number
        )
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":")
    }

    /// The value without the blanks behind it, but for one that is escaped.
    private static func withoutBlanksBehind(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var value = value
        while let last = value.last, isBlank(last) {
            let backslashes = value.dropLast().reversed().prefix { $0 == backslash }.count
            if backslashes % 2 == 1 { break }
            value.removeLast()
        }
        return value
    }
}

// MARK: - Escapes

nonisolated extension ConfigurationFile {
    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == backslash, let letter = rest.first else {
                bytes.append(byte)
                continue
            }
            rest.removeFirst()
            switch letter {
            case UInt8(ascii: "n"): bytes.append(0x0a)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "r"): bytes.append(0x0d)
            case UInt8(ascii: "f"): bytes.append(0x0c)
            case UInt8(ascii: "u"): bytes += codePoint(&rest)
            case _ where isLetterOrDigit(letter): bytes += [backslash, letter]
            default: bytes.append(letter)
            }
        }
        return bytes
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }

    /// What stands behind `\u`, as UTF-8: one code point, or two halves of one.
    private static func codePoint(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        guard let unit = codeUnit(&rest) else { return [backslash, UInt8(ascii: "u")] }
        var units = [unit]
        if UTF16.isLeadSurrogate(unit), rest.starts(with: [backslash, UInt8(ascii: "u")]) {
            var behind = rest.dropFirst(2)
            if let next = codeUnit(&behind), UTF16.isTrailSurrogate(next) {
                units.append(next)
                rest = behind
            }
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private static func codeUnit(_ rest: inout ArraySlice<UInt8>) -> UInt16? {
        let digits = rest.prefix(4)
        guard
            digits.count == 4, digits.allSatisfy(isLetterOrDigit),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        rest = rest.dropFirst(4)
        return unit
    }
}
