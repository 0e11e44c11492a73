/// The escapes by which any byte can be written in a delimiter: `\n \r \t \0 \\ \xHH`.
package enum ByteEscapes {
    /// Replaces escapes by the bytes they stand for; all other bytes stand for themselves.
    ///
    /// - Throws: ``ByteEscapeError`` if a backslash begins none of the escapes.
    package static func decode(_ text: some Sequence<UInt8>) throws(ByteEscapeError) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard let letter = rest.next() else { throw ByteEscapeError(escape: [byte]) }
            switch letter {
            case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "0"): bytes.append(0)
            case UInt8(ascii: "\\"): bytes.append(byte)
            case UInt8(ascii: "x"):
                let digits = [rest.next(), rest.next()].compactMap(\.self)
                let values = digits.compactMap(hexadecimalValue)
                guard values.count == 2 else {
                    throw ByteEscapeError(escape: [byte, letter] + digits)
                }
                bytes.append(values[0] << 4 | values[1])
            default: throw ByteEscapeError(escape: [byte, letter])
            }
        }
        return bytes
    }

    /// The value of a hexadecimal digit, or `nil` if the byte is none.
    static func hexadecimalValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// A backslash that begins none of the escapes.
package struct ByteEscapeError: Error, Hashable, Sendable {
    /// The backslash and what follows it.
    package let escape: [UInt8]
}

extension ByteEscapeError: CustomStringConvertible {
    package var description: String {
        let text = String(printable: escape)
        return #"\#(text) is not an escape; write one of \n \r \t \0 \\ \xHH"#
    }
}
