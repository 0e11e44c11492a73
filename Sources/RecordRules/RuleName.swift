/// What a rule begins with, before its colon.
package enum RuleName: String, CaseIterable, Sendable {
    case json, field, regex, pcre, bytes, before, const

    /// The rules of this build: all, but for `pcre` where PCRE2 is not built in.
    package static var builtIn: [RuleName] {
        #if PCRE2
        return allCases
        #else
        return allCases.filter { $0 != .pcre }
        #endif
    }
}
