import RecordRules

/// A rule and a record: `RULE NEWLINE RECORD`.
///
/// What a rule finds lies in the record; the same record has the same answer again; and where a
/// plain reading of the documentation can say what is to be found, that is what is found. In the
/// record's lines, asked for together, there is what there is in each alone.
enum Rules {
    static func run(_ bytes: [UInt8]) {
        let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let record = bytes[min(end + 1, bytes.count)...]
        let text = harmless(Array(bytes[..<end]))
        guard let rule = try? Rule(text) else { return }
        var scratch = RuleScratch()
        let found = Found(rule, record, &scratch)
        require(Found(rule, record, &scratch) == found, "the second answer differs")
        checkLines(rule, Array(record))
        guard let expected = expected(text, record) else { return }
        require(found == expected, "\(found) instead of \(expected)")
    }

    /// Asks for the lines of the record together, twice: the second time they are known.
    private static func checkLines(_ rule: Rule, _ record: [UInt8]) {
        let set = RuleSet([rule])
        // AddressSanitizer takes what regexec(3) is given for a string that ends with a NUL.
        let window = record + [0]
        var ends = record.indices.filter { record[$0] == UInt8(ascii: "\n") }
        ends = Array(ends.prefix(128))
        var template = LineTemplate()
        var scratch = RuleScratch()
        var places = InlineArray<128, Range<Int>>(repeating: 0..<0)
        for _ in 0..<2 {
            let count = set.matchLines(
                window.span.extracting(..<record.count),
                from: 0,
                ends: ends.span,
                into: &places,
                template: &template,
                scratch: &scratch
            )
            var start = 0
            for (place, end) in ends.prefix(count + 1).enumerated() {
                let line = record[start..<end] + [0]
                let alone = set.firstMatch(
                    Array(line).span.extracting(..<(end - start)),
                    scratch: &scratch
                )
                if place < count {
                    let range = places[place]
                    let inLine = range.lowerBound - start..<range.upperBound - start
                    require(alone == .range(inLine), "\(alone) alone, \(inLine) together")
                } else if case .range = alone {
                    fatalError("the search stopped at a line that has a range")
                }
                start = end + 1
            }
        }
    }

    /// Whether there is no regular expression that regcomp(3) would take all memory for.
    ///
    /// It believes that whoever writes one means well: `(a{1,99}){1,99}` or thirty plus signs in a
    /// row are too much for any machine.
    static func isHarmless(_ text: [UInt8]) -> Bool {
        guard text.firstRange(of: Array("regex:".utf8)) != nil else { return true }
        return !text.contains(UInt8(ascii: "{")) && text.count { "*+?".utf8.contains($0) } <= 2
    }

    /// The expressions that records are searched with, since of those too there are bad ones.
    private static let expressions = [
        "a(b)?", "^(.*)$", "user=([a-z0-9]+)", "[^x]*x", "(a|b)*c", "([^,]*),([^,]*)", "$", "\\.",
    ]

    private static func harmless(_ text: [UInt8]) -> [UInt8] {
        let name = Array("regex:".utf8)
        guard text.starts(with: name) else { return text }
        return name + Array(expressions[text.count % expressions.count].utf8)
    }

    /// What the documentation says is found, or `nil` where no plain reading of it is here.
    private static func expected(_ text: [UInt8], _ record: ArraySlice<UInt8>) -> Found? {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let argument = Array(text[(colon + 1)...])
        switch String(decoding: text[..<colon], as: UTF8.self) {
        case "json": return PlainPointer(argument).find(in: Array(record))
        case "const": return .bytes(argument)
        case "bytes": return PlainRules.bytes(argument, record)
        case "before": return PlainRules.before(argument, record)
        case "field": return PlainRules.field(argument, record)
        default: return nil
        }
    }

    /// What a rule said of a record.
    enum Found: Equatable {
        case bytes([UInt8])
        case nothing
        case broken

        init(_ rule: Rule, _ record: ArraySlice<UInt8>, _ scratch: inout RuleScratch) {
            // AddressSanitizer takes what regexec(3) is given for a string that ends with a NUL.
            let padding: [UInt8] = rule.text.starts(with: "regex:".utf8) ? [0] : []
            let memory = UnsafeMutableBufferPointer<UInt8>.allocate(
                capacity: record.count + padding.count
            )
            defer { memory.deallocate() }
            _ = memory.initialize(from: record + padding)
            let span = memory.span.extracting(..<record.count)
            let match = rule.match(span, scratch: &scratch)
            switch match {
            case .none: self = .nothing
            case .broken(let why):
                require(!"\(why)".isEmpty, "a reason without words")
                self = .broken
            case .range, .decoded:
                guard let span = match.bytes(in: span, scratch: scratch) else {
                    fatalError("found, and without bytes")
                }
                var bytes: [UInt8] = []
                for index in span.indices { bytes.append(span[index]) }
                self = .bytes(bytes)
            }
        }
    }
}
