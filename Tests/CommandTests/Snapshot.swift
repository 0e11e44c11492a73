import Foundation
import Testing

/// Text in a file that a person has read, against which a test holds what is printed now.
///
/// With `UPDATE_SNAPSHOTS` in the environment the files are written instead, to be read again as
/// part of the change.
enum Snapshot {
    /// Expects text to be that of a file under Snapshots.
    static func expect(
        _ text: String,
        _ name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = directory.appendingPathComponent("Snapshots/\(name)").standardizedFileURL
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        let difference = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            expected.split(separator: "\n", omittingEmptySubsequences: false)
        ).first { $0 != $1 }
        let now = difference.map { "\($0.0)" } ?? "another number of lines"
        #expect(
            text == expected,
            "\(name) differs, first in: \(now). UPDATE_SNAPSHOTS=1 writes it anew.",
            sourceLocation: sourceLocation
        )
    }
}
