/// Searches that look at eight bytes at a time.
///
/// Most of a record's bytes pass through these loops, so they are worth a trick: a word has a zero
/// byte if `(word - 0x01…01) & ~word & 0x80…80` is not zero, and the lowest bit of that belongs to
/// the first such byte (bits above it may be false). The words are loaded in little-endian order,
/// so that the first byte is the lowest.
///
/// What JSON's searches do where fewer than eight are left stands in functions of its own, and
/// `_fastPath` or `_slowPath` says which way is the exception: else the compiler keeps in memory
/// what the loops need in registers.
///
/// `unsafe` marks the loads alone. They are sound: `unsafeLoadUnaligned(fromByteOffset:as:)` checks
/// its bounds, and every pattern of bits is a `UInt64`.
enum ByteScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The first byte from `start` on that does not stand for itself in a JSON string: a double
    /// quote, a backslash or a control character; the count of bytes if there is none.
    @inline(__always)
    static func endOfPlainText(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while bytes.count - index >= 8 {
            let word = word(of: bytes, at: index)
            let found =
                (marks(of: UInt8(ascii: "\""), in: word)
                    | marks(of: UInt8(ascii: "\\"), in: word)
                    | ((word &- (ones &* 0x20)) & ~word)) & highs
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        guard _slowPath(index < bytes.count) else { return index }
        return endOfLastPlainText(in: bytes, from: index)
    }

    /// The same where no eight bytes are left; mostly there are, and so this is not in the way.
    @inline(never)
    private static func endOfLastPlainText(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, isPlainText(bytes[index]) { index += 1 }
        return index
    }

    /// The first place from `start` on where `byte` stands, or `nil` if there is none.
    static func firstIndex(of byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while bytes.count - index >= 8 {
            let found = marks(of: byte, in: word(of: bytes, at: index)) & highs
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            if bytes[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// The first place from `start` on where all of `text` stands, or `nil` if there is none.
    ///
    /// - Complexity: O(*nm*) at worst, of a record of *n* and a text of *m* bytes; a delimiter is a
    ///   few bytes long.
    static func firstIndex(of text: Span<UInt8>, in bytes: Span<UInt8>, from start: Int) -> Int? {
        precondition(!text.isEmpty)
        var index = start
        while let candidate = firstIndex(of: text[0], in: bytes, from: index) {
            guard bytes.count - candidate >= text.count else { return nil }
            if stands(text, in: bytes, at: candidate) { return candidate }
            index = candidate + 1
        }
        return nil
    }

    /// Where the decimal digits from `start` on end.
    @inline(__always)
    static func endOfDigits(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while bytes.count - index >= 8 {
            // The digits' values, and above 9 what is none; to add 118 to that sets the high bit.
            let values = word(of: bytes, at: index) ^ (ones &* UInt64(UInt8(ascii: "0")))
            let found = (((values & ~highs) &+ (ones &* 118)) | values) & highs
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        return endOfLastDigits(in: bytes, from: index)
    }

    /// The same where no eight bytes are left.
    @inline(never)
    private static func endOfLastDigits(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] &- UInt8(ascii: "0") <= 9 { index += 1 }
        return index
    }

    /// Where the blanks of ``FieldRule`` from `start` on end: mostly there is one.
    @inline(__always)
    static func endOfBlanks(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, isBlank(bytes[index]) { index += 1 }
        return index
    }

    /// The first blank from `start` on, or the count of bytes if there is none.
    static func endOfWord(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while bytes.count - index >= 8 {
            let word = word(of: bytes, at: index)
            let found =
                (marks(of: UInt8(ascii: " "), in: word)
                    | marks(of: UInt8(ascii: "\t"), in: word)
                    | marks(of: UInt8(ascii: "\n"), in: word)) & highs
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, !isBlank(bytes[index]) { index += 1 }
        return index
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
    }

    /// Whether `text` stands at this place, where there are as many bytes.
    static func stands(_ text: Span<UInt8>, in bytes: Span<UInt8>, at start: Int) -> Bool {
        precondition(start >= 0 && bytes.count - start >= text.count)
        let count = text.count
        switch count {
        case 8...:
            var index = 0
            while index < count - 8 {
                guard word(of: bytes, at: start + index) == word(of: text, at: index) else {
                    return false
                }
                index += 8
            }
            // The last eight bytes, of which some may have been compared.
            return word(of: bytes, at: start + count - 8) == word(of: text, at: count - 8)
        case 4...:
            return half(of: bytes, at: start) == half(of: text, at: 0)
                && half(of: bytes, at: start + count - 4) == half(of: text, at: count - 4)
        default:
            for index in text.indices where bytes[start + index] != text[index] { return false }
            return true
        }
    }

    /// A word whose high bits mark where `byte` stands, of which the lowest can be trusted.
    @inline(__always)
    private static func marks(of byte: UInt8, in word: UInt64) -> UInt64 {
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference
    }

    private static func isPlainText(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// The eight bytes at a place, the first the lowest, and zeros for those behind the last one.
    @inline(__always)
    static func paddedWord(of bytes: Span<UInt8>, at start: Int) -> UInt64 {
        if _fastPath(bytes.count - start >= 8) { return word(of: bytes, at: start) }
        return lastWord(of: bytes, at: start)
    }

    /// The same where no eight bytes are left.
    @inline(never)
    private static func lastWord(of bytes: Span<UInt8>, at start: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in start..<bytes.count { word |= UInt64(bytes[index]) << (8 * (index - start)) }
        return word
    }

    @inline(__always)
    private static func half(of bytes: Span<UInt8>, at index: Int) -> UInt32 {
        unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self)
    }

    @inline(__always)
    private static func word(of bytes: Span<UInt8>, at index: Int) -> UInt64 {
        let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        return UInt64(littleEndian: word)
    }
}
