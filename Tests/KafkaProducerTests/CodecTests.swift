import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// Codecs that not every broker takes.
@Suite("Codecs and brokers")
struct CodecTests {
    @Test(
        "refuses zstd by name where the broker is too old for it",
        .enabled(if: CompressionCodec.zstd.isBuiltIn)
    )
    func zstd() {
        var scenario = Scenario(records: 10)
        scenario.cluster.profile = .kafka0_11
        scenario.producer.codec = .zstd
        var simulation = scenario.start()
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.stopReason?.name == "UNSUPPORTED_COMPRESSION_TYPE")
        #expect(simulation.stopReason?.kind == .misconfigured)
        #expect(simulation.attempts.isEmpty)
    }
}
