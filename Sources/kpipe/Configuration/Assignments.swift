/// The values in force: of each property the one from the highest source, and there the last.
///
/// A value that is outranked is not looked at, so that an option can replace what a vendor's file
/// says and this kpipe cannot do.
nonisolated package struct Assignments: Sendable {
    private var winners: [PropertyName: Assignment] = [:]

    /// Creates the values in force.
    package init(_ assignments: [Assignment] = []) {
        for assignment in assignments { set(assignment) }
    }

    /// Puts a value in force unless one from a higher source is.
    package mutating func set(_ assignment: Assignment) {
        if let winner = winners[assignment.name], winner.source.rank > assignment.source.rank {
            return
        }
        winners[assignment.name] = assignment
    }

    /// The assignment in force, or `nil` if nobody set the property.
    package subscript(_ name: PropertyName) -> Assignment? { winners[name] }
}

// MARK: - Reading values

nonisolated extension Assignments {
    /// Whether a property is true.
    func flag(_ name: PropertyName) throws(CommandError) -> Bool {
        switch text(name).lowercased() {
        case "true", "t", "1": true
        case "false", "f", "0": false
        default: throw refusal(of: name)
        }
    }

    /// A whole number, or `nil` if it is unlimited.
    func number(orUnlimited name: PropertyName) throws(CommandError) -> Int? {
        let property = PropertyTable.property(name)
        let isUnlimited = property.defaultValue == "unlimited"
        // Java has no word for it: there the largest number is the default of `retries`.
        if isUnlimited, ["unlimited", String(Int32.max)].contains(text(name)) { return nil }
        return try number(name)
    }

    /// A whole number within the range of its property.
    func number(_ name: PropertyName) throws(CommandError) -> Int {
        guard
            case .number(let range, _) = PropertyTable.property(name).kind,
            let number = Int(text(name)), range.contains(number)
        else { throw refusal(of: name) }
        return number
    }

    /// A time that is given in milliseconds.
    func milliseconds(_ name: PropertyName) throws(CommandError) -> Duration {
        guard
            case .milliseconds(let least) = PropertyTable.property(name).kind,
            let duration = Duration(decimal: text(name), nanosecondsPerUnit: 1_000_000),
            duration >= .milliseconds(least)
        else { throw refusal(of: name) }
        return duration
    }

    /// Text, in which anything but UTF-8 is refused.
    func string(_ name: PropertyName) throws(CommandError) -> String {
        guard let winner = winners[name] else { return PropertyTable.property(name).defaultValue }
        guard let text = String(validating: winner.value, as: UTF8.self) else {
            throw refusal(of: name)
        }
        return text
    }

    /// The error for a value that is none.
    ///
    /// - Parameters:
    ///   - name: The property.
    ///   - reason: What is wrong, or `nil` to say what is expected.
    /// - Returns: The error, which names the place where the value stands.
    func refusal(of name: PropertyName, because reason: String? = nil) -> CommandError {
        let property = PropertyTable.property(name)
        let value = text(name)
        guard let winner = winners[name] else {
            preconditionFailure("The defaults are values.")
        }
        let reason = reason ?? "expected \(property.kind.description)"
        switch winner.source {
        case .option:
            return CommandError(
                winner.source.badValueStatus,
                "\(winner.source.text) \(value): \(reason)"
            )
        case .file, .environment, .property:
            return CommandError(
                winner.source.badValueStatus,
                "\(property.spelling)=\(value): \(reason) (\(winner.source.text))"
            )
        }
    }

    /// The value in force as readable text.
    private func text(_ name: PropertyName) -> String {
        guard let winner = winners[name] else { return PropertyTable.property(name).defaultValue }
        return String(readable: winner.value)
    }
}
