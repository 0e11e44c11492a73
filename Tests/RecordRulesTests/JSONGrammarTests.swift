import RecordRules
import Testing

/// What is JSON, and where it breaks.
@Suite struct JSONGrammarTests {
    @Test("has enough cases, each with its own name")
    func cases() {
        #expect(JSONGrammarCase.all.count >= 120)
        #expect(Set(JSONGrammarCase.all.map(\.name)).count == JSONGrammarCase.all.count)
    }

    @Test(
        "reads a text that is JSON, and says where another breaks",
        arguments: JSONGrammarCase.all
    )
    func wholeValue(_ text: JSONGrammarCase) throws {
        let found = try find("json:", in: text.bytes)
        switch text.outcome {
        case .valid, .trailing:
            if case .broken(let why) = found { Issue.record("\(why)") }
        case .broken(let flaw, let byteOffset):
            #expect(found == .json(flaw, at: byteOffset))
        }
    }

    @Test("passes over an element or a member only if it is JSON", arguments: JSONGrammarCase.all)
    func passedValue(_ text: JSONGrammarCase) throws {
        // The nesting limit counts the array and the object below as well.
        guard !text.name.hasPrefix("i_nesting") else { return }
        let inArray = try find("json:/1", in: Array("[".utf8) + text.bytes + Array(",7]".utf8))
        let inObject = try find(
            "json:/b",
            in: Array("{\"a\":".utf8) + text.bytes + Array(",\"b\":7}".utf8)
        )
        switch text.outcome {
        case .valid:
            #expect(inArray == .text("7"))
            #expect(inObject == .text("7"))
        case .broken, .trailing:
            #expect(inArray != .text("7"))
            #expect(inObject != .text("7"))
        }
    }

    @Test(
        "agrees with a plain parser on every short text",
        arguments: [
            (["{", "}", "[", "]", ",", ":", "\"a\"", "1", " "], 5),
            (["0", "1", "-", "+", ".", "e", ","], 5),
            (["\"", "\\", "u", "0", "b", "é", "\t"], 5),
            (["\\u", "00", "d8", "0g", "dc", "\"", "\\"], 5),
            (["t", "true", "null", "nul", "l", "false", " "], 4),
        ]
    )
    func everyShortText(_ pieces: [String], _ longest: Int) throws {
        let rule = try Rule(Array("json:".utf8))
        var scratch = RuleScratch()
        var validCount = 0
        try forEachText(of: pieces, upTo: longest) { text in
            let record = Array("[".utf8) + text + Array("]".utf8)
            let isValid = PlainJSON(bytes: record).isJSON
            let match = rule.match(record.span, scratch: &scratch)
            // A text such as `1],[1` has an array in front that is whole.
            if (match == .range(0..<record.count)) != isValid {
                Issue.record("\(String(decoding: record, as: UTF8.self)): \(match)")
            }
            if isValid { validCount += 1 }
        }
        #expect(validCount > 0)
    }

    private func forEachText(
        of pieces: [String],
        upTo longest: Int,
        _ body: ([UInt8]) throws -> Void
    ) throws {
        let pieces = pieces.map { Array($0.utf8) }
        var texts: [[UInt8]] = [[]]
        for length in 0...longest {
            for text in texts { try body(text) }
            guard length < longest else { break }
            texts = texts.flatMap { text in pieces.map { text + $0 } }
        }
    }
}

/// The grammar of RFC 8259, transcribed: recursive, slow and plain.
private struct PlainJSON {
    let bytes: [UInt8]

    var isJSON: Bool { value(blanks(0)).map(blanks) == bytes.count }

    // Each takes where something begins and gives where it ends, or `nil` if it is not there.

    private func value(_ start: Int) -> Int? {
        literal("true", start) ?? literal("false", start) ?? literal("null", start)
            ?? string(start) ?? number(start) ?? container("[", "]", start, element)
            ?? container("{", "}", start, member)
    }

    private func container(
        _ open: String,
        _ close: String,
        _ start: Int,
        _ item: (Int) -> Int?
    ) -> Int? {
        guard var end = literal(open, start).map(blanks) else { return nil }
        if let closed = literal(close, end) { return closed }
        while let itemEnd = item(end) {
            end = blanks(itemEnd)
            if let closed = literal(close, end) { return closed }
            guard let comma = literal(",", end) else { return nil }
            end = blanks(comma)
        }
        return nil
    }

    private func element(_ start: Int) -> Int? { value(start) }

    private func member(_ start: Int) -> Int? {
        string(start).map(blanks).flatMap { literal(":", $0) }.map(blanks).flatMap(value)
    }

    private func string(_ start: Int) -> Int? {
        guard var end = literal("\"", start) else { return nil }
        while end < bytes.count {
            if let closed = literal("\"", end) { return closed }
            if bytes[end] < 0x20 { return nil }
            if let hex = literal("\\u", end) {
                let digits = bytes.dropFirst(hex).prefix(4)
                guard digits.count == 4,
                    digits.allSatisfy(Array("0123456789abcdefABCDEF".utf8).contains)
                else { return nil }
                end = hex + 4
            } else if let letter = literal("\\", end) {
                guard letter < bytes.count, Array(#""\/bfnrt"#.utf8).contains(bytes[letter])
                else { return nil }
                end = letter + 1
            } else {
                end += 1
            }
        }
        return nil
    }

    private func number(_ start: Int) -> Int? {
        let minus = literal("-", start) ?? start
        guard var end = literal("0", minus) ?? digits(minus) else { return nil }
        if let point = literal(".", end) {
            guard let fraction = digits(point) else { return nil }
            end = fraction
        }
        if let exponent = literal("e", end) ?? literal("E", end) {
            let sign = literal("+", exponent) ?? literal("-", exponent) ?? exponent
            guard let power = digits(sign) else { return nil }
            end = power
        }
        return end
    }

    private func digits(_ start: Int) -> Int? {
        let end = start + bytes.dropFirst(start).prefix { (0x30...0x39).contains($0) }.count
        return end > start ? end : nil
    }

    private func blanks(_ start: Int) -> Int {
        start + bytes.dropFirst(start).prefix { [0x20, 0x09, 0x0A, 0x0D].contains($0) }.count
    }

    private func literal(_ text: String, _ start: Int) -> Int? {
        bytes.dropFirst(start).starts(with: text.utf8) ? start + text.utf8.count : nil
    }
}
