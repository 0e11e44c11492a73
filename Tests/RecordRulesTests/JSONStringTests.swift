import RecordRules
import Testing

/// Strings with escapes, and where values and the record end.
@Suite struct JSONStringTests {
    @Test(
        "decodes every escape",
        arguments: [
            (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b"#, "\u{8}"), (#"\f"#, "\u{C}"),
            (#"\n"#, "\n"), (#"\r"#, "\r"), (#"\t"#, "\t"), (#"\u0000"#, "\0"),
            (#"\u001f"#, "\u{1F}"), (#"\u0041"#, "A"), (#"\u007F"#, "\u{7F}"),
            (#"\u0080"#, "\u{80}"), (#"\u00e9"#, "é"), (#"\u07FF"#, "\u{7FF}"),
            (#"\u0800"#, "\u{800}"), (#"\u20aC"#, "€"), (#"\uD7ff"#, "\u{D7FF}"),
            (#"\uE000"#, "\u{E000}"), (#"\uFFFF"#, "\u{FFFF}"), (#"\ud800\udc00"#, "\u{10000}"),
            (#"\uD83D\uDE00"#, "😀"), (#"\uDBFF\uDFFF"#, "\u{10FFFF}"), (#"\\u0041"#, #"\u0041"#),
            (#"\\\\"#, #"\\"#), (#"é\n€"#, "é\n€"),
        ]
    )
    func escapes(_ escape: String, _ decoded: String) throws {
        #expect(try find("json:", in: "\"\(escape)\"") == .text(decoded))
        #expect(try find("json:/k", in: "{\"k\":\"ab\(escape)cd\"}") == .text("ab\(decoded)cd"))
    }

    @Test("decodes every code unit that is no surrogate, and matches no lone surrogate")
    func everyCodeUnit() throws {
        let rule = try Rule(Array("json:".utf8))
        var scratch = RuleScratch()
        for unit in UInt16.min...UInt16.max {
            let digits = String(unit, radix: 16)
            let padded = String(repeating: "0", count: 4 - digits.utf8.count) + digits
            let record = Array("\"\\u\(padded)\"".utf8)
            let match = rule.match(record.span, scratch: &scratch)
            let found = Found(match, in: record.span, scratch: scratch)
            let expected = Unicode.Scalar(unit).map { Found.text(String(Character($0))) }
            try #require(found == expected ?? .none, "\(padded)")
        }
    }

    @Test(
        "does not match a string with half a surrogate pair",
        arguments: [
            #"\ud800"#, #"\udbff"#, #"\udc00"#, #"\udfff"#, #"a\ud83d"#, #"\ud83dx"#,
            #"\ud83d\n"#, #"\ud83d\u0041"#, #"\ud83d\ud83d"#, #"\ude00\ud83d"#,
            #"\ud83d\ud83d\ude00"#, #"\ud83d\ude00\ude00"#, #"\ud83d\\ude00"#, #"\ud83d \ude00"#,
        ]
    )
    func loneSurrogates(_ content: String) throws {
        #expect(try find("json:", in: "\"\(content)\"") == .none)
    }

    @Test("keeps bytes that are not UTF-8, beside escapes too")
    func rawBytes() throws {
        let record = [0x22, 0xFF, 0x5C, 0x6E, 0xE2, 0x82, 0x22] as [UInt8]
        #expect(try find("json:", in: record) == .bytes([0xFF, 0x0A, 0xE2, 0x82]))
    }

    @Test("finds a quote, a backslash and a control character at every place")
    func everyPlace() throws {
        for length in 0...40 {
            for place in 0...length {
                let before = String(repeating: "x", count: place)
                let after = String(repeating: "é", count: length - place)
                #expect(try find("json:", in: "\"\(before)\"\(after)") == .text(before))
                #expect(
                    try find("json:", in: "\"\(before)\\t\(after)\"")
                        == .text("\(before)\t\(after)")
                )
                for control in ["\0", "\u{1}", "\u{1F}"] {
                    let found = try find("json:", in: "\"\(before)\(control)\(after)\"")
                    #expect(found == .json(.controlCharacter, at: place + 1))
                }
            }
        }
    }

    @Test("tells every byte that needs an escape from every other")
    func everyByte() throws {
        for byte in UInt8.min...UInt8.max where byte != 0x22 && byte != 0x5C {
            for place in 0...16 {
                var record = [UInt8](repeating: 0x80, count: 17)
                record[place] = byte
                let found = try find("json:", in: [0x22] + record + [0x22])
                let isControl = byte < 0x20
                #expect(
                    found == (isControl ? .json(.controlCharacter, at: place + 1) : .bytes(record))
                )
            }
        }
    }

    @Test("calls a document cut anywhere before the value's end broken there, and never guesses")
    func everyTruncation() throws {
        let document = #"""
             {"pad":[1,-2.5e-3,true,null,{"x":{}},[[]]],"esc\u0041\"":"a\\\ud83d\ude00" ,
              "user" : {"name":"é","id" : 4711 , "tags":["a","b"],"s":"t\t"},"z":0}
            """#
        let bytes = Array(document.utf8)
        // The rule, what it finds, and the text up to which the document must be there. A number
        // ends where something else begins.
        let wanted: [(rule: String, found: Found, end: String)] = [
            ("json:/user/id", .text("4711"), "4711 "),
            ("json:/user/s", .text("t\t"), #""t\t""#),
            ("json:/user/tags", .text(#"["a","b"]"#), #"["a","b"]"#),
            ("json:/user/tags/1", .text("b"), #"["a","b""#),
            ("json:/user/name", .text("é"), #""é""#),
            ("json:/user/none", .none, #""s":"t\t"}"#),
            ("json:/pad/3", .none, "null,"),
            ("json:/pad/1", .text("-2.5e-3"), "-2.5e-3,"),
            ("json:/pad/4/x", .text("{}"), #"{"x":{}"#),
            ("json:/escA\"", .text("a\\😀"), #"\ude00""#),
            ("json:/z", .text("0"), #""z":0}"#),
            ("json:/none", .none, #""z":0}"#),
        ]
        for (rule, found, endText) in wanted {
            let end = try #require(document.range(of: endText))
            for length in 0...bytes.count {
                let cut = try find(rule, in: Array(bytes.prefix(length)))
                let expected = length < end ? Found.json(.endsEarly, at: length) : found
                try #require(cut == expected, "\(rule), \(length) bytes")
            }
        }
    }

    @Test("nests to 512, and no deeper")
    func nesting() throws {
        let deep = String(repeating: "[", count: 512) + "7" + String(repeating: "]", count: 512)
        let tooDeep = "[\(deep)]"
        let members = String(repeating: #"{"a":"#, count: 512) + "7"
        #expect(try find("json:", in: deep) == .text(deep))
        #expect(try find("json:" + String(repeating: "/0", count: 512), in: deep) == .text("7"))
        #expect(try find("json:", in: tooDeep) == .json(.nestedTooDeep, at: 512))
        #expect(
            try find("json:" + String(repeating: "/0", count: 513), in: tooDeep)
                == .json(.nestedTooDeep, at: 512)
        )
        #expect(
            try find("json:" + String(repeating: "/a", count: 512), in: members + "}")
                == .text("7")
        )
        #expect(try find("json:/1", in: "[\(deep),7]") == .json(.nestedTooDeep, at: 512))
        #expect(try find("json:/1", in: "[\(deep.dropFirst().dropLast()),7]") == .text("7"))
    }

    @Test("remembers at every depth what is to be closed")
    func closing() throws {
        // The kinds of container vary with a period that is none of the machine's.
        let kinds = (0..<512).map { $0 % 3 == 1 || $0 % 7 == 2 }
        let opened = kinds.map { $0 ? #"{"a":"# : "[" }.joined()
        let closers = kinds.reversed().map { UInt8(ascii: $0 ? "}" : "]") }
        let whole = Array(opened.utf8) + [0x37] + closers
        #expect(try find("json:", in: whole) == .bytes(whole))
        for index in closers.indices {
            var swapped = whole
            let place = whole.count - closers.count + index
            let isObject = whole[place] == UInt8(ascii: "}")
            swapped[place] = UInt8(ascii: isObject ? "]" : "}")
            // The number in the innermost container ends at either.
            let flaw: JSONFlaw = isObject ? .memberEndExpected : .elementEndExpected
            #expect(try find("json:", in: swapped) == .json(flaw, at: place))
        }
    }
}

extension String {
    /// How many bytes there are up to the end of the first `text`, or `nil` if it is not there.
    fileprivate func range(of text: String) -> Int? {
        let bytes = Array(utf8)
        let text = Array(text.utf8)
        return bytes.indices.first { bytes[$0...].starts(with: text) }.map { $0 + text.count }
    }
}
