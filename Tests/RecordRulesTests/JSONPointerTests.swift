import RecordRules
import Testing

/// What `json:POINTER` finds.
@Suite struct JSONPointerTests {
    /// The document of RFC 6901, section 5.
    private static let rfcDocument = #"""
        {
           "foo": ["bar", "baz"],
           "": 0,
           "a/b": 1,
           "c%d": 2,
           "e^f": 3,
           "g|h": 4,
           "i\\j": 5,
           "k\"l": 6,
           " ": 7,
           "m~n": 8
        }
        """#

    @Test(
        "finds what RFC 6901 says",
        arguments: [
            ("", rfcDocument), ("/foo", #"["bar", "baz"]"#), ("/foo/0", "bar"), ("/", "0"),
            ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), (#"/i\j"#, "5"),
            (#"/k"l"#, "6"), ("/ ", "7"), ("/m~0n", "8"),
        ]
    )
    func rfcExamples(_ pointer: String, _ value: String) throws {
        #expect(try find("json:\(pointer)", in: Self.rfcDocument) == .text(value))
    }

    @Test("gives the text of a value as it stands, and a string without its quotes")
    func values() throws {
        let record = #" { "s" : "é x" , "n" : -1.50e+3 , "t":true, "f":false, "o":{ "a" : [ ] }} "#
        #expect(try find("json:/s", in: record) == .text("é x"))
        #expect(try find("json:/n", in: record) == .text("-1.50e+3"))
        #expect(try find("json:/t", in: record) == .text("true"))
        #expect(try find("json:/f", in: record) == .text("false"))
        #expect(try find("json:/o", in: record) == .text(#"{ "a" : [ ] }"#))
        #expect(try find("json:/o/a", in: record) == .text("[ ]"))
        #expect(try find("json:", in: "\t12\n") == .text("12"))
        #expect(try find("json:", in: #"  "whole"  "#) == .text("whole"))
        #expect(try find("json:/e", in: #"{"e":""}"#) == .text(""))
    }

    @Test("points at a plain string in the record, and decodes another one")
    func inPlace() throws {
        var scratch = RuleScratch()
        let rule = try Rule(Array("json:/k".utf8))
        let plain = Array(#"{"k":"abc"}"#.utf8)
        #expect(rule.match(plain.span, scratch: &scratch) == .range(6..<9))
        let escaped = Array(#"{"k":"a\u0062c"}"#.utf8)
        #expect(rule.match(escaped.span, scratch: &scratch) == .decoded)
        #expect(scratch.bytes.count == 3)
    }

    @Test("does not match what is missing, null, or within a value that has no members")
    func missing() throws {
        let record = #"{"a":{"b":null,"c":[1,null]},"d":"text","e":7}"#
        for pointer in [
            "/x", "/a/x", "/a/b", "/a/b/x", "/a/c/1", "/a/c/2", "/a/c/x", "/d/0", "/d/x", "/e/0",
            "/A", "//a", "/a/", "/",
        ] {
            #expect(try find("json:\(pointer)", in: record) == .none, "\(pointer)")
        }
        #expect(try find("json:", in: "null") == .none)
        #expect(try find("json:/a", in: "[]") == .none)
        #expect(try find("json:/0", in: "{}") == .none)
    }

    @Test("takes an index without leading zeros or sign, and never the one behind the end")
    func indices() throws {
        let record = "[[0,1,2,3,4,5,6,7,8,9,10],-1]"
        #expect(try find("json:/0/0", in: record) == .text("0"))
        #expect(try find("json:/0/10", in: record) == .text("10"))
        #expect(try find("json:/1", in: record) == .text("-1"))
        for index in ["00", "01", "010", "-", "-0", "-1", "+1", "1.0", "1e0", " 1", "", "11", "x"] {
            #expect(try find("json:/0/\(index)", in: record) == .none, "\(index)")
        }
        #expect(try find("json:/99999999999999999999999", in: record) == .none)
        #expect(try find("json:/\(Int.max)", in: record) == .none)
    }

    @Test("takes digits and - as names in an object")
    func indexLikeNames() throws {
        let record = #"{"0":"zero","01":"one","-":"minus"}"#
        #expect(try find("json:/0", in: record) == .text("zero"))
        #expect(try find("json:/01", in: record) == .text("one"))
        #expect(try find("json:/-", in: record) == .text("minus"))
    }

    @Test("takes the first of duplicate members")
    func duplicates() throws {
        #expect(try find("json:/a", in: #"{"a":1,"a":2}"#) == .text("1"))
        #expect(try find("json:/a", in: #"{"a":null,"a":2}"#) == .none)
        #expect(try find("json:/a/b", in: #"{"a":{"c":1},"a":{"b":2}}"#) == .none)
        #expect(try find("json:/a", in: #"{"\u0061":1,"a":2}"#) == .text("1"))
    }

    @Test("compares names as they are decoded")
    func escapedNames() throws {
        let record = #"{"\u00e9":1,"\ud83d\ude00":2,"a\/b":3,"\t":4,"ab":5,"abc":6,"\ud800":7}"#
        #expect(try find("json:/é", in: record) == .text("1"))
        #expect(try find("json:/😀", in: record) == .text("2"))
        #expect(try find("json:/a~1b", in: record) == .text("3"))
        #expect(try find("json:/\t", in: record) == .text("4"))
        #expect(try find("json:/abc", in: record) == .text("6"))
        #expect(try find(#"json:/\ud800"#, in: record) == .none)
        #expect(try find("json:/\u{FFFD}", in: record) == .none)
    }

    @Test("compares names byte for byte, whether or not they are UTF-8")
    func rawNames() throws {
        let rule = try Rule(Array("json:/".utf8) + [0xE9])
        let record = [0x7B, 0x22, 0xE9, 0x22, 0x3A, 0x22, 0xFF, 0x22, 0x7D] as [UInt8]
        var scratch = RuleScratch()
        #expect(rule.match(record.span, scratch: &scratch) == .range(6..<7))
    }

    @Test("does not look at what stands behind the value")
    func behind() throws {
        #expect(try find("json:/a", in: #"{"a":"x"garbage"#) == .text("x"))
        #expect(try find("json:/a", in: #"{"a":1,garbage"#) == .text("1"))
        #expect(try find("json:/a", in: #"{"a":[1]"#) == .text("[1]"))
        #expect(try find("json:/a/x", in: #"{"a":{}garbage"#) == .none)
        #expect(try find("json:/x", in: #"{"a":1} garbage"#) == .none)
    }

    @Test("holds to the grammar whatever stands before the value")
    func before() throws {
        #expect(try find("json:/b", in: #"{"a":01,"b":2}"#) == .json(.badNumber, at: 6))
        #expect(
            try find("json:/b", in: #"{"a":[{}{}],"b":2}"#) == .json(.elementEndExpected, at: 8)
        )
        #expect(try find("json:/b", in: #"{"\x":1,"b":2}"#) == .json(.badEscape, at: 2))
        #expect(try find("json:/a/b", in: #"{"a":tru}"#) == .json(.badLiteral, at: 8))
        #expect(try find("json:/a", in: #"{"a":"\ud800"}"#) == .none)
        #expect(try find("json:/b", in: #"{"a":"\ud800","b":2}"#) == .text("2"))
    }

    @Test("says where and how a record is broken, in one line")
    func description() throws {
        let found = try find("json:/b", in: #"{"a" 1}"#)
        guard case .broken(let why) = found else {
            Issue.record("\(found)")
            return
        }
        #expect("\(why)" == "broken JSON at byte 5: a colon was expected")
    }
}
