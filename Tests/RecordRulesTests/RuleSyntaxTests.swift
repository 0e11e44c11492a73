import RecordRules
import Testing

/// Rules that cannot be read.
@Suite struct RuleSyntaxTests {
    @Test(
        "says what is wrong with a rule",
        arguments: [
            ("", .unknownRule), ("/user/id", .unknownRule), ("json", .unknownRule),
            ("JSON:/a", .unknownRule), (" json:/a", .unknownRule), ("jsonpath:$.a", .unknownRule),
            (":", .unknownRule), ("pcre", .unknownRule),
            ("json:user", .pointerWithoutSlash), ("json:#/user", .pointerWithoutSlash),
            ("json: /a", .pointerWithoutSlash), ("json:~0", .pointerWithoutSlash),
            ("json:/~", .pointerTilde), ("json:/a~2", .pointerTilde), ("json:/a~/b", .pointerTilde),
            ("json:/~~0", .pointerTilde),
            ("field:", .fieldNumber), ("field:a", .fieldNumber), ("field:1a", .fieldNumber),
            ("field:+1", .fieldNumber), ("field:--1", .fieldNumber), ("field:-", .fieldNumber),
            ("field:1.5", .fieldNumber), ("field: 1", .fieldNumber), ("field::,", .fieldNumber),
            ("field:99999999999999999999", .fieldNumber), ("field:0", .fieldZero),
            ("field:-0", .fieldZero), ("field:00:,", .fieldZero), ("field:1:", .emptySeparator),
            ("regex:", .emptyExpression), ("regex:a\0b", .expressionHasNUL),
            ("bytes:", .byteRange), ("bytes:8", .byteRange), ("bytes:a-b", .byteRange),
            ("bytes:0-8-9", .byteRange), ("bytes:0:8", .byteRange), ("bytes:--8", .byteRange),
            ("bytes:+0-8", .byteRange), ("bytes:0-99999999999999999999", .byteRange),
            ("bytes:4-4", .emptyByteRange), ("bytes:5-4", .emptyByteRange),
            ("bytes:0-0", .emptyByteRange), ("bytes:-0", .emptyByteRange),
            ("before:", .emptyDelimiter),
        ] as [(String, RuleSyntaxError.Problem)]
    )
    func problems(_ text: String, _ problem: RuleSyntaxError.Problem) throws {
        let error = try #require(throws: RuleSyntaxError.self) { try Rule(Array(text.utf8)) }
        #expect(error.problem == problem)
        #expect(error.rule == Array(text.utf8))
        #expect(!error.description.contains { $0.isNewline })
    }

    @Test(
        "refuses an escape that is none, in a delimiter",
        arguments: [#"\"#, #"\q"#, #"\x"#, #"\x1"#, #"\xg0"#, #"\x1g"#, #"\N"#, #"\u0041"#, #"\1"#]
    )
    func escapes(_ escape: String) throws {
        let error = try #require(throws: RuleSyntaxError.self) {
            try Rule(Array("before:a\(escape)".utf8))
        }
        guard case .delimiterEscape(let why) = error.problem else {
            Issue.record("\(error)")
            return
        }
        #expect(escape.utf8.starts(with: why.escape))
    }

    @Test("escapes control characters where it says what is wrong", arguments: UInt8(0)...0x1f)
    func controlCharacters(_ letter: UInt8) throws {
        for text in ["before:\\", "before:\\x", "before:\\x0"] {
            let error = try #require(throws: RuleSyntaxError.self) {
                try Rule(Array(text.utf8) + [letter])
            }
            #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
        }
    }

    @Test(
        "refuses an expression in the words of regex(3)",
        arguments: ["(", "[a", "a{2,1}", "*a("]
    )
    func expressions(_ expression: String) throws {
        let error = try #require(throws: RuleSyntaxError.self) {
            try Rule(Array("regex:\(expression)".utf8))
        }
        guard case .expression(let why) = error.problem else {
            Issue.record("\(error)")
            return
        }
        #expect(!why.isEmpty)
        #expect(error.description.contains(why))
    }

    @Test("names the rule and what to write instead, in one line")
    func descriptions() throws {
        func description(_ rule: String) throws -> String {
            try #require(throws: RuleSyntaxError.self) { try Rule(Array(rule.utf8)) }.description
        }
        #expect(
            try description("json:user")
                == "rule 'json:user': a JSON pointer begins with a slash; "
                + "write json:/user/id, or json: for the whole value"
        )
        #expect(try description(#"before:\q"#).contains(#"\q is not an escape; write one of \n"#))
        #expect(try description("a\n\u{1B}[0m\u{7F}").hasPrefix(#"rule 'a\x0a\x1b[0m\x7f': "#))
    }

    @Test("quotes a rule that is not UTF-8")
    func rawRule() throws {
        let text = [0xFF, 0x3A] as [UInt8]
        let error = try #require(throws: RuleSyntaxError.self) { try Rule(text) }
        #expect(error.rule == text)
        #expect(error.description.hasPrefix("rule '\u{FFFD}:': "))
    }

    @Test("keeps the text of a rule")
    func text() throws {
        let text = Array("json:/a".utf8) + [0xFF]
        #expect(try Rule(text).text == text)
    }

    @Test("decodes escapes as -D has them")
    func byteEscapes() throws {
        let text = #"a\n\r\t\0\\\x1c\xFFé"#
        let bytes = Array("a\n\r\t\0\\\u{1C}".utf8) + [0xFF] + Array("é".utf8)
        #expect(try ByteEscapes.decode(text.utf8) == bytes)
        #expect(try ByteEscapes.decode([]) == [])
        #expect(try ByteEscapes.decode([0xFF, 0x00]) == [0xFF, 0x00])
    }
}
