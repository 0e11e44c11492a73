import RecordRules
import Testing

/// Several rules, of which the first that matches wins.
@Suite struct RuleSetTests {
    private func find(_ rules: [String], in record: String) throws -> Found {
        let set = RuleSet(try rules.map { try Rule(Array($0.utf8)) })
        var scratch = RuleScratch()
        let record = Array(record.utf8)
        let match = set.firstMatch(record.span, scratch: &scratch)
        return Found(match, in: record.span, scratch: scratch)
    }

    @Test("takes the first rule that matches")
    func firstWins() throws {
        let rules = ["json:/id", "json:/user/id", "const:none"]
        #expect(try find(rules, in: #"{"id":1,"user":{"id":2}}"#) == .text("1"))
        #expect(try find(rules, in: #"{"user":{"id":2}}"#) == .text("2"))
        #expect(try find(rules, in: #"{"user":{"id":null}}"#) == .text("none"))
        #expect(try find(rules.reversed(), in: #"{"id":1}"#) == .text("none"))
    }

    @Test("counts an empty match as a match")
    func emptyMatch() throws {
        #expect(try find(["before:,", "const:x"], in: ",a") == .text(""))
    }

    @Test("asks the other rules where JSON says half a surrogate pair")
    func loneSurrogate() throws {
        #expect(try find(["json:/a", "const:x"], in: #"{"a":"\ud800"}"#) == .text("x"))
    }

    @Test("lets broken JSON win over later rules, but not over an earlier match")
    func brokenWins() throws {
        let broken = Found.json(.endsEarly, at: 5)
        #expect(try find(["json:/a", "const:x"], in: #"{"a":"#) == broken)
        #expect(try find(["regex:no", "json:/a", "const:x"], in: #"{"a":"#) == broken)
        #expect(try find(["const:x", "json:/a"], in: #"{"a":"#) == .text("x"))
        // The first rule ends before the flaw, without a match; the second goes on.
        let record = #"{"a":{"x":1},"b":}"#
        #expect(
            try find(["json:/a/y", "json:/c", "const:x"], in: record)
                == .json(.valueExpected, at: 17)
        )
    }

    @Test("matches nothing without rules")
    func noRules() throws {
        #expect(RuleSet([]).isEmpty)
        #expect(try find([], in: "a") == .none)
    }

    @Test("overwrites in a scratch what an earlier record left")
    func scratchReuse() throws {
        let rule = try Rule(Array("json:".utf8))
        var scratch = RuleScratch()
        for text in ["long, longer, longest\\n", "\\n", "a\\tb"] {
            let record = Array("\"\(text)\"".utf8)
            let match = rule.match(record.span, scratch: &scratch)
            let decoded = text.replacing("\\n", with: "\n").replacing("\\t", with: "\t")
            #expect(Found(match, in: record.span, scratch: scratch) == .text(decoded))
        }
    }
}
