import Testing

@testable import KafkaProducer

/// Known bugs are for the simulator alone.
@Suite("Mutants")
struct MutantTests {
    #if !Mutants
    @Test("are in no producer that was built without their trait")
    func absent() {
        let producer = Producer(
            configuration: ProducerConfiguration(),
            seed: 1,
            now: Instant(nanoseconds: 0)
        )
        for mutant in Mutant.allCases { #expect(producer.mutates(mutant) == false) }
        let labels = Mirror(reflecting: producer.configuration).children.compactMap(\.label)
        #expect(labels.contains("linger") && !labels.contains("mutant"))
    }
    #else
    @Test("are in the table once each, in their order")
    func table() {
        #expect(MutantSwitch.all.map(\.mutant) == Mutant.allCases)
    }
    #endif
}
