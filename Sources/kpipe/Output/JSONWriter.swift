/// Appends JSON to a buffer, member by member.
///
/// Call ``begin()``, then name and value of each member, then ``end()``.
nonisolated struct JSONWriter {
    /// What has been written, to which the caller may have put something before.
    private(set) var bytes: [UInt8]
    private var isFirst = true

    /// Creates a writer that goes on where a buffer ends.
    init(_ bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    /// Begins an object.
    mutating func begin() {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
    }

    /// Ends an object.
    mutating func end() {
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    /// Writes the name of the next member.
    mutating func name(_ name: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        string(name.description)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes null, true or false, or the digits of a number.
    mutating func literal(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes a whole number.
    mutating func number(_ number: some BinaryInteger) {
        literal(String(number))
    }

    /// Writes text as a string.
    ///
    /// Control characters are escaped, those too that JSON would allow: what a broker says must not
    /// move the cursor of whoever looks at the line.
    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": bytes += [UInt8(ascii: "\\"), UInt8(scalar.value)]
            case "\t": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case "\n": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case _ where scalar.isControl:
                let digits = String(scalar.value, radix: 16)
                bytes += Array(
                    ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
                )
            default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes bytes: as a string where they are valid UTF-8 without control characters but tab,
    /// else as `{"base64":"..."}`, so that either way every byte can be had back.
    mutating func opaque(_ content: Span<UInt8>) {
        bytes.reserveCapacity(bytes.count + content.count + content.count / 3 + 16)
        guard Self.isText(content) else {
            bytes += Array(#"{"base64":""#.utf8)
            base64(content)
            bytes += [UInt8(ascii: "\""), UInt8(ascii: "}")]
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for index in content.indices {
            switch content[index] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(content[index])
            case UInt8(ascii: "\t"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(UInt8(ascii: "t"))
            default:
                bytes.append(content[index])
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isText(_ content: Span<UInt8>) -> Bool {
        guard let text = try? UTF8Span(validating: content) else { return false }
        var scalars = text.makeUnicodeScalarIterator()
        while let scalar = scalars.next() {
            if scalar.isControl, scalar != "\t" { return false }
        }
        return true
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Writes bytes in base 64, with padding.
    private mutating func base64(_ content: Span<UInt8>) {
        var index = 0
        while index < content.count {
            let count = min(3, content.count - index)
            var group: UInt32 = 0
            for place in 0..<3 {
                group = group << 8 | (place < count ? UInt32(content[index + place]) : 0)
            }
            for place in 0..<4 {
                let digit = Int(group >> UInt32(18 - 6 * place)) & 0x3f
                bytes.append(place <= count ? Self.alphabet[digit] : UInt8(ascii: "="))
            }
            index += count
        }
    }
}
