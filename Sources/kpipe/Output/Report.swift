package import KafkaProducer

/// Words everything that kpipe says on standard error, one line each.
///
/// Lines are appended to a buffer of the caller, who writes them when standard error takes them.
/// All text that comes from outside is escaped, so that no line has a control character in it.
/// The name of an input is written as key and value are: a string, or `{"base64":"..."}` where it
/// is none, so that a file can be found again whatever it is called.
nonisolated package struct Report: Sendable {
    /// Whether notices and errors are sentences for people, and not JSON.
    package let isForPeople: Bool

    /// Whether values are left out of failure lines (`--omit-values`).
    package let omitsValues: Bool

    /// Whether notices and summaries are left out (`-q`).
    package let isQuiet: Bool

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - isTerminal: Whether standard error is a terminal.
    ///   - jsonErrors: Whether a terminal is treated like anything else (`--json-errors`).
    ///   - omitsValues: Whether values are left out of failure lines.
    ///   - isQuiet: Whether notices and summaries are left out.
    package init(
        isTerminal: Bool,
        jsonErrors: Bool,
        omitsValues: Bool = false,
        isQuiet: Bool = false
    ) {
        isForPeople = isTerminal && !jsonErrors
        self.omitsValues = omitsValues
        self.isQuiet = isQuiet
    }

    /// Appends the line of a record that was not acknowledged, which is JSON everywhere.
    ///
    /// - Parameters:
    ///   - line: What there is to say.
    ///   - key: The record's key, or `nil` if it is null or was not found.
    ///   - value: The record's value, or `nil` if it is null or was discarded.
    ///   - buffer: Where the line goes.
    package func append(
        _ line: FailureLine,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        to buffer: inout [UInt8]
    ) {
        Self.append(to: &buffer) { json in
            json.name("event")
            json.string("record_failed")
            Self.append(line.position, to: &json)
            json.name("size")
            json.number(line.size)
            json.name("topic")
            json.string(line.topic)
            json.name("partition")
            json.literal(line.partition.map { String($0) } ?? "null")
            json.name("key")
            Self.append(key, to: &json)
            if !omitsValues {
                json.name("value")
                Self.append(value, to: &json)
            }
            json.name("error")
            json.string(line.error)
            json.name("code")
            json.literal(line.code.map { String($0) } ?? "null")
            json.name("message")
            json.string(line.message)
            json.name("outcome")
            json.string(Self.word(for: line.outcome))
            json.name("attempts")
            json.number(line.attempts)
        }
    }

    /// Appends a notice, unless kpipe is to be quiet.
    package func append(_ line: Notice, to buffer: inout [UInt8]) {
        if isQuiet { return }
        if isForPeople {
            Self.append(sentence: line.message, to: &buffer)
            return
        }
        Self.append(to: &buffer) { json in
            json.name("event")
            json.string("notice")
            json.name("notice")
            json.string(line.name)
            json.name("message")
            json.string(line.message)
        }
    }

    /// Appends the account of a run, unless kpipe is to be quiet; it is JSON everywhere.
    package func append(_ line: SummaryLine, to buffer: inout [UInt8]) {
        if isQuiet { return }
        Self.append(to: &buffer) { json in
            json.name("event")
            json.string("summary")
            for (name, count): (StaticString, UInt64) in [
                ("read", line.read), ("acked", line.acked), ("failed", line.failed),
                ("unknown", line.unknown), ("skipped", line.skipped), ("bytes", line.bytes),
            ] {
                json.name(name)
                json.number(count)
            }
            json.name("seconds")
            json.literal(Self.seconds(line.duration))
            json.name("first_unacked")
            if let position = line.firstUnacked {
                json.begin()
                Self.append(position, to: &json)
                json.end()
            } else {
                json.literal("null")
            }
            if line.isUnconfirmed {
                json.name("note")
                json.string("acks=0: written to the socket, confirmed by no broker")
            }
        }
    }

    /// Appends the error that ends the run.
    package func append(_ error: CommandError, to buffer: inout [UInt8]) {
        if isForPeople {
            Self.append(sentence: error.message, to: &buffer)
            return
        }
        Self.append(to: &buffer) { json in
            json.name("event")
            json.string("error")
            json.name("status")
            json.number(error.status.status)
            json.name("message")
            json.string(error.message)
        }
    }
}

nonisolated extension Report {
    private static func append(
        to buffer: inout [UInt8],
        _ members: (inout JSONWriter) -> Void
    ) {
        var json = JSONWriter(buffer)
        buffer = []
        json.begin()
        members(&json)
        json.end()
        buffer = json.bytes
        buffer.append(UInt8(ascii: "\n"))
    }

    private static func word(for outcome: Outcome) -> String {
        switch outcome {
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }

    private static func append(_ position: InputPosition, to json: inout JSONWriter) {
        json.name("input")
        json.opaque(position.input.span)
        json.name("record")
        json.number(position.record)
        json.name("offset")
        json.number(position.offset)
    }

    private static func append(_ bytes: Span<UInt8>?, to json: inout JSONWriter) {
        if let bytes {
            json.opaque(bytes)
        } else {
            json.literal("null")
        }
    }

    /// Appends a sentence for people, in which control characters are written `\xHH`.
    private static func append(sentence: String, to buffer: inout [UInt8]) {
        buffer += Array("kpipe: \(String(readable: sentence.utf8))\n".utf8)
    }

    /// A time in seconds with up to three decimals, of which the last is not 0.
    private static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        var text = "\(seconds).\(String(1000 + milliseconds).dropFirst())"
        while text.hasSuffix("0"), !text.hasSuffix(".0") { text.removeLast() }
        return text
    }
}
