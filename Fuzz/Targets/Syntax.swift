import RecordFraming
import RecordRules
import kpipe

/// The texts of rules and delimiters: taken, or refused in one line.
enum Syntax {
    static func run(_ bytes: [UInt8]) {
        // Of -D and of `before:`; both have the same escapes.
        let delimiter = try? DelimiterSyntax.parse(bytes)
        let escaped = try? ByteEscapes.decode(bytes)
        if !bytes.isEmpty { require(delimiter == escaped, "-D and before: have other escapes") }
        require(delimiter?.isEmpty != true, "a delimiter of no bytes")
        guard Rules.isHarmless(bytes) else { return }
        do {
            _ = try Rule(bytes)
        } catch {
            requireOneLine("\(error)")
        }
    }

    /// A message must not break its line, nor move the cursor of a terminal.
    static func requireOneLine(_ message: String) {
        let isClean = message.unicodeScalars.allSatisfy { !$0.isControl }
        require(isClean, "a control character in \(message.debugDescription)")
    }
}
