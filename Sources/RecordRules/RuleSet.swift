/// Rules of which the first that matches wins, as `--key` repeated.
package struct RuleSet: Sendable {
    /// The rules in the order in which they are asked.
    package let rules: [Rule]
    let first: Rule?

    /// Creates a set of rules, of which the first one has precedence.
    package init(_ rules: [Rule]) {
        self.rules = rules
        first = rules.first
    }

    /// Whether there is no rule, so that nothing can match.
    package var isEmpty: Bool { rules.isEmpty }

    /// Asks the rules in order, up to the first that matches or cannot read the record.
    ///
    /// - Parameters:
    ///   - record: The record's value.
    ///   - scratch: As for ``Rule/match(_:scratch:)``.
    /// - Returns: The first answer that is not ``RuleMatch/none``; that, if there is no other.
    package func firstMatch(_ record: Span<UInt8>, scratch: inout RuleScratch) -> RuleMatch {
        // Mostly there is one rule, and what is borrowed from this value counts no reference,
        // while an element of an array does.
        guard let match = first?.match(record, scratch: &scratch) else { return .none }
        guard case .none = match, rules.count > 1 else { return match }
        return laterMatch(record, scratch: &scratch)
    }

    private func laterMatch(_ record: Span<UInt8>, scratch: inout RuleScratch) -> RuleMatch {
        // By index: an iterator takes memory in builds that are not optimized, and the test that
        // counts allocations runs in those too.
        for index in 1..<rules.count {
            switch rules[index].match(record, scratch: &scratch) {
            case .none: continue
            case .range(let range): return .range(range)
            case .decoded: return .decoded
            case .broken(let flaw): return .broken(flaw)
            }
        }
        return .none
    }
}
