/// A known way to get the producer wrong, to be switched on in the simulator alone.
///
/// A simulator that cannot find known bugs proves nothing, so each of these is a bug that another
/// client had, or one that a rule of docs/PROTOCOL.md keeps out: `MutantSwitch+Table` says which.
/// Where the code asks `mutates(.someMutant)` it reads as if that were `false`, and without the
/// package's trait `Mutants` it is: the compiler then leaves nothing of it.
enum Mutant: CaseIterable {
    // Bugs that other clients had, in the order of their numbers (T01 to T32).
    case reusesMemoryInFlight
    case matchesAnswersBySequence
    case renumbersBackwards
    case bumpsEpochInFlight
    case resetsForUnknownProducer
    case requeuesAtFront
    case countsLateSuccess
    case forgetsVanishedTopic
    case passesOverAmbiguousBatch
    case rebuildsOnRetry
    case requeuesAtBack
    case bumpsEveryPartition
    case goesOnAfterDeadline
    case unmutesBeforeRetry
    case numbersBeforeRetry
    case reportsFirstRecordOnly
    case givesUpOnStorageError
    case overflowsEpoch
    case trustsRequestTimedOut
    case overflowsSequence
    case keepsStaleSeal
    case trapsOnDuplicateEntry
    case acceptsOlderLeaderEpoch

    // Rules R1 to R12 broken, one at a time.
    case reopensWrittenBatch
    case reusesSequences
    case sendsWhileMuted
    case pipelinesWhileRecovering
    case sendsFreelyAfterError
    case movesWithoutWaiting
    case resendsFinalBatches
    case matchesAnswersByPlace
    case takesMissingAsSuccess
    case refusesDuplicateSequence
    case keepsSequenceInNewEpoch
    case neverRenewsIdentity
    case renumbersAmbiguousBatches
    case resendsUnknownBatches
    case pipelinesBeforeFirstSuccess
    case keepsEpochWhenIdle
    case allowsEightUnresolved
    case failsAmbiguousBatches
    case splitsAmbiguousBatches
    case resendsForEver
    case keepsEpochAfterGap
    case pipelinesWithoutIdempotence

    // Other promises broken.
    case neverLingers
    case readsWithoutMemory
    case namesNeighbour
    case splitLosesRecord
    case misplacesKeyTails
    case forgetsFailureClass
    case ignoresThrottle
    case ignoresRequestTimeout
    case retriesAtOnce
}

extension Producer {
    /// Whether the producer is to behave as a mutant does: never, without the trait `Mutants`.
    @inline(__always)
    func mutates(_ mutant: Mutant) -> Bool {
        #if Mutants
        configuration.mutant?.mutant == mutant
        #else
        false
        #endif
    }
}
