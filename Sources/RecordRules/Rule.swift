/// A rule that takes bytes out of a record: a key, a header, a topic, a partition, a timestamp.
///
/// A rule is made once, from an argument of the command line, and asked for every record. It works
/// on the record's bytes in place: what it finds is a range of them, or, where the bytes do not
/// stand there as such (escapes in JSON, `const:`), is written into a ``RuleScratch``. Except for
/// `regex:`, whose engine is glibc's, nothing is allocated for a record.
///
/// | rule | matches |
/// |---|---|
/// | `json:POINTER` | ``JSONPointer`` |
/// | `field:N`, `field:N:SEP` | ``FieldRule`` |
/// | `regex:ERE` | ``RegexRule`` |
/// | `pcre:REGEX` | `PCRERule`, where it is built in |
/// | `bytes:FROM-TO` | ``BytesRule`` |
/// | `before:DELIM` | ``BeforeRule`` |
/// | `const:TEXT` | always |
package struct Rule: Sendable {
    /// It cannot be copied, so a record is matched with what is borrowed from it; a copy would
    /// count references to the arrays in it, which takes longer than most matches.
    enum Kind: ~Copyable, Sendable {
        case json(JSONPointer)
        case field(FieldRule)
        case regex(RegexRule)
        #if PCRE2
        case pcre(PCRERule)
        #endif
        case bytes(BytesRule)
        case before(BeforeRule)
        case constant([UInt8])
    }

    /// What owns a kind, so that a rule can be copied all the same: with one reference to count.
    final class Owner: Sendable {
        let text: [UInt8]
        let kind: Kind

        init(_ text: [UInt8], _ kind: consuming Kind) {
            self.text = text
            self.kind = kind
        }
    }

    /// The rule as it was written.
    package var text: [UInt8] { owner.text }

    let owner: Owner

    /// Reads a rule as it stands on the command line: any bytes, not necessarily UTF-8.
    ///
    /// - Throws: ``RuleSyntaxError``, which says what to write instead.
    package init(_ text: [UInt8]) throws(RuleSyntaxError) {
        do throws(RuleSyntaxError.Problem) {
            owner = Owner(text, try Self.kind(RuleSyntax(text)))
        } catch {
            throw RuleSyntaxError(rule: text, problem: error)
        }
    }

    /// Looks for the rule's bytes in a record.
    ///
    /// - Parameters:
    ///   - record: The record's value.
    ///   - scratch: Where bytes go that do not stand in the record as such. What an earlier rule
    ///     left there is overwritten.
    /// - Returns: Where the bytes are; see ``RuleMatch/bytes(in:scratch:)``.
    package func match(_ record: Span<UInt8>, scratch: inout RuleScratch) -> RuleMatch {
        switch owner.kind {
        case .json(let pointer):
            return pointer.match(record, scratch: &scratch)
        case .field(let rule):
            return rule.match(record)
        case .regex(let rule):
            return rule.match(record)
        #if PCRE2
        case .pcre(let rule):
            return rule.match(record)
        #endif
        case .bytes(let rule):
            return rule.match(record)
        case .before(let rule):
            return rule.match(record)
        case .constant(let bytes):
            scratch.replace(with: bytes)
            return .decoded
        }
    }

    private static func kind(_ syntax: RuleSyntax) throws(RuleSyntaxError.Problem) -> Kind {
        switch syntax.name {
        case .json: .json(try JSONPointer(syntax.argument))
        case .field: .field(try FieldRule(syntax.argument))
        case .regex: .regex(try RegexRule(syntax.argument))
        case .pcre: try pcre(syntax.argument)
        case .bytes: .bytes(try BytesRule(syntax.argument))
        case .before: .before(try BeforeRule(syntax.argument))
        case .const: .constant(Array(syntax.argument))
        }
    }

    private static func pcre(
        _ argument: ArraySlice<UInt8>
    ) throws(RuleSyntaxError.Problem) -> Kind {
        #if PCRE2
        return .pcre(try PCRERule(argument))
        #else
        throw .pcreIsNotBuiltIn
        #endif
    }
}
