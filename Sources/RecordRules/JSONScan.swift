/// How strings, numbers and literals of a JSON text are passed, on the hot path of `json:`.
///
/// These functions are asked for every member of every record. They are given where something
/// begins and say where it ends, so that the place stays in a register.
enum JSONScan {
    // The letters of the literals, as static memory rather than as strings.
    private static let trueLetters: InlineArray<4, UInt8> = [0x74, 0x72, 0x75, 0x65]
    private static let falseLetters: InlineArray<5, UInt8> = [0x66, 0x61, 0x6C, 0x73, 0x65]
    private static let nullLetters: InlineArray<4, UInt8> = [0x6E, 0x75, 0x6C, 0x6C]

    /// The byte at a place.
    @inline(__always)
    static func byte(_ bytes: Span<UInt8>, _ place: Int) throws(BrokenRecord) -> UInt8 {
        guard place < bytes.count else { throw .json(.endsEarly, byteOffset: place) }
        return bytes[place]
    }

    /// Where the blanks from a place on end.
    @inline(__always)
    static func endOfBlanks(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var place = start
        while place < bytes.count, isBlank(bytes[place]) { place += 1 }
        return place
    }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        // One comparison for nearly all bytes that are none.
        byte <= UInt8(ascii: " ")
            && (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n")
                || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t"))
    }

    /// Passes a member's name and the colon, and the blanks behind it.
    @inline(__always)
    static func name(
        _ bytes: Span<UInt8>,
        _ place: inout Int
    ) throws(BrokenRecord) -> JSONString {
        guard try byte(bytes, place) == UInt8(ascii: "\"") else {
            throw .json(.nameExpected, byteOffset: place)
        }
        let name = try string(bytes, place)
        place = endOfBlanks(bytes, name.content.upperBound + 1)
        guard try byte(bytes, place) == UInt8(ascii: ":") else {
            throw .json(.colonExpected, byteOffset: place)
        }
        place = endOfBlanks(bytes, place + 1)
        return name
    }

    /// The string whose first quote is at a place; it ends one byte behind its content.
    @inline(__always)
    static func string(_ bytes: Span<UInt8>, _ quote: Int) throws(BrokenRecord) -> JSONString {
        let start = quote + 1
        let end = ByteScan.endOfPlainText(in: bytes, from: start)
        if end < bytes.count, _fastPath(bytes[end] == UInt8(ascii: "\"")) {
            return JSONString(content: start..<end, hasEscapes: false)
        }
        return try stringWithEscapes(bytes, start, end)
    }

