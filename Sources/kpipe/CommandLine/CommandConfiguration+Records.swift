import RecordFraming
import RecordRules

/// What a record is, and where its key comes from.
nonisolated extension CommandConfiguration {
    /// The bytes of a request that no record can have, at the least: the header of its batch, and
    /// seven fields of one byte or more around key and value.
    ///
    /// From the record batch v2 layout. The exact number depends on the record; the producer
    /// refuses those that this lets through by a few bytes.
    private static let batchOverhead = 61 + 7

    static func framing(
        _ invocation: Invocation,
        maxRequestSize: Int
    ) throws(CommandError) -> FramingConfiguration {
        let framing = try self.framing(invocation)
        let hasKeyFrames = invocation.has(.keyFrame)
        let keyDelimiter = try keyDelimiter(invocation)
        if hasKeyFrames {
            guard case .prefixed = framing else {
                throw .usage("--key-frame needs a length prefix, such as --framing u32")
            }
            if keyDelimiter != nil { throw .usage("--key-frame and -K both give the key") }
        }
        let stripsCarriageReturn = invocation.has(.crlf)
        if stripsCarriageReturn, framing != .delimited(.newline) {
            throw .usage(
                "--crlf is about the newline; with another delimiter write it whole, as -D"
            )
        }
        let largest = maxRequestSize - batchOverhead
        let maxRecord = try invocation.number(.maxRecord, in: 1...UInt64(Int32.max))
        if let maxRecord, maxRecord > largest {
            throw .usage(
                "--max-record \(maxRecord): max.request.size (\(maxRequestSize)) leaves \(largest) "
                    + "for a record; set it higher, with -X max.request.size=BYTES"
            )
        }
        return FramingConfiguration(
            framing: framing,
            hasKeyFrames: hasKeyFrames,
            keyDelimiter: keyDelimiter,
            stripsCarriageReturn: stripsCarriageReturn,
            emptyIsNull: invocation.has(.emptyIsNull),
            skipsEmpty: invocation.has(.skipEmpty),
            maxRecord: maxRecord.map { Int($0) } ?? largest
        )
    }

    private static func framing(_ invocation: Invocation) throws(CommandError) -> Framing {
        var delimiter: Delimiter?
        if let last = invocation.last(.delimiter, .null) {
            delimiter =
                last.name == .null
                ? .null : Delimiter(try bytes(of: last.argument ?? [], option: .delimiter))
        }
        guard let argument = invocation.argument(.framing) else {
            return .delimited(delimiter ?? .newline)
        }
        let name = String(readable: argument)
        if name == "lines" { return .delimited(delimiter ?? .newline) }
        if delimiter != nil {
            throw .usage("--framing \(name) has no delimiter, so no -D and no -0")
        }
        if name == "whole" { return .whole }
        guard let prefix = LengthPrefix(rawValue: name) else {
            let names = LengthPrefix.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("--framing \(name): it is lines, whole, or one of \(names)")
        }
        return .prefixed(prefix)
    }

    private static func keyDelimiter(_ invocation: Invocation) throws(CommandError) -> [UInt8]? {
        guard let argument = invocation.argument(.keyDelimiter) else { return nil }
        return try bytes(of: argument, option: .keyDelimiter)
    }

    /// The bytes of a delimiter in which escapes may stand.
    private static func bytes(
        of argument: [UInt8],
        option name: OptionName
    ) throws(CommandError) -> [UInt8] {
        let spelling = "-\(name == .delimiter ? "D" : "K")"
        let typed = String(readable: argument)
        do throws(DelimiterSyntaxError) {
            return try DelimiterSyntax.parse(argument)
        } catch {
            switch error {
            case .empty:
                throw .usage("\(spelling): a delimiter has at least one byte")
            case .unknownEscape(let letter):
                let escape = #"\"# + String(readable: [letter])
                throw .usage(
                    "\(spelling) \(typed): \(escape) is none of the escapes "
                        + #"\n \r \t \0 \\ \xHH"#
                )
            case .unfinishedEscape:
                throw .usage(
                    "\(spelling) \(typed): an escape is unfinished; "
                        + #"write \\ for a backslash, and two digits after \x"#
                )
            }
        }
    }

    static func keyRules(_ invocation: Invocation) throws(CommandError) -> RuleSet {
        var rules: [Rule] = []
        for text in invocation.arguments(.key) {
            do throws(RuleSyntaxError) {
                rules.append(try Rule(text))
            } catch {
                throw .usage("--key \(error)")
            }
        }
        if !rules.isEmpty {
            if invocation.has(.keyDelimiter) { throw .usage("-K and --key both give the key") }
            if invocation.has(.keyFrame) { throw .usage("--key-frame and --key both give the key") }
        }
        return RuleSet(rules)
    }

    static func keyMissing(_ invocation: Invocation) throws(CommandError) -> KeyMissing? {
        var choice = KeyMissing.fail
        if let argument = invocation.argument(.keyMissing) {
            let word = String(readable: argument)
            guard let named = KeyMissing(rawValue: word) else {
                throw .usage("--key-missing \(word): it is fail, null or skip")
            }
            choice = named
        }
        guard invocation.has(.keyDelimiter) || invocation.has(.key) else {
            if invocation.has(.keyMissing) {
                throw .usage("--key-missing needs -K or --key, which look for a key")
            }
            return nil
        }
        return invocation.has(.fixedKey) ? nil : choice
    }
}

nonisolated extension Invocation {
    /// The number that was given to an option, or `nil` if the option was not given.
    func number(
        _ name: OptionName,
        in range: ClosedRange<UInt64>
    ) throws(CommandError) -> UInt64? {
        guard let argument = argument(name) else { return nil }
        let isDecimal = argument.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        let text = String(readable: argument)
        guard isDecimal, let number = UInt64(text), range.contains(number) else {
            let bounds =
                range.upperBound == .max
                ? "a number is expected"
                : "a number from \(range.lowerBound) to \(range.upperBound) is expected"
            throw .usage("\(OptionTable.option(name).spelling) \(text): \(bounds)")
        }
        return number
    }
}
