import KafkaProducer
import Testing
import kpipe

/// The texts for people, against files that a person has read.
@Suite("Help and manual")
@MainActor
struct HelpTests {
    private func printed(_ words: String...) throws -> String {
        let action = try CommandLineAction(Typed.arguments(words), in: Typed.environment())
        guard case .print(let text) = action else { throw Typed.NotProducing() }
        return text
    }

    @Test("--help is the text of its snapshot")
    func help() throws {
        try Snapshot.expect(printed("--help"), "help.txt")
        #expect(try printed("-h") == printed("--help"))
    }

    @Test("-X list is the text of its snapshot")
    func properties() throws {
        try Snapshot.expect(printed("-Xlist"), "properties.txt")
    }

    @Test("-X dump is the text of its snapshot")
    func dump() throws {
        try Snapshot.expect(printed("-Xdump"), "dump.txt")
    }

    @Test("--version is the text of its snapshot")
    func version() throws {
        try Snapshot.expect(printed("--version"), "version.txt")
        #expect(try printed("-V") == printed("--version"))
    }

    @Test("the README's table is the text of its snapshot")
    func readme() throws {
        try Snapshot.expect(printed("--generate=readme"), "readme.md")
    }

    @Test("the manual page in the repository is the one that make man writes")
    func manual() throws {
        try Snapshot.expect(printed("--generate", "man"), "../../../man/kpipe.1")
    }

    @Test("--help fits 80 columns, without tabs and blanks at line ends")
    func columns() throws {
        for line in try printed("--help").split(separator: "\n") {
            #expect(line.count <= 80, "\(line)")
            #expect(!line.hasSuffix(" ") && !line.contains("\t"), "\(line)")
        }
    }

    @Test("show every option that is built, and no other")
    func complete() throws {
        let help = try printed("--help")
        let manual = try printed("--generate=man")
        for option in OptionTable.options {
            for name in option.longNames.prefix(1) {
                let isThere = help.contains("--\(name) ") || help.contains("--\(name)\n")
                #expect(isThere == option.isDocumented, "--\(name)")
                let typed = "--\(name)".replacing("-", with: #"\-"#)
                #expect(manual.contains(#"\fB\#(typed)\fR"#) == option.isDocumented, "--\(name)")
            }
        }
    }

    @Test("texts that are nothing are refused")
    func nothing() {
        #expect(throws: CommandError.usage("--generate man or --generate readme")) {
            _ = try Typed.action("--generate=poem")
        }
    }

    @Test("no line of the manual page is a request by accident")
    func requests() throws {
        let requests = Set([
            "TH", "SH", "SS", "PP", "TP", "IP", "RS", "RE", "nf", "fi", "B", "BR", #"\""#,
        ])
        for line in try printed("--generate=man").split(separator: "\n") {
            #expect(!line.hasPrefix("'"))
            guard line.hasPrefix(".") else { continue }
            let request = line.dropFirst().prefix { $0 != " " }
            #expect(requests.contains(String(request)), "\(line)")
        }
    }
}
