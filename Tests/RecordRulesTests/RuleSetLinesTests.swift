import RecordRules
import Testing

/// Many lines at a time, of which each has to have what it has alone.
@Suite("Rules that are asked for lines")
struct RuleSetLinesTests {
    /// What is found in each line by ``RuleSet/matchLines(_:from:ends:into:template:scratch:)``, as
    /// far as it goes, and alone where it stops; and how many were found by it.
    private func found(
        _ set: RuleSet,
        _ lines: [[UInt8]]
    ) -> (found: [Found], together: Int) {
        var template = LineTemplate()
        var scratch = RuleScratch()
        var places = InlineArray<128, Range<Int>>(repeating: 0..<0)
        var found: [Found] = []
        var together = 0
        while found.count < lines.count {
            // Not at the front of the window, nor at its end.
            var window = Array("front".utf8)
            var ends: [Int] = []
            for line in lines[found.count...].prefix(100) {
                window += line + [10]
                ends.append(window.count - 1)
            }
            window += Array(#"{"id":"behind"}"#.utf8)
            let count = set.matchLines(
                window.span,
                from: 5,
                ends: ends.span,
                into: &places,
                template: &template,
                scratch: &scratch
            )
            together += count
            for place in 0..<count { found.append(.bytes(Array(window[places[place]]))) }
            if count < ends.count {
                let line = lines[found.count]
                let match = set.firstMatch(line.span, scratch: &scratch)
                if case .range = match { Issue.record("stopped at a line that has a range") }
                found.append(Found(match, in: line.span, scratch: scratch))
            }
        }
        return (found, together)
    }

    private func alone(_ set: RuleSet, _ lines: [[UInt8]]) -> [Found] {
        lines.map { line in
            var scratch = RuleScratch()
            let match = set.firstMatch(line.span, scratch: &scratch)
            return Found(match, in: line.span, scratch: scratch)
        }
    }

    /// A generator of numbers that is the same everywhere.
    private struct Numbers {
        private var state: UInt64 = 7
        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        mutating func pick<Element>(_ choices: [Element]) -> Element {
            choices[below(choices.count)]
        }
    }

    /// Objects that are mostly alike: one in some is of another layout, and some are broken.
    private static let objects: [[UInt8]] = {
        var numbers = Numbers()
        let scalars = [
            "1", "-0", "17.5e-3", "1795000000000", "12345678", "true", "false", "null", "\"\"",
            "\"x\"", "\"a b, c: d\"", "\"\\u0041\\n\"", "\"{\\\"id\\\":1}\"", "01", "1.", "tru",
            "\"open", "", "{}", "[1,2]", "{\"id\":3}",
        ]
        return (0..<3000).map { index in
            let colon = index / 500 % 2 == 0 ? ": " : ":"
            let names = numbers.below(40) == 0 ? ["a", "id", "b"] : ["ts", "user", "id"]
            let first = scalars[numbers.below(numbers.below(10) == 0 ? scalars.count : 9)]
            let value = scalars[numbers.below(numbers.below(10) == 0 ? scalars.count : 11)]
            let inner = "{\"\(names[2])\"\(colon)\(value), \"plan\": 1}"
            let text = "{\"\(names[0])\"\(colon)\(first), \"\(names[1])\"\(colon)\(inner)"
            return Array((text + (numbers.below(50) == 0 ? "" : "}")).utf8)
        }
    }()

    @Test(
        "find in each what they find in it alone",
        arguments: [
            "json:/user/id", "json:/ts", "json:/user", "json:", "json:/user/plan", "json:/0",
            "field:2", "field:-1", "field:2:,", "before:,", "bytes:2-6", "const:x",
            "regex:id\": ?([a-z0-9]+)",
        ]
    )
    func asAlone(rule: String) throws {
        let set = RuleSet([try Rule(Array(rule.utf8))])
        #expect(found(set, Self.objects).found == alone(set, Self.objects))
    }

    @Test("find most of them together where they are alike")
    func together() throws {
        let lines = (1...500).map { Array("{\"a\":\($0),\"b\":\"\($0)\"}".utf8) }
        let set = RuleSet([try Rule(Array("json:/b".utf8))])
        let answer = found(set, lines)
        #expect(answer.together == 500)
        #expect(answer.found == (1...500).map { Found.text("\($0)") })
    }

    @Test("take a member's name for no value, whatever the records before had there")
    func names() throws {
        // The same texts between the scalars, but for the name.
        let lines = ["{\"a\":1,\"b\":2}", "{\"c\":1,\"b\":3}", "{\"b\":1,\"b\":4}"]
        let set = RuleSet([try Rule(Array("json:/b".utf8))])
        let answer = found(set, (lines + lines).map { Array($0.utf8) })
        #expect(answer.found == ["2", "3", "1", "2", "3", "1"].map { Found.text($0) })
    }

    @Test("leave a line to the other rules in which the first finds nothing")
    func laterRules() throws {
        let set = RuleSet(try ["before:=", "const:x"].map { try Rule(Array($0.utf8)) })
        let answer = found(set, ["a=1", "b", "c=2"].map { Array($0.utf8) })
        #expect(answer.found == [.text("a"), .text("x"), .text("c")])
    }
}
