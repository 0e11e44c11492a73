import Testing
import kpipe

@Suite("A file of properties")
struct ConfigurationFileTests {
    /// Each entry as `line name value`, with `|` around the value.
    private func read(_ text: String) -> [String] {
        ConfigurationFile.entries(of: Array(text.utf8)).map { entry in
            let name = String(decoding: entry.name, as: UTF8.self)
            let value = String(decoding: entry.value, as: UTF8.self)
            return "\(entry.line) \(name) |\(value)|"
        }
    }

    @Test("has a name and a value a line, with blanks where they please")
    func lines() {
        #expect(
            read("acks=all\n  linger.ms = 5 \n\nclient.id:a b\nretries\t 3\nempty=\nalone")
                == [
                    "1 acks |all|", "2 linger.ms |5|", "4 client.id |a b|", "5 retries |3|",
                    "6 empty ||", "7 alone ||",
                ]
        )
    }

    @Test("ends lines with LF, CRLF or CR, the last one perhaps with nothing")
    func lineEnds() {
        #expect(read("a=1\r\nb=2\rc=3\nd=4") == ["1 a |1|", "2 b |2|", "3 c |3|", "4 d |4|"])
        #expect(read("") == [])
        #expect(read("\n\n") == [])
    }

    @Test("has comments, which a backslash does not continue")
    func comments() {
        #expect(
            read("# a=1\n! b=2\n  # c=3 \\\nd=4\ne=5 # no comment") == [
                "4 d |4|", "5 e |5 # no comment|",
            ]
        )
    }

    @Test("separates at the first of equals sign, colon and blank that is not escaped")
    func separators() {
        #expect(read("a=b=c") == ["1 a |b=c|"])
        #expect(read("a:b=c") == ["1 a |b=c|"])
        #expect(read("a b=c") == ["1 a |b=c|"])
        #expect(read(#"a\=b\:c\ d=e\=f\:g"#) == ["1 a=b:c d |e=f:g|"])
        #expect(read("=x") == ["1  |x|"])
    }

    @Test("continues a line behind an odd number of backslashes, and drops the blanks there")
    func continuations() {
        #expect(read("a=1,\\\n   2,\\\n\t3\nb=4") == ["1 a |1,2,3|", "4 b |4|"])
        #expect(read("a=1\\\\\nb=2") == [#"1 a |1\|"#, "2 b |2|"])
        #expect(read("a=1\\\\\\\n2") == [#"1 a |1\2|"#])
        #expect(read("a=1\\") == ["1 a |1|"])
        #expect(read("a=1\\\n#2") == ["1 a |1#2|"])
        #expect(read("a=1\\\r\n2\r\nb=3") == ["1 a |12|", "3 b |3|"])
    }

    @Test("holds PEM text over continued lines")
    func pem() {
        let text = "ssl.keystore.key=-----BEGIN-----\\n\\\n  MIIB\\n\\\n  -----END-----\nb=1"
        #expect(
            read(text) == ["1 ssl.keystore.key |-----BEGIN-----\nMIIB\n-----END-----|", "4 b |1|"]
        )
    }

    @Test("has Java's escapes, and leaves a backslash before any other letter")
    func escapes() {
        #expect(read(##"a=\t\n\r\f\\\#\!\"x\ "##) == ["1 a |\t\n\r\u{c}\\#!\"x |"])
        #expect(read(#"a=\u00e9\u20AC\ud83d\ude00"#) == ["1 a |é€😀|"])
        #expect(read(#"a=DOMAIN\user\0"#) == [#"1 a |DOMAIN\user\0|"#])
        #expect(read(#"a=\u12"#) == [#"1 a |\u12|"#])
        #expect(read(#"a=\ud83d!"#) == ["1 a |\u{fffd}!|"])
    }

    @Test("keeps values of any length, and bytes that are not UTF-8")
    func anyBytes() {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let text = Array("a=".utf8) + long + [0xff, 0x00, 0x0a]
        let entries = ConfigurationFile.entries(of: text)
        #expect(entries == [.init(name: Array("a".utf8), value: long + [0xff, 0x00], line: 1)])
    }

    @Test("may begin with a byte order mark")
    func mark() {
        #expect(read("\u{feff}a=1") == ["1 a |1|"])
    }

    @Test("holds a JAAS line as it stands")
    func jaas() {
        let line = #"sasl.jaas.config=org.apache.Plain required username="u" password='p';"#
        #expect(
            read(line)
                == [#"1 sasl.jaas.config |org.apache.Plain required username="u" password='p';|"#]
        )
    }
}
