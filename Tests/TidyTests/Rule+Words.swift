extension Rule {
    private static func inProducer(_ text: String) -> SourceFile {
        SourceFile("Sources/KafkaProducer/A.swift", text)
    }

    private static func isProducer(_ file: SourceFile) -> Bool {
        file.isSwift && file.isSource && file.target == "KafkaProducer"
    }

    private static func isLibrary(_ file: SourceFile) -> Bool {
        file.isSwift && file.isSource && file.target?.hasPrefix("kpipe") == false
    }

    /// Words that have no place where they stand.
    static let wordRules: [Rule] = [
        Rule(
            "the core is told the time and given its random numbers",
            passing: [
                inProducer("let at: Instant // not a Date"),
                inProducer("var generator = SplitMix64(seed: 1)\nlet x = generator.next()"),
                SourceFile("Sources/EventLoop/A.swift", "let clock = ContinuousClock()"),
            ],
            failing: [
                inProducer("let at = Date()"),
                inProducer("let clock = ContinuousClock()"),
                inProducer("var generator = SystemRandomNumberGenerator()"),
                inProducer("let x = Int.random(in: 0..<3)"),
            ],
            covers: isProducer,
            breaks: { code, _ in
                ["Date", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator"]
                    .contains { CodeLine.has(code, word: $0) } || code.contains("random(")
                    || code.contains("shuffled(")
            }
        ),
        Rule(
            "the core holds dictionaries and sets to look up in, never to walk through",
            passing: [
                inProducer("var indices: [String: Int] = [:]  // look-up only"),
                inProducer("let list: [Int] = [a: 1, b: 2].c"),
                inProducer("func f(x: Bool ? Int : Int)"),
                SourceFile("Sources/kpipe/A.swift", "var names: Set<String>"),
            ],
            failing: [
                inProducer("var indices: [String: Int] = [:]"),
                inProducer("var lists: [TopicIndex: [Int]]"),
                inProducer("var indices = Dictionary<String, Int>()"),
                inProducer("var names = Set<String>()"),
                inProducer("let names = Set(list)"),
            ],
            covers: isProducer,
            breaks: { code, raw in !raw.contains("// look-up only") && namesUnordered(code) }
        ),
        Rule(
            "a switch in the core writes every case, unless what it is about has no end",
            passing: [
                inProducer("switch x {\ncase .a: break\ncase .b: break\n}"),
                inProducer("func f(default: Int)"),
                inProducer("switch code {\ndefault: .fail  // open set: brokers add codes\n}"),
            ],
            failing: [inProducer("switch x {\ncase .a: break\n    default: break\n}")],
            covers: isProducer,
            breaks: { code, raw in
                code.drop { $0 == " " }.hasPrefix("default:") && !raw.contains("// open set")
            }
        ),
        Rule(
            "a library writes to nobody's output",
            passing: [
                SourceFile(
                    "Sources/EventLoop/A.swift",
                    "blueprint(x) // print(x)\nreport.print(y)"
                ),
                SourceFile("Sources/kpipe/A.swift", "print(x)"),
                SourceFile("Sources/kpipe-sandbox/A.swift", "print(x)"),
            ],
            failing: [
                SourceFile("Sources/EventLoop/A.swift", "print(x)"),
                SourceFile("Sources/KafkaSimulator/A.swift", "    debugPrint(x)"),
            ],
            covers: isLibrary,
            breaks: { code, _ in
                ["print", "debugPrint", "dump"].contains { CodeLine.calls(code, function: $0) }
            }
        ),
        Rule(
            "work for the main queue is handed over where a loop that waits hears of it",
            passing: [
                SourceFile("Sources/EventLoop/A.swift", "MainQueue.async { f() }"),
                SourceFile("Sources/EventLoop/A.swift", "make(queue: .main)"),
                SourceFile("Sources/EventLoop/MainQueue.swift", "DispatchQueue.main.async {}"),
            ],
            failing: [SourceFile("Sources/EventLoop/A.swift", "DispatchQueue.main.async {}")],
            covers: { isLibrary($0) && $0.path != "Sources/EventLoop/MainQueue.swift" },
            breaks: { code, _ in code.contains("DispatchQueue.main") }
        ),
        Rule(
            "open work is an issue, not a mark in a file",
            passing: [SourceFile("docs/A.md", "What is left to do is an issue.")],
            failing: openWork.map { SourceFile("Sources/kpipe/A.swift", "// \($0): mend this") }
                + openWork.map { SourceFile("docs/A.md", "\($0) mend this") },
            covers: { _ in true },
            breaks: { _, raw in openWork.contains { CodeLine.has(raw, word: $0) } }
        ),
        Rule(
            "a file refers to what is in the repository; .ci/run alone to what lies beside it",
            passing: [
                SourceFile(".ci/run", besides[0]), SourceFile("README.md", "docs/PROTOCOL.md"),
            ],
            failing: besides.map { SourceFile("README.md", "see \($0)") },
            covers: { $0.path != ".ci/run" },
            breaks: { _, raw in besides.contains { raw.contains($0) } }
        ),
    ]

    /// Put together here, so that this file does not break the rules it states.
    private static let openWork = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
    private static let besides =
        ["../" + "shared", "/work" + "/"]
        + ["protocol", "cli", "architecture", "features", "article", "reliability", "swift"]
        .map { $0 + ".md" }

    /// Whether the code names a type whose order of iteration changes with every run.
    private static func namesUnordered(_ code: String) -> Bool {
        if ["Dictionary<", "Dictionary(", "Set<", "Set("].contains(where: {
            CodeLine.calls(code, function: String($0.dropLast())) || code.contains(" \($0)")
        }) {
            return true
        }
        // `[Key: Value]`: a bracket, a type's name, which is capitalized, and a colon.
        return code.indices.contains { bracket in
            guard code[bracket] == "[" else { return false }
            let name = code[code.index(after: bracket)...].prefix {
                $0.isLetter || $0.isNumber || $0 == "." || $0 == "_"
            }
            return name.first?.isUppercase == true && code[name.endIndex...].hasPrefix(": ")
        }
    }
}
