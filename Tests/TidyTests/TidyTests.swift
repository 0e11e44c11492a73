import Testing

@Suite("Tidy")
struct TidyTests {
    @Test("the repository follows each rule of style", arguments: Rule.all)
    func repository(rule: Rule) {
        for finding in rule.check(SourceTree.files) {
            Issue.record("\(rule.name): \(finding)")
        }
    }

    @Test("each rule accepts what follows it", arguments: Rule.all)
    func accepts(rule: Rule) {
        #expect(!rule.passing.isEmpty)
        for sample in rule.passing {
            #expect(rule.check(sample) == [])
        }
    }

    @Test("each rule finds what breaks it", arguments: Rule.all)
    func finds(rule: Rule) {
        #expect(!rule.failing.isEmpty)
        for sample in rule.failing {
            #expect(!rule.check(sample).isEmpty, "\(sample.map(\.lines))")
        }
    }

    @Test("the tree that the rules read is this repository")
    func tree() {
        let paths = SourceTree.files.map(\.path)
        #expect(paths.contains("Package.swift"))
        #expect(paths.contains("Makefile"))
        #expect(paths.contains(".ci/run"))
        #expect(paths.contains("Sources/kpipe/main.swift"))
        #expect(paths.contains("Tests/TidyTests/TidyTests.swift"))
        #expect(!paths.contains { $0.hasPrefix(".build/") })
    }

    @Test(
        "code is told from comments and strings",
        arguments: [
            ("a // b", "a     "),
            ("a /* b /* c */ d */ e", "a                   e"),
            (#"f("x", y) // "z"#, #"f(" ", y)      "#),
            (#"f("a\"b")"#, #"f("    ")"#),
            (#"f("a\(b + g("c"))d")"#, #"f("   b + g(" ")  ")"#),
            ("f(#\"a\"b\"#) + c", "f(#\"   \"#) + c"),
            ("a\n\"\"\"\n b \" c\n\"\"\" + d", "a\n\"\"\"\n      \n\"\"\" + d"),
        ]
    )
    func blanks(text: String, code: String) {
        #expect(CodeText.blanked(text) == code)
    }
}
