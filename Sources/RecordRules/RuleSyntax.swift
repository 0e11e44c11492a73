/// A rule's name and argument, as in `NAME:ARGUMENT`.
struct RuleSyntax {
    let name: RuleName
    let argument: ArraySlice<UInt8>

    init(_ text: [UInt8]) throws(RuleSyntaxError.Problem) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { throw .unknownRule }
        let word = text[..<colon]
        guard let name = RuleName.allCases.first(where: { $0.rawValue.utf8.elementsEqual(word) })
        else {
            throw .unknownRule
        }
        self.name = name
        argument = text[(colon + 1)...]
    }

    /// Reads a number of decimal digits alone, or `nil` if it is none or does not fit.
    static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty else { return nil }
        var number = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (tens, tensOverflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = tens.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            guard !tensOverflow, !sumOverflow else { return nil }
            number = sum
        }
        return number
    }
}
