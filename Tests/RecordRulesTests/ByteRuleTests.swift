import RecordRules
import Testing

/// `bytes:FROM-TO`, `before:DELIM` and `const:TEXT`.
@Suite struct ByteRuleTests {
    @Test(
        "takes the bytes of a range that is whole",
        arguments: [
            ("0-8", "01234567"), ("0-1", "0"), ("3-5", "34"), ("-4", "0123"), ("8-", "89"),
            ("0-10", "0123456789"), ("-", "0123456789"), ("0-", "0123456789"), ("9-10", "9"),
            ("9-", "9"), ("007-008", "7"),
        ]
    )
    func ranges(_ range: String, _ bytes: String) throws {
        #expect(try find("bytes:\(range)", in: "0123456789") == .text(bytes))
    }

    @Test("does not match where a byte of the range is missing")
    func shortRecords() throws {
        for range in ["0-11", "-11", "9-11", "10-", "10-11", "11-", "50-60", "0-\(Int.max)"] {
            #expect(try find("bytes:\(range)", in: "0123456789") == .none, "\(range)")
        }
        for range in ["-", "0-", "-1", "0-1"] {
            #expect(try find("bytes:\(range)", in: "") == .none, "\(range)")
        }
    }

    @Test("takes bytes that are not text")
    func rawBytes() throws {
        #expect(try find("bytes:1-4", in: [1, 0, 0xFF, 0x80, 2]) == .bytes([0, 0xFF, 0x80]))
    }

    @Test(
        "takes what stands before the first delimiter",
        arguments: [
            (":", "user:name:x", "user"), (":", ":x", ""), (" ", "a b", "a"),
            ("::", "a:b::c", "a:b"), (#"\t"#, "a b\tc", "a b"), (#"\n"#, "a\nb", "a"),
            (#"\r\n"#, "a\rb\r\nc", "a\rb"), (#"\0"#, "a\0b", "a"), (#"\\"#, #"a\b"#, "a"),
            (#"\x1c"#, "a\u{1C}b", "a"), (#"\x1C\x3a"#, "a\u{1C}b\u{1C}:", "a\u{1C}b"),
            ("é", "aéb", "a"), ("aab", "aaab", "a"), ("json:", "x-json:y", "x-"),
        ]
    )
    func delimiters(_ delimiter: String, _ record: String, _ bytes: String) throws {
        #expect(try find("before:\(delimiter)", in: record) == .text(bytes))
    }

    @Test("does not match without the delimiter, or with a part of it")
    func noDelimiter() throws {
        #expect(try find("before:,", in: "") == .none)
        #expect(try find("before:,", in: "abc") == .none)
        #expect(try find("before:::", in: "a:") == .none)
        #expect(try find("before:abc", in: "ababab") == .none)
    }

    @Test("takes any byte as delimiter, as an escape and as it is")
    func everyDelimiter() throws {
        var scratch = RuleScratch()
        for byte in UInt8.min...UInt8.max {
            let digits = String(byte, radix: 16)
            let escape = #"\x"# + (digits.utf8.count == 1 ? "0" : "") + digits
            let record = [byte ^ 1, byte ^ 0x80, byte, byte]
            let escaped = try Rule(Array("before:\(escape)".utf8))
            #expect(escaped.match(record.span, scratch: &scratch) == .range(0..<2))
            guard byte != UInt8(ascii: "\\") else { continue }
            let plain = try Rule(Array("before:".utf8) + [byte])
            #expect(plain.match(record.span, scratch: &scratch) == .range(0..<2))
        }
    }

    @Test("finds a delimiter at every place, whatever stands around it")
    func everyPlace() throws {
        for length in 0...40 {
            for place in 0...length {
                // The byte above the delimiter's is what a search by words could mistake for it.
                let before = [UInt8](repeating: 0x2D, count: place)
                let after = [UInt8](repeating: 0x2D, count: length - place)
                #expect(try find("before:,", in: before + [0x2C] + after) == .bytes(before))
                #expect(
                    try find("before:,-", in: before + [0x2C] + after + [0x2D]) == .bytes(before)
                )
            }
        }
    }

    @Test("gives a constant for every record")
    func constants() throws {
        #expect(try find("const:eu-west", in: "anything") == .text("eu-west"))
        #expect(try find("const:eu-west", in: "") == .text("eu-west"))
        #expect(try find("const:", in: "anything") == .text(""))
        #expect(try find(#"const:a:b\n"#, in: "anything") == .text(#"a:b\n"#))
        let rule = try Rule(Array("const:".utf8) + [0xFF, 0x00])
        var scratch = RuleScratch()
        let record: [UInt8] = []
        let match = rule.match(record.span, scratch: &scratch)
        #expect(Found(match, in: record.span, scratch: scratch) == .bytes([0xFF, 0x00]))
    }
}
