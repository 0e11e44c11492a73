import RecordRules

/// What a rule found, with the bytes themselves.
enum Found: Equatable {
    case bytes([UInt8])
    case none
    case broken(BrokenRecord)

    static func text(_ text: String) -> Found { .bytes(Array(text.utf8)) }

    static func json(_ flaw: JSONFlaw, at byteOffset: Int) -> Found {
        .broken(.json(flaw, byteOffset: byteOffset))
    }

    init(_ match: RuleMatch, in record: Span<UInt8>, scratch: borrowing RuleScratch) {
        switch match {
        case .none: self = .none
        case .broken(let why): self = .broken(why)
        case .range, .decoded:
            var bytes: [UInt8] = []
            if let found = match.bytes(in: record, scratch: scratch) {
                for index in found.indices { bytes.append(found[index]) }
            }
            self = .bytes(bytes)
        }
    }
}

/// Asks a rule about a record.
func find(_ rule: String, in record: [UInt8]) throws -> Found {
    var scratch = RuleScratch()
    let rule = try Rule(Array(rule.utf8))
    let match = rule.match(record.span, scratch: &scratch)
    return Found(match, in: record.span, scratch: scratch)
}

/// Asks a rule about a record.
func find(_ rule: String, in record: String) throws -> Found {
    try find(rule, in: Array(record.utf8))
}
