/// Rules asked for many lines at a time, so that what does not depend on the line is done once.
extension RuleSet {
    /// Asks the first rule for one line after another, for as long as what it finds stands in them.
    ///
    /// This is ``firstMatch(_:scratch:)`` for each of them. A line for which it would say anything
    /// but ``RuleMatch/range(_:)`` ends the search, and is to be asked for alone.
    ///
    /// - Parameters:
    ///   - window: Where the lines are, one behind the other.
    ///   - start: The index in it of the first line.
    ///   - ends: The index in it of the one byte of delimiter behind each line, of 128 at most.
    ///   - found: Receives the places in the window of what was found.
    ///   - template: This set's own, kept from one call to the next.
    ///   - scratch: As for ``Rule/match(_:scratch:)``.
    /// - Returns: For how many lines, from the first on, something was found.
    package func matchLines(
        _ window: Span<UInt8>,
        from start: Int,
        ends: Span<Int>,
        into found: inout InlineArray<128, Range<Int>>,
        template: inout LineTemplate,
        scratch: inout RuleScratch
    ) -> Int {
        guard let first else { return 0 }
        switch first.owner.kind {
        case .json(let pointer):
            return eachLine(window, start, ends, &found) {
                pointer.match($0, like: &template.json, scratch: &scratch)
            }
        case .field(let rule):
            return eachLine(window, start, ends, &found) { rule.match($0) }
        case .regex(let rule):
            return eachLine(window, start, ends, &found) { rule.match($0) }
        #if PCRE2
        case .pcre(let rule):
            return rule.withSearch { search in
                eachLine(window, start, ends, &found) { search.match($0) }
            }
        #endif
        case .bytes(let rule):
            return eachLine(window, start, ends, &found) { rule.match($0) }
        case .before(let rule):
            return eachLine(window, start, ends, &found) { rule.match($0) }
        case .constant:
            return 0
        }
    }

    @inline(__always)
    private func eachLine(
        _ window: Span<UInt8>,
        _ start: Int,
        _ ends: Span<Int>,
        _ found: inout InlineArray<128, Range<Int>>,
        _ match: (Span<UInt8>) -> RuleMatch
    ) -> Int {
        var lineStart = start
        for place in ends.indices {
            let end = ends[place]
            guard case .range(let range) = match(window.extracting(lineStart..<end)) else {
                return place
            }
            found[place] = lineStart + range.lowerBound..<lineStart + range.upperBound
            lineStart = end + 1
        }
        return ends.count
    }
}

/// What the lines that a set of rules was asked for had in common, to find the next one's bytes
/// faster: for that set alone.
package struct LineTemplate {
    var json = JSONTemplate()

    /// Creates a template that nothing is like.
    package init() {}
}
