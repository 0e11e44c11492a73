extension Rule {
    private static let columnLimit = 100
    private static let fileLimit = 400
    private static let functionLimit = 70

    /// How long a line, a file and a function may be.
    static let lengthRules: [Rule] = [
        Rule(
            "a line has at most 100 columns, comments included",
            passing: [
                SourceFile("Sources/kpipe/A.swift", "//" + String(repeating: "x", count: 98)),
                SourceFile("docs/A.md", String(repeating: "x", count: 200)),
            ],
            failing: [
                SourceFile("Sources/kpipe/A.swift", "//" + String(repeating: "x", count: 99)),
                SourceFile("Sources/CLinux/a.h", String(repeating: "x", count: 101)),
                SourceFile("Makefile", String(repeating: "x", count: 101)),
            ],
            covers: { !$0.isMarkdown },
            breaks: { _, raw in raw.unicodeScalars.count > columnLimit }
        ),
        Rule(
            "a file has at most 400 lines",
            passing: [
                SourceFile("Sources/kpipe/A.swift", String(repeating: "\n", count: 400)),
                SourceFile("docs/A.md", String(repeating: "\n", count: 1000)),
            ],
            failing: [SourceFile("Sources/kpipe/A.swift", String(repeating: "\n", count: 401))]
        ) { file in
            guard !file.isMarkdown, file.lines.count > fileLimit else { return [] }
            return ["\(file.path): \(file.lines.count) lines"]
        },
        Rule(
            "a function has at most 70 lines",
            passing: [
                sample("func f(\n    a: Int\n) {", lines: 66, "}\nfunc g() {}"),
                sample("protocol P {\n    func f()\n    var x: Int { get }", lines: 80, "}"),
                sample("struct S {\n    func f() { g() }\n", lines: 80, "}"),
            ],
            failing: [
                sample("func f() {", lines: 69, "}"),
                sample("@A(b) private static func f(\n    a: Int\n) -> Int {", lines: 67, "}"),
                sample("package init?() {", lines: 69, "}"),
                sample("var x: Int {", lines: 69, "}"),
            ]
        ) { file in
            guard file.isSwift else { return [] }
            return functions(in: file.code).filter { $0.count > functionLimit }
                .map { "\(file.place($0.lowerBound)): \($0.count) lines" }
        },
    ]

    private static func sample(_ head: String, lines: Int, _ tail: String) -> SourceFile {
        let body = String(repeating: "    g()\n", count: lines)
        return SourceFile("Sources/kpipe/A.swift", "\(head)\n\(body)\(tail)\n")
    }

    private static let functionKeywords: Set<Substring> = [
        "func", "init", "deinit", "subscript", "var",
    ]

    /// The lines of each function, initializer and computed property with a body of its own lines.
    ///
    /// It leans on the formatter: the brace that closes a body stands alone on a line, below the
    /// beginning of its declaration.
    private static func functions(in code: [String]) -> [ClosedRange<Int>] {
        code.indices.compactMap { start in
            guard
                let keyword = CodeLine.declaration(code[start]).first,
                functionKeywords.contains(keyword)
            else { return nil }
            return body(from: start, in: code)
        }
    }

    private static func body(from start: Int, in code: [String]) -> ClosedRange<Int>? {
        let indentation = CodeLine.indentation(code[start])
        for index in start..<code.count {
            let line = code[index].drop { $0 == " " }
            let isOutside = CodeLine.indentation(code[index]) <= indentation
            if index > start, isOutside, line.first != ")" { return nil }
            guard line.contains("{") else { continue }
            guard line.count(where: { $0 == "{" }) > line.count(where: { $0 == "}" }) else {
                return nil
            }
            let end = code[(index + 1)...].firstIndex {
                CodeLine.indentation($0) == indentation && $0.dropFirst(indentation).first == "}"
            }
            return end.map { start...$0 }
        }
        return nil
    }
}
