extension JSONWalker {
    // The letters of the literals, as static memory rather than as strings.
    private static let trueLetters: InlineArray<4, UInt8> = [0x74, 0x72, 0x75, 0x65]
    private static let falseLetters: InlineArray<5, UInt8> = [0x66, 0x61, 0x6C, 0x73, 0x65]
    private static let nullLetters: InlineArray<4, UInt8> = [0x6E, 0x75, 0x6C, 0x6C]

    /// Passes a string.
    @_lifetime(self: copy self)
    mutating func readString() throws(BrokenRecord) -> JSONString {
        position += 1
        let start = position
        var hasEscapes = false
        while true {
            position = ByteScan.endOfPlainText(in: bytes, from: position)
            switch try current() {
            case UInt8(ascii: "\""):
                position += 1
                return JSONString(content: start..<position - 1, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                try skipEscape()
                hasEscapes = true
            default:
                throw broken(.controlCharacter)
            }
        }
    }

    /// Passes a string, number or literal, whose first byte is given.
    @_lifetime(self: copy self)
    mutating func skipScalar(_ first: UInt8) throws(BrokenRecord) {
        switch first {
        case UInt8(ascii: "\""): _ = try readString()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
        case UInt8(ascii: "t"): try skipLiteral(Self.trueLetters)
        case UInt8(ascii: "f"): try skipLiteral(Self.falseLetters)
        case UInt8(ascii: "n"): try skipLiteral(Self.nullLetters)
        default: throw broken(.valueExpected)
        }
    }

    @_lifetime(self: copy self)
    private mutating func skipEscape() throws(BrokenRecord) {
        let backslash = position
        position += 1
        switch try current() {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<4 {
                guard ByteEscapes.hexadecimalValue(try current()) != nil else {
                    throw .json(.badEscape, byteOffset: backslash)
                }
                position += 1
            }
        default:
            throw .json(.badEscape, byteOffset: backslash)
        }
    }

    @_lifetime(self: copy self)
    private mutating func skipNumber() throws(BrokenRecord) {
        skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try skipDigits() }
        if skip(UInt8(ascii: ".")) { try skipDigits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { skip(UInt8(ascii: "-")) }
            try skipDigits()
        }
        try checkEnd(of: .badNumber)
    }

    @_lifetime(self: copy self)
    private mutating func skipDigits() throws(BrokenRecord) {
        guard Self.isDigit(try current()) else { throw broken(.badNumber) }
        repeat { position += 1 } while position < bytes.count && Self.isDigit(bytes[position])
    }

    @_lifetime(self: copy self)
    private mutating func skipLiteral<let count: Int>(
        _ letters: InlineArray<count, UInt8>
    ) throws(BrokenRecord) {
        for index in letters.indices {
            guard try current() == letters[index] else { throw broken(.badLiteral) }
            position += 1
        }
        try checkEnd(of: .badLiteral)
    }

    /// Checks that a number or literal ends here.
    ///
    /// Only what follows says so: `12` is whole in `[12]`, begins `123` where the record was cut
    /// in `[12`, and begins nothing in `12x`. A text that is but a number ends with the record.
    private func checkEnd(of flaw: JSONFlaw) throws(BrokenRecord) {
        if depth == 0, position == bytes.count { return }
        let byte = try current()
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return
        default: guard Self.isBlank(byte) else { throw broken(flaw) }
        }
    }

    @discardableResult
    @_lifetime(self: copy self)
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
