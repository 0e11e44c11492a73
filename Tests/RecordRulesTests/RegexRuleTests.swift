import RecordRules
import Testing

/// `regex:ERE`.
@Suite struct RegexRuleTests {
    @Test(
        "takes group 1, or the whole match without a group",
        arguments: [
            ("user=([a-z0-9]+)", "x user=u7;", "u7"), ("[0-9]+", "ab12cd34", "12"),
            ("(a)(b)", "xab", "a"), ("^.{3}", "abcdef", "abc"), ("c$", "abc", "c"),
            ("x*", "abc", ""), ("()b", "ab", ""), ("a|b", "xb", "b"),
            ("[[:digit:]]{2}", "a1b23", "23"),
            ("a.c", "a\nc", "a\nc"), ("(a|ab)(c|bcd)", "abcd", "a"), (#"\."#, "a.b", "."),
        ]
    )
    func groups(_ expression: String, _ record: String, _ bytes: String) throws {
        #expect(try find("regex:\(expression)", in: record) == .text(bytes))
    }

    @Test("does not match where the expression does not, or its first group took no part")
    func noMatch() throws {
        #expect(try find("regex:x", in: "abc") == .none)
        #expect(try find("regex:x", in: "") == .none)
        #expect(try find("regex:a(b)?", in: "ac") == .none)
        #expect(try find("regex:(x)|(b)", in: "ab") == .none)
        #expect(try find("regex:^b", in: "a\nb") == .none)
        #expect(try find("regex:USER", in: "user") == .none)
    }

    @Test("goes on behind NUL bytes, and knows the record's ends from them")
    func nulBytes() throws {
        #expect(try find("regex:user=([a-z]+)", in: "\0\0user=ab\0c") == .text("ab"))
        #expect(try find("regex:b$", in: "a\0b") == .text("b"))
        #expect(try find("regex:a$", in: "a\0b") == .none)
        #expect(try find("regex:^a[^x]b$", in: "a\0b") == .text("a\0b"))
        #expect(try find("regex:a[[:cntrl:]]b", in: "a\0b") == .text("a\0b"))
    }

    @Test("does not let a dot match NUL, as glibc has it")
    func dotAndNUL() throws {
        #expect(try find("regex:a.b", in: "a\0b") == .none)
        #expect(try find("regex:.+", in: "ab\0c") == .text("ab"))
    }

    @Test("does not read past the record, where its memory goes on")
    func recordEnds() throws {
        let rule = try Rule(Array("regex:[a-z]+$".utf8))
        let memory = Array("abcdef".utf8)
        var scratch = RuleScratch()
        #expect(rule.match(memory.span.extracting(2..<4), scratch: &scratch) == .range(0..<2))
    }

    @Test("takes every byte for a character, as the C locale does")
    func bytes() throws {
        #expect(try find("regex:^..$", in: "é") == .text("é"))
        #expect(try find("regex:^.", in: [0xFF, 0x61]) == .bytes([0xFF]))
        #expect(try find("regex:[[:alpha:]]+", in: "éa") == .text("a"))
        let rule = try Rule(Array("regex:".utf8) + [0xE9])
        var scratch = RuleScratch()
        let record = [0x61, 0xE9] as [UInt8]
        #expect(rule.match(record.span, scratch: &scratch) == .range(1..<2))
    }

    @Test("is copied and used from several tasks")
    func tasks() async throws {
        let rule = try Rule(Array("regex:k=([0-9]+)".utf8))
        let found = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    var scratch = RuleScratch()
                    let record = Array("k=\(number);".utf8)
                    let match = rule.match(record.span, scratch: &scratch)
                    return match == .range(2..<record.count - 1)
                }
            }
            return await group.allSatisfy(\.self)
        }
        #expect(found)
    }
}
