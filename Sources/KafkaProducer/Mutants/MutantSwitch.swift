#if Mutants
/// Chooses a ``Mutant`` from outside of the core.
package struct MutantSwitch: Sendable {
    let mutant: Mutant

    /// Where the bug comes from: the number of a historical bug, a rule, or a promise.
    package let origin: String
    /// What is wrong, in one sentence.
    package let cause: String

    /// Whether it is about batches that expire in flight.
    package var expiresInFlight: Bool {
        mutant == .reusesMemoryInFlight || mutant == .countsLateSuccess
    }

    /// Its name.
    package var name: String { "\(mutant)" }

    init(_ mutant: Mutant, _ origin: String, _ cause: String) {
        self.mutant = mutant
        self.origin = origin
        self.cause = cause
    }
}
#endif
