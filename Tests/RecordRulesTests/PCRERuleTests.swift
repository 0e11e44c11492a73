import RecordRules
import Testing

/// `pcre:REGEX`, in a build with PCRE2 and in one without.
@Suite struct PCRERuleTests {
    private static let isBuiltIn = RuleName.builtIn.contains(.pcre)

    @Test("is refused by a build without PCRE2, whatever the expression, with the package to get")
    func missing() throws {
        guard !Self.isBuiltIn else {
            #expect(try find("pcre:a", in: "a") == .text("a"))
            return
        }
        for text in ["pcre:a", "pcre:", "pcre:("] {
            let error = try #require(throws: RuleSyntaxError.self) { try Rule(Array(text.utf8)) }
            #expect(error.problem == .pcreIsNotBuiltIn)
            #expect(error.description.contains("install libpcre2-dev"))
            #expect(error.description.contains("write regex:ERE"))
        }
    }

    /// What is found in a record, where the rule is there.
    private func expect(
        _ rule: String,
        in record: String,
        _ bytes: String?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        guard Self.isBuiltIn else { return }
        let found = try find("pcre:\(rule)", in: record)
        #expect(found == (bytes.map { .text($0) } ?? .none), sourceLocation: sourceLocation)
    }

    @Test("takes group 1, named or not, or the whole match without a group")
    func groups() throws {
        try expect(#"\buser=(\w+)"#, in: "x user=u7;", "u7")
        try expect(#"\d+"#, in: "ab12cd34", "12")
        try expect("(a)(b)", in: "xab", "a")
        try expect("(?:a)(b)", in: "xab", "b")
        try expect("(?<id>[a-z]+)=(?<value>.*)", in: "k=v", "k")
        try expect("(?|a(.)|b(.))", in: "bx", "x")
        try expect("()b", in: "ab", "")
        try expect("x*", in: "abc", "")
        try expect("(?i)USER=(.)", in: "user=x", "x")
        try expect(#"id=\K\w+"#, in: "id=abc", "abc")
        try expect("(?<=id=)..", in: "id=abc", "ab")
        try expect(#"(a+?)b"#, in: "aab", "aa")
    }

    @Test("does not match where the expression does not, or its first group took no part")
    func noMatch() throws {
        try expect("x", in: "abc", nil)
        try expect("x", in: "", nil)
        try expect("a(b)?", in: "ac", nil)
        try expect("(x)|(b)", in: "ab", nil)
        try expect("^b", in: "a\nb", nil)
    }

    @Test("works on bytes: NUL, and what is not UTF-8")
    func bytes() throws {
        try expect("^..$", in: "é", "é")
        try expect("b$", in: "a\0b", "b")
        try expect("a.b", in: "a\0b", "a\0b")
        try expect(#"a\x00(.)"#, in: "a\0b", "b")
        guard Self.isBuiltIn else { return }
        #expect(try find("pcre:^.", in: [0xff, 0x61]) == .bytes([0xff]))
        #expect(try find(#"pcre:\xe9"#, in: [0x61, 0xe9]) == .bytes([0xe9]))
    }

    @Test("works on characters where the expression asks for it, around what is none")
    func characters() throws {
        try expect("(*UTF)^.$", in: "é", "é")
        try expect(#"(*UTF)(*UCP)\w+"#, in: "- éa", "éa")
        guard Self.isBuiltIn else { return }
        #expect(try find("pcre:(*UTF)b.", in: [0xff, 0x62, 0xc3, 0xa9]) == .text("bé"))
        #expect(try find("pcre:(*UTF)a.b", in: [0x61, 0xff, 0x62]) == .none)
    }

    @Test("does not read past the record, where its memory goes on")
    func recordEnds() throws {
        guard Self.isBuiltIn else { return }
        let rule = try Rule(Array("pcre:[a-z]+$".utf8))
        let memory = Array("abcdef".utf8)
        var scratch = RuleScratch()
        #expect(rule.match(memory.span.extracting(2..<4), scratch: &scratch) == .range(0..<2))
    }

    @Test(
        "fails a record on which it would go on for ever, and takes the next",
        arguments: ["(a+)+$", "(*NO_JIT)(a+)+$", #"^(\w+\s?)*$"#]
    )
    func catastrophe(expression: String) throws {
        guard Self.isBuiltIn else { return }
        let rule = try Rule(Array("pcre:\(expression)".utf8))
        var scratch = RuleScratch()
        let hostile = [UInt8](repeating: UInt8(ascii: "a"), count: 60) + Array("!".utf8)
        #expect(rule.match(hostile.span, scratch: &scratch) == .broken(.pcreGaveUp))
        let tame = Array("aaa".utf8)
        let isMatched =
            if case .range = rule.match(tame.span, scratch: &scratch) { true } else { false }
        #expect(isMatched)
    }

    @Test("fails a record that would take more stack than there is, and does not crash")
    func deep() throws {
        guard Self.isBuiltIn else { return }
        let rule = try Rule(Array("pcre:^(a|b(?1)c)*$".utf8))
        var scratch = RuleScratch()
        let deep = [UInt8](repeating: UInt8(ascii: "b"), count: 2_000_000)
        let match = rule.match(deep.span, scratch: &scratch)
        #expect(match == .broken(.pcreGaveUp) || match == .none)
    }

    @Test(
        "refuses an expression in PCRE2's words, with the place and what to write",
        arguments: [("us(er", 5), ("[a", 2), ("a{2,1}", 5), ("*a", 0), (#"\"#, 1), ("(?<1>a)", 3)]
    )
    func expressions(expression: String, byteOffset: Int) throws {
        guard Self.isBuiltIn else { return }
        let error = try #require(throws: RuleSyntaxError.self) {
            try Rule(Array("pcre:\(expression)".utf8))
        }
        guard case .pcreExpression(let why, let place) = error.problem else {
            Issue.record("\(error)")
            return
        }
        #expect(!why.isEmpty)
        #expect(place == byteOffset, "\(error)")
        #expect(error.description.contains("\(why), at byte \(place) of the expression; write"))
    }

    @Test("is copied and used from several tasks at once")
    func tasks() async throws {
        guard Self.isBuiltIn else { return }
        let rule = try Rule(Array("pcre:k=([0-9]+)".utf8))
        let found = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    var scratch = RuleScratch()
                    let record = Array("k=\(number);".utf8)
                    return (0..<1000).allSatisfy { _ in
                        rule.match(record.span, scratch: &scratch) == .range(2..<record.count - 1)
                    }
                }
            }
            return await group.allSatisfy(\.self)
        }
        #expect(found)
    }
}
