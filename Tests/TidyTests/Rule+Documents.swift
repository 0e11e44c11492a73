extension Rule {
    /// What the documents owe their readers.
    static let documentRules: [Rule] = [
        Rule(
            "a Markdown file has one title",
            passing: [SourceFile("docs/A.md", "# A\n\n## B\n\n```sh\n# a comment\n```\n")],
            failing: [
                SourceFile("docs/A.md", "## B\n"),
                SourceFile("docs/A.md", "# A\n\n# B\n"),
                SourceFile("docs/A.md", "```sh\n# a comment\n```\n"),
            ]
        ) { file in
            guard file.isMarkdown, !file.path.contains("/Snapshots/") else { return [] }
            let count = titleCount(file.lines)
            return count == 1 ? [] : ["\(file.path): \(count) titles"]
        },
        Rule(
            "the File Map of docs/ARCHITECTURE.md names every source file, and no other",
            passing: [
                [map("CLinux/include/CLinux.h", "kpipe/main.swift")] + [
                    SourceFile("Sources/kpipe/main.swift", ""),
                    SourceFile("Sources/CLinux/include/CLinux.h", ""),
                ]
            ],
            failing: [
                [map(), SourceFile("Sources/kpipe/main.swift", "")],
                [map("kpipe/main.swift")],
                [SourceFile("Sources/kpipe/main.swift", "")],
            ]
        ) { files in
            let sources = files.filter(\.isSource).map { String($0.path.dropFirst(8)) }
            let listed = mapped(files.first { $0.path == mapPath }?.lines ?? [])
            return sources.filter { !listed.contains($0) }.map { "\($0) is missing: make map" }
                + listed.filter { !sources.contains($0) }.map { "\($0) is gone: make map" }
        },
        Rule(
            "README.md shows the options that kpipe has",
            passing: [
                [
                    SourceFile("README.md", "# A\n<!-- options -->\n| b |\n<!-- /options -->\n"),
                    SourceFile(snapshotPath, "| b |\n"),
                ]
            ],
            failing: [
                [
                    SourceFile("README.md", "# A\n<!-- options -->\n| b |\n<!-- /options -->\n"),
                    SourceFile(snapshotPath, "| b |\n| c |\n"),
                ],
                [SourceFile("README.md", "# A\n"), SourceFile(snapshotPath, "| b |\n")],
            ]
        ) { files in
            let readme = files.first { $0.path == "README.md" }?.lines ?? []
            let snapshot = files.first { $0.path == snapshotPath }?.lines ?? []
            return between("options", in: readme) == snapshot ? [] : ["README.md: make man"]
        },
    ]

    private static let mapPath = "docs/ARCHITECTURE.md"
    private static let snapshotPath = "Tests/CommandTests/Snapshots/readme.md"

    private static func map(_ paths: String...) -> SourceFile {
        let rows = paths.map { "| `\($0)` | what it is |" }
        return SourceFile(
            mapPath,
            "# A\n<!-- file map -->\n| file | what |\n|---|---|\n"
                + rows.joined(separator: "\n") + "\n<!-- /file map -->\n| `not/mapped.swift` | x |"
        )
    }

    /// The paths in the rows of the File Map.
    private static func mapped(_ lines: [String]) -> [String] {
        between("file map", in: lines).filter { $0.hasPrefix("| `") }
            .map { String($0.dropFirst(3).prefix { $0 != "`" }) }
    }

    /// The lines between two markers, which a generator writes.
    private static func between(_ marker: String, in lines: [String]) -> [String] {
        guard
            let start = lines.firstIndex(of: "<!-- \(marker) -->"),
            let end = lines.firstIndex(of: "<!-- /\(marker) -->"), start < end
        else { return [] }
        return Array(lines[(start + 1)..<end])
    }

    private static func titleCount(_ lines: [String]) -> Int {
        var isInFence = false
        return lines.count { line in
            if line.hasPrefix("```") { isInFence.toggle() }
            return !isInFence && line.hasPrefix("# ")
        }
    }
}
