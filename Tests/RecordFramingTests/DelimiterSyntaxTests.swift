import RecordFraming
import Testing

@Suite("Delimiters given as arguments")
struct DelimiterSyntaxTests {
    private func parsed(_ text: String) throws -> [UInt8] {
        try DelimiterSyntax.parse(Array(text.utf8))
    }

    @Test("are their own bytes where there is no escape")
    func plain() throws {
        #expect(try parsed(":") == [0x3a])
        #expect(try parsed("ø") == [0xc3, 0xb8])
        #expect(try DelimiterSyntax.parse([0xff, 0x1c]) == [0xff, 0x1c])
    }

    @Test("have the escapes of the manual")
    func escapes() throws {
        #expect(try parsed(#"\n\r\t\0\\"#) == [0x0a, 0x0d, 0x09, 0x00, 0x5c])
        #expect(try parsed(#"\r\n"#) == [0x0d, 0x0a])
        #expect(try parsed(#"a\\nb"#) == Array(#"a\nb"#.utf8))
    }

    @Test("have two digits, and no more, in a byte by number")
    func hexadecimal() throws {
        #expect(try parsed(#"\x00"#) == [0])
        #expect(try parsed(#"\x0aabc"#) == [0x0a, 0x61, 0x62, 0x63])
        #expect(try parsed(#"\xfF\xA9"#) == [0xff, 0xa9])
        #expect(try parsed(#"\012"#) == [0x00, 0x31, 0x32])
    }

    @Test("are refused where an escape is unknown or unfinished, or nothing is there")
    func refused() {
        #expect(throws: DelimiterSyntaxError.empty) { try parsed("") }
        #expect(throws: DelimiterSyntaxError.unknownEscape(0x71)) { try parsed(#"a\q"#) }
        #expect(throws: DelimiterSyntaxError.unknownEscape(0x58)) { try parsed(#"\X00"#) }
        for text in [#"\"#, #"a\"#, #"\x"#, #"\x1"#, #"\x1g"#, #"\xg1"#, #"\x 1"#] {
            #expect(throws: DelimiterSyntaxError.unfinishedEscape) { try parsed(text) }
        }
    }
}
