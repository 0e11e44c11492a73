import RecordRules
import Testing

/// `field:N` and `field:N:SEP`.
@Suite struct FieldRuleTests {
    @Test("splits at runs of blanks, and ignores blanks at either end")
    func blanks() throws {
        let record = " \t one\t\ttwo \n three  "
        let fields = ["one", "two", "three"]
        for (index, field) in fields.enumerated() {
            #expect(try find("field:\(index + 1)", in: record) == .text(field))
            #expect(try find("field:\(index - fields.count)", in: record) == .text(field))
        }
        for number in [4, 5, 1000, -4, -5, -1000] {
            #expect(try find("field:\(number)", in: record) == .none)
        }
    }

    @Test("takes space, tab and newline alone for blanks")
    func everyByte() throws {
        for byte in UInt8.min...UInt8.max {
            let found = try find("field:2", in: [0x61, byte, 0x62])
            let isBlank = [0x20, 0x09, 0x0A].contains(byte)
            #expect(found == (isBlank ? .text("b") : .none))
        }
    }

    @Test("finds no field in a record of blanks or of nothing")
    func noFields() throws {
        for record in ["", " ", "\t\n "] {
            #expect(try find("field:1", in: record) == .none)
            #expect(try find("field:-1", in: record) == .none)
        }
    }

    @Test(
        "splits at each separator, empty fields included",
        arguments: [
            (",", "a,b,c", ["a", "b", "c"]),
            (",", ",a,,b,", ["", "a", "", "b", ""]),
            (",", "a", ["a"]),
            (",", "", [""]),
            (",", ",", ["", ""]),
            (" ", "  a", ["", "", "a"]),
            ("\t", "a b\tc d", ["a b", "c d"]),
            (":", "a:b:c", ["a", "b", "c"]),
            ("::", "a::b:c:::d", ["a", "b:c", ":d"]),
            ("aa", "baaab", ["b", "ab"]),
            ("aa", "aaaa", ["", "", ""]),
            (", ", "x, y,z, ", ["x", "y,z", ""]),
            ("é", "aébéc", ["a", "b", "c"]),
            ("é", "aè", ["aè"]),
            (#"\t"#, #"a\tb"#, ["a", "b"]),
            ("long separator", "short", ["short"]),
            ("xyz", "axyxyzb", ["axy", "b"]),
        ]
    )
    func separators(_ separator: String, _ record: String, _ fields: [String]) throws {
        for (index, field) in fields.enumerated() {
            #expect(try find("field:\(index + 1):\(separator)", in: record) == .text(field))
            #expect(
                try find("field:\(index - fields.count):\(separator)", in: record) == .text(field)
            )
        }
        #expect(try find("field:\(fields.count + 1):\(separator)", in: record) == .none)
        #expect(try find("field:-\(fields.count + 1):\(separator)", in: record) == .none)
    }

    @Test("splits at any byte, NUL or not UTF-8")
    func everySeparator() throws {
        var scratch = RuleScratch()
        for byte in UInt8.min...UInt8.max {
            let rule = try Rule(Array("field:2:".utf8) + [byte])
            let other = byte ^ 0x80
            let record = [other, byte, other, other, byte]
            #expect(rule.match(record.span, scratch: &scratch) == .range(2..<4))
        }
    }

    @Test("splits far into a record, at every place")
    func everyPlace() throws {
        for length in 0...40 {
            let first = String(repeating: "-", count: length)
            #expect(try find("field:1:,", in: "\(first),\(first)") == .text(first))
            #expect(try find("field:2:,", in: "\(first),\(first)") == .text(first))
            #expect(try find("field:2:,;", in: "\(first),;\(first),") == .text(first + ","))
        }
    }
}
