package import KafkaProducer
import KafkaProtocol

/// A run of which everything is drawn from a seed: the cluster, the settings, the records, and
/// which kinds of faults there are.
///
/// Faults come for a while; then everything is healed, and the run has to end in the time that the
/// settings allow (I11).
package struct RandomRun {
    /// Where everything comes from.
    package let seed: UInt64
    /// The kinds of faults that this seed has.
    package let kinds: [FaultKind]
    /// How many things go wrong.
    package let faultCount: Int
    /// What the producer is told.
    package internal(set) var producer: ProducerConfiguration
    /// What is appended.
    package let workload: Workload

    let cluster: FakeClusterConfiguration
    let conditions: NetworkConditions
    let partitionCount: Int
    /// How long things go wrong.
    let faultPeriod: Duration
    /// Whether the process stands still for hours, in a run that has the time.
    let hasLongPause: Bool

    /// Whether the run is huge.
    package let isBig: Bool

    /// Draws a run.
    ///
    /// - Parameters:
    ///   - seed: Where everything comes from.
    ///   - isBig: Whether it has up to a million records instead of up to two thousand.
    package init(seed: UInt64, isBig: Bool = false) {
        self.seed = seed
        self.isBig = isBig
        var random = SplitMix64(seed: seed ^ 0x7377_6172_6d)
        // Half of the kinds on average: rare combinations are as frequent as common ones.
        let probability = 1 + random.below(9)
        kinds = FaultKind.allCases.filter { kind in
            let isRare = kind == .abandonment || kind == .slowFailures
            return random.below(isRare ? 50 : 10) < probability
        }
        faultCount = kinds.isEmpty ? 0 : random.below(1 + random.below(200))
        var cluster = FakeClusterConfiguration(brokerCount: 1 + random.below(5))
        Self.draw(&cluster, &random)
        self.cluster = cluster
        partitionCount = 1 + random.below(12)
        faultPeriod = .milliseconds([20, 200, 2000, 20_000][random.below(4)])
        let recordCount = 200 + random.below(1800)
        var workload = Workload(recordCount: isBig ? recordCount * 500 : recordCount)
        // Some inputs go on for long after everything is well again.
        let inputPeriod = random.below(16) == 0 ? .seconds(900) : faultPeriod
        Self.draw(&workload, over: inputPeriod, &random)
        self.workload = workload
        var producer = ProducerConfiguration()
        producer.bootstrap = cluster.endpoints.map {
            BrokerAddress(host: $0.host, port: UInt16($0.port))
        }
        // By the seed itself, so that the other draws are the same in every build.
        let codecs = CompressionCodec.builtIn.filter { $0 != .none }
        let codec = codecs[Int(seed % UInt64(codecs.count))]
        Self.draw(&producer, codec: codec, &random)
        hasLongPause = random.below(32) == 0
        if hasLongPause { producer.deliveryTimeout = nil }
        self.producer = producer
        var conditions = NetworkConditions()
        Self.draw(&conditions, &random)
        self.conditions = conditions
    }

    private static func draw(_ cluster: inout FakeClusterConfiguration, _ random: inout SplitMix64)
    {
        cluster.profile = BrokerProfile.all[random.below(BrokerProfile.all.count)]
        cluster.sendsLeaderHints = random.below(2) == 0
        let lookUps: [FakeClusterConfiguration.FirstLookUp] = [
            .settled, .leaderNotAvailable, .unknownTopic,
        ]
        cluster.firstLookUp = lookUps[random.below(3)]
        cluster.answersOddly = random.below(8) == 0
        if random.below(8) == 0 { cluster.firstProducerEpoch = 32760 + Int16(random.below(8)) }
    }

    /// Records come for about as long as things go wrong.
    private static func draw(
        _ workload: inout Workload,
        over period: Duration,
        _ random: inout SplitMix64
    ) {
        if random.below(4) == 0 { workload.topics = ["logs", "metrics"] }
        if random.below(2) == 0 { workload.keyCount = 1 + random.below(100) }
        if random.below(4) == 0 { workload.nullValueInterval = 2 + random.below(20) }
        workload.valueSize = 8...(10 + random.below(random.below(10) == 0 ? 6000 : 200))
        workload.burst = 1...(1 + random.below(300))
        let burstCount = max(1, workload.recordCount * 2 / workload.burst.upperBound)
        workload.gap = .zero...(period * 2 / burstCount)
    }

    private static func draw(
        _ producer: inout ProducerConfiguration,
        codec: CompressionCodec,
        _ random: inout SplitMix64
    ) {
        producer.batchSize = [300, 1000, 5000, 1_000_000][random.below(4)]
        producer.maxRequestSize = [20_000, 1 << 20][random.below(2)]
        if random.below(4) == 0 { producer.batchRecordLimit = 1 + random.below(20) }
        producer.bufferMemory = [256 << 10, 1 << 20, 32 << 20][random.below(3)]
        producer.linger = .milliseconds([0, 1, 5, 100][random.below(4)])
        producer.flushesWhenInputIsIdle = random.below(2) == 0
        producer.maxInFlightRequests = 1 + random.below(5)
        producer.idempotence = random.below(8) > 0
        if !producer.idempotence { producer.acks = [.all, .leader, .none][random.below(3)] }
        if random.below(4) == 0 { producer.codec = codec }
        producer.requestTimeout = .milliseconds([300, 1000, 5000, 30_000][random.below(4)])
        producer.deliveryTimeout = .seconds([2, 10, 60, 120][random.below(4)])
        if random.below(8) == 0 { producer.retries = random.below(4) }
        if random.below(8) == 0 { producer.firstSequence = .max - Int32(random.below(100)) }
        if random.below(4) == 0 { producer.metadataMaxAge = .milliseconds(50) }
    }

    private static func draw(_ network: inout NetworkConditions, _ random: inout SplitMix64) {
        if random.below(3) == 0 { network.pieceLimit = 20 + random.below(1000) }
        if random.below(3) == 0 { network.sendBufferSize = 200 + random.below(3000) }
        if random.below(3) == 0 { network.writeLimit = 20 + random.below(2000) }
        network.latency = .microseconds(100)...(.microseconds(100 + random.below(5000)))
        network.lossAtClose = random.below(1001)
    }

    /// The simulation at its first instant, with everything planned.
    package func start() -> Simulation {
        var fake = FakeCluster(cluster)
        for topic in workload.topics {
            fake.createTopic(named: topic, partitionCount: partitionCount)
        }
        var simulation = Simulation(
            seed: seed,
            cluster: fake,
            producer: producer,
            workload: workload,
            conditions: conditions
        )
        var random = SplitMix64(seed: seed ^ 0x6661_756c_7473)
        simulation.workerCount = 1 + random.below(4)
        simulation.compressionTime = .zero...(.milliseconds([0, 1, 20, 200][random.below(4)]))
        for _ in 0..<faultCount {
            let kind = kinds[random.below(kinds.count)]
            let at = faultPeriod * random.below(1001) / 1000
            let fault = random.next()
            simulation.schedule(after: at) { $0.cause(kind, seed: fault) }
        }
        if hasLongPause {
            let at = faultPeriod * random.below(1001) / 1000
            let pause = Duration.seconds(3000 + random.below(2000))
            simulation.schedule(after: at) { $0.standStill(pause) }
        }
        let conditions = conditions
        simulation.schedule(after: faultPeriod) { $0.heal(conditions) }
        return simulation
    }

    /// The virtual time by which the run has to end.
    ///
    /// The input comes for a while, too, and is not read while its records cannot be had.
    package var limit: Duration {
        let input = workload.gap.upperBound * workload.recordCount
        let pause = Duration.seconds(hasLongPause ? 10_000 : 0)
        return faultPeriod + input + pause + (producer.deliveryTimeout ?? .seconds(120)) * 2
            + .seconds(60)
    }

    /// Runs to the end.
    package func tally() -> SeedTally {
        var simulation = start()
        return tally(&simulation)
    }

    /// Runs a simulation of ``start()`` to the end.
    package func tally(_ simulation: inout Simulation) -> SeedTally {
        let problems = run(&simulation)
        return SeedTally(seed: seed, simulation, problems: problems)
    }

    /// Runs a simulation of ``start()`` to the end.
    ///
    /// - Returns: What was found wrong; empty if nothing was.
    package func run(_ simulation: inout Simulation) -> [String] {
        simulation.run(limit: limit)
        var problems = simulation.problems
        let names =
            simulation.failures.map(\.name) + (simulation.stopReason.map { [$0.name] } ?? [])
        for name in names where !mayFail(with: name) && !mayFollow(name, in: simulation) {
            problems.append("needless failure: \(name)")
        }
        if let problem = wrongTimeout(in: simulation) { problems.append(problem) }
        return problems
    }

    /// Whether records of this run may end so: a producer that gives up early is never wrong about
    /// what it delivered, and still of no use.
    private func mayFail(with name: String) -> Bool {
        let lasting = ["UNKNOWN_SERVER_ERROR", "CORRUPT_MESSAGE"]
        let sizes = ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"]
        let final = [
            "INVALID_RECORD", "INVALID_TIMESTAMP", "UNKNOWN_ERROR_999",
            "TOPIC_AUTHORIZATION_FAILED", "INVALID_REQUEST",
        ]
        if name == "DELIVERY_TIMEOUT" { return true }
        // Kafka before 2.1, perhaps by a downgrade.
        if name == "UNSUPPORTED_COMPRESSION_TYPE" { return producer.codec == .zstd }
        if name == "ABANDONED" { return kinds.contains(.abandonment) }
        if lasting.contains(name) {
            return kinds.contains(.refusal) || kinds.contains(.appendedRefusal)
        }
        if name == "MESSAGE_TOO_LARGE", kinds.contains(.smallBatches) { return true }
        if sizes.contains(name) || final.contains(name) { return kinds.contains(.fatalRefusal) }
        // What stood behind a batch that ended unknown may be in the log, or not.
        if name == "OUT_OF_ORDER_SEQUENCE_NUMBER" {
            return hasLongPause || kinds.contains(.fatalRefusal) || kinds.contains(.smallBatches)
                || kinds.contains(.refusal) || kinds.contains(.appendedRefusal)
                || producer.retries != nil
        }
        if name == "UNKNOWN_TOPIC_OR_PARTITION", kinds.contains(.unsettledTopic) { return true }
        if name == "NOT_RESENT" { return hasLongPause }
        let isOurs = ["DATA_LOST", "OTHER_CLUSTER", "TOPIC_RECREATED"].contains(name)
        return producer.retries != nil && !isOurs
    }
}