    private static func stringWithEscapes(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ firstEnd: Int
    ) throws(BrokenRecord) -> JSONString {
        var place = firstEnd
        var hasEscapes = false
        while true {
            switch try byte(bytes, place) {
            case UInt8(ascii: "\""):
                return JSONString(content: start..<place, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                place = try endOfEscape(bytes, place)
                hasEscapes = true
            default:
                throw .json(.controlCharacter, byteOffset: place)
            }
            place = ByteScan.endOfPlainText(in: bytes, from: place)
        }
    }

    private static func endOfEscape(
        _ bytes: Span<UInt8>,
        _ backslash: Int
    ) throws(BrokenRecord) -> Int {
        switch try byte(bytes, backslash + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return backslash + 2
        case UInt8(ascii: "u"):
            for digit in backslash + 2..<backslash + 6 {
                guard ByteEscapes.hexadecimalValue(try byte(bytes, digit)) != nil else {
                    throw .json(.badEscape, byteOffset: backslash)
                }
            }
            return backslash + 6
        default:
            throw .json(.badEscape, byteOffset: backslash)
        }
    }

    /// Where the string, number or literal at a place ends.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - place: Where it begins.
    ///   - isNested: Whether a container is open, so that the text cannot end behind it.
    /// - Returns: The place behind its last byte.
    /// - Throws: ``BrokenRecord/json(_:byteOffset:)`` at the first flaw.
    @inline(__always)
    static func endOfScalar(
        _ bytes: Span<UInt8>,
        _ place: Int,
        isNested: Bool
    ) throws(BrokenRecord) -> Int {
        switch try byte(bytes, place) {
        case UInt8(ascii: "\""): try string(bytes, place).content.upperBound + 1
        case UInt8(ascii: "1")...UInt8(ascii: "9"):
            try endOfPositiveNumber(bytes, place, isNested: isNested)
        case UInt8(ascii: "-"), UInt8(ascii: "0"):
            try endOfNumber(bytes, place, isNested: isNested)
        case UInt8(ascii: "t"):
            try endOfLiteral(trueLetters, bytes, place, isNested: isNested)
        case UInt8(ascii: "f"):
            try endOfLiteral(falseLetters, bytes, place, isNested: isNested)
        case UInt8(ascii: "n"):
            try endOfLiteral(nullLetters, bytes, place, isNested: isNested)
        default: throw .json(.valueExpected, byteOffset: place)
        }
    }

    /// Where a number ends that mostly is but digits.
    ///
    /// - Precondition: It begins with one of 1 to 9.
    @inline(__always)
    private static func endOfPositiveNumber(
        _ bytes: Span<UInt8>,
        _ start: Int,
        isNested: Bool
    ) throws(BrokenRecord) -> Int {
        let end = ByteScan.endOfDigits(in: bytes, from: start)
        if end < bytes.count, _fastPath(endsValue(bytes[end])) { return end }
        return try endOfNumber(bytes, start, isNested: isNested)
    }

    private static func endOfNumber(
        _ bytes: Span<UInt8>,
        _ start: Int,
        isNested: Bool
    ) throws(BrokenRecord) -> Int {
        var place = start
        if stands(UInt8(ascii: "-"), bytes, place) { place += 1 }
        if stands(UInt8(ascii: "0"), bytes, place) {
            place += 1
        } else {
            place = try endOfDigits(bytes, place)
        }
        if stands(UInt8(ascii: "."), bytes, place) {
            place = try endOfDigits(bytes, place + 1)
        }
        if stands(UInt8(ascii: "e"), bytes, place) || stands(UInt8(ascii: "E"), bytes, place) {
            place += 1
            if stands(UInt8(ascii: "+"), bytes, place) || stands(UInt8(ascii: "-"), bytes, place) {
                place += 1
            }
            place = try endOfDigits(bytes, place)
        }
        try checkEnd(of: .badNumber, bytes, place, isNested: isNested)
        return place
    }

    @inline(__always)
    private static func endOfDigits(
        _ bytes: Span<UInt8>,
        _ start: Int
    ) throws(BrokenRecord) -> Int {
        let end = ByteScan.endOfDigits(in: bytes, from: start)
        guard end > start else {
            _ = try byte(bytes, start)
            throw .json(.badNumber, byteOffset: start)
        }
        return end
    }

    private static func endOfLiteral<let count: Int>(
        _ letters: InlineArray<count, UInt8>,
        _ bytes: Span<UInt8>,
        _ start: Int,
        isNested: Bool
    ) throws(BrokenRecord) -> Int {
        for index in letters.indices {
            guard try byte(bytes, start + index) == letters[index] else {
                throw .json(.badLiteral, byteOffset: start + index)
            }
        }
        try checkEnd(of: .badLiteral, bytes, start + count, isNested: isNested)
        return start + count
    }

    /// Checks that a number or literal ends here.
    ///
    /// Only what follows says so: `12` is whole in `[12]`, begins `123` where the record was cut
    /// in `[12`, and begins nothing in `12x`. A text that is but a number ends with the record.
    @inline(__always)
    private static func checkEnd(
        of flaw: JSONFlaw,
        _ bytes: Span<UInt8>,
        _ place: Int,
        isNested: Bool
    ) throws(BrokenRecord) {
        if !isNested, place == bytes.count { return }
        let next = try byte(bytes, place)
        if endsValue(next) { return }
        guard isBlank(next) else { throw .json(flaw, byteOffset: place) }
    }

    /// Whether a byte is one of those that stand behind a value in a container.
    @inline(__always)
    private static func endsValue(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }

    @inline(__always)
    private static func stands(_ byte: UInt8, _ bytes: Span<UInt8>, _ place: Int) -> Bool {
        place < bytes.count && bytes[place] == byte
    }
}
