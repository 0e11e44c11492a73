import Foundation
import Testing

/// The benchmark, much too small to measure anything: it counts what arrives, and cleans up.
///
/// It needs Python 3 and a C compiler.
@Suite(
    "The benchmark",
    .serialized,
    .enabled(if: access("/usr/bin/python3", X_OK) == 0 && access("/usr/bin/cc", X_OK) == 0),
    .timeLimit(.minutes(2))
)
struct BenchmarkTests {
    private static let script =
        #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/scripts/bench"

    private func bench(kpipe: String, _ arguments: String...) -> ChildProcess.Outcome {
        let words = ["python3", Self.script, "--kpipe", kpipe, "--runs", "1"] + arguments
        return ChildProcess(words.map { Array($0.utf8) }).finish()
    }

    /// The cells of the table's lines that begin with these.
    private func cells(_ outcome: ChildProcess.Outcome, _ row: String, _ producer: String)
        -> [String]
    {
        let text = String(decoding: outcome.output, as: UTF8.self)
        let lines = text.split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("| \(row) | \(producer) |") }) else {
            Issue.record("no \(row) of \(producer) in \(text)\(outcome.errors)")
            return []
        }
        return line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test("sees every record arrive, from files, through pipes and at many brokers")
    func everyRecord() {
        let outcome = bench(
            kpipe: Kpipe.executable,
            "--lines",
            "1000",
            "file",
            "pipe",
            "json",
            "partitions",
            "latency"
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        for (row, count) in [("file", "1,000"), ("pipe", "1,000"), ("json", "500")] {
            let line = cells(outcome, row, "kpipe")
            #expect(line.count == 9 && line[2] == count && line[8] == "0", "\(line)")
        }
        #expect(cells(outcome, "partitions", "4 partitions").last == "0")
        #expect(!outcome.errors.contains("LOST"), "\(outcome.errors)")
    }

    @Test("a producer that loses records has no time, is named, and makes the status 1")
    func lost() {
        let outcome = bench(kpipe: "/bin/true", "--lines", "10", "file")
        #expect(outcome.status == 1)
        #expect(
            outcome.errors.contains("LOST file, kpipe: 0 of 10 records, status 0"),
            "\(outcome.errors)"
        )
        // Once to warm up, and once in the round that counts.
        #expect(cells(outcome, "file", "kpipe").suffix(2) == ["", "LOST 2"])
    }

    @Test("a row that is not there is refused, with those that are")
    func unknownRow() {
        let outcome = bench(kpipe: "/bin/true", "fiel")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("no row fiel; there are file pipe idempotent"))
    }
}
