import KafkaProtocol
import RecordRules
import Testing
import kpipe

/// Every example that kpipe shows, run as it stands by a shell: those of the README, of `--help`
/// and of the manual.
///
/// The files they name are there, `kpipe` is the one that was built, and it finds its brokers by
/// the environment. Three programs have stand-ins: `tail`, which would go on for ever, and
/// `producer` and `next`, which are anybody's.
@Suite("Examples")
struct ExampleTests {
    /// The folder above `Tests`.
    private static let repository = #filePath.split(
        separator: "/",
        omittingEmptySubsequences: false
    )
    .dropLast(3).joined(separator: "/")

    private static let readme = File.read(Self.repository + "/README.md")
    private static let manual = File.read(Self.repository + "/man/kpipe.1")

    @Test("of the README deliver and end well", arguments: examplesOfReadme)
    func readmeExample(_ command: String) throws { try run(command) }

    @Test("of --help deliver and end well", arguments: examplesOfHelp)
    func helpExample(_ command: String) throws { try run(command) }

    @Test("of the manual deliver and end well", arguments: examplesOfManual)
    func manualExample(_ command: String) throws { try run(command) }

    @Test("are found where they are looked for")
    func found() {
        #expect(Self.examplesOfReadme.count >= 9)
        #expect(Self.examplesOfHelp.count == 3)
        #expect(Self.examplesOfManual.count >= 4)
    }

    /// Lines in the README's shell blocks that run kpipe.
    private static var examplesOfReadme: [String] {
        var isShell = false
        return String(decoding: readme, as: UTF8.self).split(separator: "\n").compactMap { line in
            if line.hasPrefix("```") {
                isShell = line == "```sh"
                return nil
            }
            return isShell && line.contains("kpipe -t") ? String(line) : nil
        }
    }

    /// The indented lines before the first heading of `--help`.
    private static var examplesOfHelp: [String] {
        let lines = Help.text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.prefix { $0 != "Where to:" }.filter { $0.hasPrefix("  ") }.map {
            String($0.dropFirst(2))
        }
    }

    /// Lines between `.nf` and `.fi` behind the manual's heading EXAMPLES.
    private static var examplesOfManual: [String] {
        var isExample = false
        let lines = String(decoding: manual, as: UTF8.self).split(separator: "\n")
        return lines.drop { $0 != ".SH EXAMPLES" }.compactMap { line in
            if line == ".nf" || line == ".fi" {
                isExample = line == ".nf"
                return nil
            }
            return isExample ? unescaped(line) : nil
        }
    }

    /// Text of roff as a reader sees it.
    private static func unescaped(_ line: Substring) -> String {
        var text = ""
        var rest = line[...]
        while let character = rest.popFirst() {
            guard character == "\\", let next = rest.popFirst() else {
                text.append(character)
                continue
            }
            switch next {
            case "e": text.append("\\")
            case "-": text.append("-")
            case "(":
                text += rest.prefix(2) == "aq" ? "'" : ""
                rest = rest.dropFirst(2)
            default: text.append(next)
            }
        }
        return text
    }

    /// The package without which this build refuses the example, or `nil` if it has everything.
    private static func missingPackage(_ command: String) -> String? {
        if command.contains("pcre:"), !RuleName.builtIn.contains(.pcre) { return "libpcre2-dev" }
        let codec = CompressionCodec.allCases.first { command.contains("-z \($0.name)") }
        return codec.flatMap { $0.isBuiltIn ? nil : $0.packageToInstall }
    }

    private func run(_ command: String) throws {
        let sandbox = try SandboxProcess("--print")
        let script = """
            set -e
            work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
            mkdir bin
            ln -s "\(Kpipe.executable)" bin/kpipe
            printf '#!/bin/sh\\nfor file; do :; done\\nexec cat "$file"\\n' > bin/tail
            printf '#!/bin/sh\\nexec cat app.log\\n' > bin/producer
            printf '#!/bin/sh\\nexec cat\\n' > bin/next
            chmod +x bin/tail bin/producer bin/next
            PATH=$work/bin:$PATH
            printf 'user=ada in\\nnobody\\nuser=bob out\\n' > app.log
            printf '{"user":{"id":"u-1"}}\\n{"user":{"id":"u-2"}}\\n' > a.ndjson
            cp a.ndjson b.ndjson
            printf 'oslo,1\\nrome,2\\n' > sales.csv
            printf 'k\\tv\\nno key\\n' > dump.tsv
            printf 'bootstrap.servers=%s\\nclient.id=example\\n' "$KPIPE_BOOTSTRAP_SERVERS" \
            > client.properties
            set -o pipefail 2>/dev/null || true
            \(command)
            """
        let child = ChildProcess(
            ["bash", "-c", script].map { Array($0.utf8) },
            environment: ["KPIPE_BOOTSTRAP_SERVERS=\(sandbox.bootstrap)"]
        )
        child.companion = sandbox.child
        child.write([])
        let outcome = child.finish()
        if let package = Self.missingPackage(command) {
            #expect(outcome.status == 64, "\(command)\n\(outcome.errors)")
            #expect(outcome.errors.contains(package), "\(outcome.errors)")
            return
        }
        #expect(outcome.status == 0, "\(command)\n\(outcome.errors)")
        #expect(try !sandbox.records().isEmpty, "\(command) delivered nothing")
    }
}
