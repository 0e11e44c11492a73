extension Rule {
    private static func source(_ path: String, _ text: String) -> SourceFile {
        SourceFile("Sources/KafkaProtocol/" + path, text)
    }

    /// What a declaration has to look like, and where it may stand.
    static let declarationRules: [Rule] = [
        Rule(
            "every package declaration has a doc comment",
            passing: [
                source("A.swift", "/// An A.\npackage struct A {}"),
                source("A.swift", "/// An A.\n@safe\npackage struct A {}"),
                source("A.swift", "/// An A.\n@frozen package struct A {}\n\nvar x = 1"),
                source("A.swift", "package import KafkaProtocol"),
                source("A.swift", "/// A.\nstruct A {\n\n    package var description: String {"),
                source("A.swift", "/// A.\nstruct A {\n    /// B.\n    package(set) var b = 1\n}"),
            ],
            failing: [
                source("A.swift", "package struct A {}"),
                source("A.swift", "// An A.\npackage struct A {}"),
                source("A.swift", "/// An A.\n\npackage struct A {}"),
                source("A.swift", "/// A.\nstruct A {\n    package init() {}\n}"),
                source("A.swift", "@safe package func f() {}"),
                source("A.swift", "var x = 1\n@inlinable\npackage static var x: Int { 1 }"),
            ]
        ) { file in
            guard file.isSwift, file.isSource else { return [] }
            return file.code.indices.filter { isUndocumented(in: file, at: $0) }
                .map { "\(file.place($0)): \(file.lines[$0])" }
        },
        Rule(
            "the first type in a file is the one its name promises",
            passing: [
                source("Varint.swift", "/// Numbers.\npackage enum Varint {}\nstruct Other {}"),
                source("Produce+Broker.swift", "extension Produce {}\nstruct Other {}"),
                source("Ring.swift", "@safe struct Ring<Element>: ~Copyable {}"),
                source("main.swift", "struct Anything {}"),
            ],
            failing: [
                source("Varint.swift", "struct Other {}\npackage enum Varint {}"),
                source("Varint.swift", "let a = 1"),
                source("Produce+Broker.swift", "struct Produce {}"),
                source("Produce+Broker.swift", "extension Other {}"),
            ]
        ) { file in
            guard file.isSwift, file.isSource, file.name != "main.swift" else { return [] }
            let type = file.code.lazy.compactMap(topLevelType).first
            return type == promisedType(of: file.name) ? [] : ["\(file.path): \(type ?? "no type")"]
        },
        Rule(
            "unsafe code stands in the files listed for it",
            passing: [
                [source("A.swift", "withUnsafePointer(to: x) // unsafe")] + listedFiles
            ],
            failing: [
                listedFiles + [source("A.swift", "let x = unsafe pointer.pointee")],
                listedFiles + [source("A.swift", "@unsafe struct A {}")],
                listedFiles + [source("A.swift", "nonisolated(unsafe) var x = 1")],
                Array(listedFiles.dropLast()),
            ]
        ) { files in
            var unused = Set(listedFiles.map(\.path))
            var findings: [String] = []
            for file in files where file.isSource && file.isSwift {
                let first = file.code.firstIndex { CodeLine.has($0, word: "unsafe") }
                guard let first, unused.remove(file.path) == nil else { continue }
                findings.append("\(file.place(first)): not listed")
            }
            return findings + unused.sorted().map { "\($0): listed, and has none" }
        },
    ]

    /// The files that may hold unsafe code, each with some.
    private static let listedFiles = UnsafeFiles.reasons.map {
        SourceFile("Sources/" + $0.path, "unsafe f()")
    }

    /// Members whose meaning is that of the protocol of the standard library that asks for them.
    private static let witnesses = [
        "func ==", "func <", "func hash(into", "init(rawValue:", "let rawValue:", "var rawValue:",
        "var description:", "func next()",
    ]

    private static func isUndocumented(in file: SourceFile, at index: Int) -> Bool {
        let line = CodeLine.withoutAttributes(file.code[index])
        guard line.hasPrefix("package ") || line.hasPrefix("package(") else { return false }
        guard CodeLine.declaration(file.code[index]).first != "import" else { return false }
        guard !witnesses.contains(where: { line.contains($0) }) else { return false }
        let above = file.lines[..<index].last { line in
            !line.drop { $0 == " " }.hasPrefix("@")
        }
        return above?.drop { $0 == " " }.hasPrefix("///") != true
    }

    private static let typeKeywords: Set<Substring> = [
        "actor", "class", "enum", "extension", "protocol", "struct", "typealias",
    ]

    /// The name of the type that the line declares at the top level, after `extension ` where it
    /// extends one; `nil` if it declares none.
    private static func topLevelType(_ line: String) -> String? {
        guard CodeLine.indentation(line) == 0 else { return nil }
        let words = CodeLine.declaration(line)
        guard let keyword = words.first, typeKeywords.contains(keyword), words.count > 1 else {
            return nil
        }
        return keyword == "extension" ? "extension \(words[1])" : String(words[1])
    }

    private static func promisedType(of name: String) -> String {
        let parts = name.dropLast(".swift".count).split(separator: "+")
        return parts.count > 1 ? "extension \(parts[0])" : String(parts[0])
    }
}
