/// A string of a JSON text, between its quotes, whose grammar has been checked.
struct JSONString {
    let content: Range<Int>
    let hasEscapes: Bool

    /// Whether the string says `name`; if it has escapes it is decoded into `scratch` to know.
    @inline(__always)
    func says(_ name: Span<UInt8>, in bytes: Span<UInt8>, scratch: inout RuleScratch) -> Bool {
        guard hasEscapes else {
            return content.count == name.count
                && ByteScan.stands(name, in: bytes, at: content.lowerBound)
        }
        return saysDecoded(name, in: bytes, scratch: &scratch)
    }

    private func saysDecoded(
        _ name: Span<UInt8>,
        in bytes: Span<UInt8>,
        scratch: inout RuleScratch
    ) -> Bool {
        guard decode(from: bytes, into: &scratch) else { return false }
        let decoded = scratch.bytes
        return decoded.count == name.count && ByteScan.stands(name, in: decoded, at: 0)
    }

    /// Writes the string's bytes with the escapes resolved.
    ///
    /// - Returns: Whether it can be said in UTF-8: half a surrogate pair cannot.
    func decode(from bytes: Span<UInt8>, into scratch: inout RuleScratch) -> Bool {
        scratch.removeAll(reserving: content.count)
        var index = content.lowerBound
        while index < content.upperBound {
            guard bytes[index] == UInt8(ascii: "\\") else {
                scratch.append(bytes[index])
                index += 1
                continue
            }
            if bytes[index + 1] == UInt8(ascii: "u") {
                guard let scalar = scalar(from: bytes, at: &index) else { return false }
                scratch.append(scalar)
            } else {
                scratch.append(Self.byte(escapedAs: bytes[index + 1]))
                index += 2
            }
        }
        return true
    }

    /// Reads `\uXXXX`, or two of them that are a surrogate pair, or `nil` for half of a pair.
    private func scalar(from bytes: Span<UInt8>, at index: inout Int) -> Unicode.Scalar? {
        let unit = Self.codeUnit(bytes, at: index)
        index += 6
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), content.upperBound - index >= 6,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { return nil }
        let trail = Self.codeUnit(bytes, at: index)
        guard UTF16.isTrailSurrogate(trail) else { return nil }
        index += 6
        return Unicode.Scalar(0x10000 + UInt32(unit & 0x3FF) << 10 + UInt32(trail & 0x3FF))
    }

    private static func codeUnit(_ bytes: Span<UInt8>, at index: Int) -> UInt16 {
        var unit: UInt16 = 0
        for digit in index + 2..<index + 6 {
            unit = unit << 4 | UInt16(ByteEscapes.hexadecimalValue(bytes[digit]) ?? 0)
        }
        return unit
    }

    private static func byte(escapedAs letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter  // A quote, a backslash or a slash.
        }
    }
}
