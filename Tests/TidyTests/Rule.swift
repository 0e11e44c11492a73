import Testing

/// A rule of style, with samples that prove it.
struct Rule: Sendable, CustomTestStringConvertible {
    /// The rule as a sentence.
    let name: String
    /// Finds what breaks the rule: a line for each, with its place.
    let check: @Sendable ([SourceFile]) -> [String]
    /// Small trees that follow the rule.
    let passing: [[SourceFile]]
    /// Small trees that break it, each in its own way.
    let failing: [[SourceFile]]

    var testDescription: String { name }

    /// Makes a rule about the whole tree.
    init(
        _ name: String,
        passing: [[SourceFile]],
        failing: [[SourceFile]],
        tree check: @escaping @Sendable ([SourceFile]) -> [String]
    ) {
        self.name = name
        self.check = check
        self.passing = passing
        self.failing = failing
    }

    /// Makes a rule about each file for itself.
    init(
        _ name: String,
        passing: [SourceFile],
        failing: [SourceFile],
        file check: @escaping @Sendable (SourceFile) -> [String]
    ) {
        self.init(
            name,
            passing: passing.map { [$0] },
            failing: failing.map { [$0] },
            tree: { $0.flatMap(check) }
        )
    }

    /// Makes a rule about each line of code of the files that it covers.
    ///
    /// `breaks` is asked about each line of code, and is given the line with its comment too.
    init(
        _ name: String,
        passing: [SourceFile],
        failing: [SourceFile],
        covers: @escaping @Sendable (SourceFile) -> Bool,
        breaks: @escaping @Sendable (_ code: String, _ raw: String) -> Bool
    ) {
        self.init(name, passing: passing, failing: failing) { file in
            guard covers(file) else { return [] }
            return file.code.indices.filter { breaks(file.code[$0], file.lines[$0]) }
                .map { "\(file.place($0)): \(file.lines[$0])" }
        }
    }

    /// Every rule.
    static let all =
        lengthRules + importRules + wordRules + declarationRules + documentRules
}
