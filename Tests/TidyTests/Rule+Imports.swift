extension Rule {
    /// What each target may import: docs/ARCHITECTURE.md, "Targets", as a table.
    private static let imports: [String: Set<String>] = [
        "KafkaProtocol": ["CDeflate", "CKafkaChecksums", "CLZ4", "CSnappy", "CZlib", "CZstd"],
        "RecordFraming": ["CByteSearch"],
        "RecordRules": ["CPCRE2", "CRegex"],
        "KafkaProducer": ["CProcessor", "KafkaProtocol"],
        "RecordIntake": ["KafkaProducer", "RecordFraming", "RecordRules"],
        "EventLoop": [
            "CLinux", "Dispatch", "Glibc", "KafkaProducer", "RecordFraming", "RecordIntake",
            "RecordRules", "Synchronization",
        ],
        "kpipe": [
            "CGetopt", "CLinux", "Dispatch", "EventLoop", "Glibc", "KafkaProducer", "KafkaProtocol",
            "RecordFraming", "RecordIntake", "RecordRules",
        ],
        "KafkaSimulator": [
            "KafkaProducer", "KafkaProtocol", "RecordFraming", "RecordIntake", "RecordRules",
        ],
        "kpipe-instructions": [
            "CInstructionCounter", "EventLoop", "KafkaProducer", "KafkaProtocol", "KafkaSimulator",
            "RecordFraming", "RecordIntake", "RecordRules",
        ],
        "kpipe-sim": ["CGetopt", "Glibc", "KafkaProducer", "KafkaSimulator"],
        "kpipe-sandbox": [
            "CGetopt", "CLinux", "Dispatch", "EventLoop", "Glibc", "KafkaProducer",
            "KafkaProtocol", "KafkaSimulator",
        ],
    ]

    /// What single files may import besides, each with its reason.
    private static let exceptions: [String: Set<String>] = [
        // memchr is the fastest search there is, and a pure function.
        "Sources/RecordFraming/ByteSearch.swift": ["Glibc"]
    ]

    /// The direction of the arrows between the targets.
    static let importRules: [Rule] = [
        Rule(
            "a target imports what it is built on, and effects stay in EventLoop and the commands",
            passing: [
                SourceFile("Sources/KafkaProducer/A.swift", "package import KafkaProtocol"),
                SourceFile("Sources/EventLoop/A.swift", "import Dispatch\nimport Glibc"),
                SourceFile(
                    "Sources/KafkaProtocol/A.swift",
                    "#if Zstd\nprivate import CZstd\n#endif"
                ),
                SourceFile("Sources/RecordFraming/ByteSearch.swift", "import Glibc"),
                SourceFile("Tests/TidyTests/A.swift", "import Foundation"),
            ],
            failing: [
                SourceFile("Sources/KafkaProducer/A.swift", "import Glibc"),
                SourceFile("Sources/KafkaProtocol/A.swift", "package import KafkaProducer"),
                SourceFile("Sources/RecordFraming/Other.swift", "import Glibc"),
                SourceFile("Sources/KafkaProducer/A.swift", "#if Zstd\nimport CZstd\n#endif"),
                SourceFile("Sources/RecordRules/A.swift", "import CZlib"),
                SourceFile("Sources/EventLoop/A.swift", "@preconcurrency import Foundation"),
                SourceFile("Sources/kpipe/A.swift", "import struct Foundation.Data"),
                SourceFile("Sources/Utilities/A.swift", "import KafkaProtocol"),
            ]
        ) { file in
            guard file.isSwift, file.isSource, let target = file.target else { return [] }
            let allowed = (imports[target] ?? []).union(exceptions[file.path] ?? [])
            return file.code.indices.compactMap { index in
                guard let module = importedModule(file.code[index]) else { return nil }
                return allowed.contains(module) ? nil : "\(file.place(index)): \(module)"
            }
        }
    ]

    /// The module that the line imports, or `nil` if it imports none.
    private static func importedModule(_ line: String) -> String? {
        var words = CodeLine.declaration(line)
        guard words.first == "import" else { return nil }
        words.removeFirst()
        if let kind = words.first, ["struct", "class", "enum", "func", "var"].contains(kind) {
            words.removeFirst()
        }
        return words.first.map(String.init)
    }
}
