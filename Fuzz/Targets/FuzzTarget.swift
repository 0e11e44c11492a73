import KafkaProtocol

/// What is fed with bytes from the fuzzer, and has to hold whatever they are.
///
/// A trap, a read or write outside of memory, an allocation or a time beyond the limits that
/// `scripts/fuzz` sets, and a property that does not hold (``require(_:_:)``) are findings.
enum FuzzTarget: String, CaseIterable {
    // What brokers send.
    case apiVersions = "api-versions"
    case metadata
    case produce
    case initProducerID = "init-producer-id"
    case producer
    // What we send, as the simulator and the sandbox read it.
    case batch
    case gzip
    case broker
    // What stands in the input.
    case framing
    case rule
    case pointer
    // What people write.
    case syntax
    case configuration
    case arguments

    func run(_ bytes: [UInt8]) {
        switch self {
        case .apiVersions: Responses.run(.apiVersions, bytes)
        case .metadata: Responses.run(.metadata, bytes)
        case .produce: Responses.run(.produce, bytes)
        case .initProducerID: Responses.run(.initProducerId, bytes)
        case .producer: HostileNetwork.run(bytes)
        case .batch: Batches.run(bytes)
        case .gzip: Compression.run(bytes)
        case .broker: Requests.run(bytes)
        case .framing: Framings.run(bytes)
        case .rule: Rules.run(bytes)
        case .pointer: Rules.run(Array("json:".utf8) + bytes)
        case .syntax: Syntax.run(bytes)
        case .configuration: Configurations.runFile(bytes)
        case .arguments: Configurations.runArguments(bytes)
        }
    }
}

/// Stops with a sentence where a property does not hold; the fuzzer keeps the input.
func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    // The message of a precondition is not in an optimized build; this one is.
    if !holds { fatalError(sentence()) }
}

/// Lends bytes in memory that ends where they do, so that a read behind them is found.
///
/// An array's memory may go on behind its last element.
func withExactMemory<Result>(
    of bytes: some Collection<UInt8>,
    _ body: (Span<UInt8>) -> Result
) -> Result {
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    defer { memory.deallocate() }
    _ = memory.initialize(from: bytes)
    return body(memory.span)
}
