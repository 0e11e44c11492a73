package import KafkaProducer
import KafkaProtocol
import RecordFraming
import RecordIntake

/// A run of which everything is drawn from a seed: the cluster, the settings, the input, and which
/// kinds of faults there are.
///
/// Faults come for a while; then everything is healed, and the run has to end in the time that the
/// settings allow (I11).
package struct RandomRun {
    /// Where everything comes from.
    package let seed: UInt64
    /// Whether the run is huge.
    package let isBig: Bool
    /// The kinds of faults that this seed has.
    package let kinds: [FaultKind]
    /// How many things go wrong.
    package let faultCount: Int
    /// What the producer is told.
    package internal(set) var producer: ProducerConfiguration
    /// How the input comes.
    package let workload: Workload

    /// How many records there are.
    let recordCount: Int
    /// What the input looks like, or `nil` where records are appended as they are.
    let format: InputFormat?
    let keyCount: Int
    let cluster: FakeClusterConfiguration
    let conditions: NetworkConditions
    let partitionCount: Int
    /// In how many pieces an input comes, about.
    let pieceCount: Int
    /// How long things go wrong.
    let faultPeriod: Duration
    /// Whether the process stands still for hours, in a run that has the time.
    let hasLongPause: Bool

    /// Draws a run.
    ///
    /// - Parameters:
    ///   - seed: Where everything comes from.
    ///   - isBig: Whether it has up to a million records instead of up to two thousand.
    package init(seed: UInt64, isBig: Bool = false) {
        self.seed = seed
        self.isBig = isBig
        var random = SplitMix64(seed: seed ^ 0x7377_6172_6d)
        let kinds = Self.kinds(&random)
        self.kinds = kinds
        faultCount = kinds.isEmpty ? 0 : random.below(1 + random.below(201))
        var cluster = FakeClusterConfiguration(brokerCount: 1 + random.below(5))
        Self.draw(&cluster, &random)
        partitionCount = 1 + random.below(12)
        let recordCount = (200 + random.below(1801)) * (isBig ? 500 : 1)
        self.recordCount = recordCount
        let period = Duration.milliseconds([50, 500, 3000, 20_000][random.below(4)])
        faultPeriod = period
        var workload = Workload(recordCount: recordCount)
        // Some inputs go on for long after everything is well again.
        let inputPeriod = random.below(16) == 0 ? .seconds(900) : period
        Self.draw(&workload, over: inputPeriod, &random)
        // A million of the largest records would be gigabytes.
        if isBig { workload.valueSize = 8...min(workload.valueSize.upperBound, 100) }
        var producer = ProducerConfiguration()
        producer.bootstrap = cluster.endpoints.map {
            BrokerAddress(host: $0.host, port: UInt16($0.port))
        }
        // By the seed itself, so that the other draws are the same in every build.
        let codecs = CompressionCodec.builtIn.filter { $0 != .none }
        Self.draw(&producer, codec: codecs[Int(seed % UInt64(codecs.count))], &random)
        if cluster.refusesUnknownProducers {
            producer.firstSequence = 0
            producer.deliveryTimeout = producer.deliveryTimeout ?? .seconds(120)
        }
        hasLongPause = random.below(32) == 0 && !cluster.refusesUnknownProducers
        if hasLongPause { producer.deliveryTimeout = nil }
        self.producer = producer
        self.cluster = cluster
        keyCount = 1 + random.below(100)
        if workload.topics.count == 1 {
            format = InputFormat(
                valueLimit: workload.valueSize.upperBound,
                maxRequestSize: producer.maxRequestSize,
                &random
            )
            pieceCount = [1, 10, 100, 500][random.below(4)]
            workload.gap = .zero...(period * 2 / pieceCount)
        } else {
            pieceCount = 0
            format = nil
        }
        self.workload = workload
        var conditions = NetworkConditions()
        Self.draw(&conditions, valueLimit: workload.valueSize.upperBound, &random)
        // What a large batch takes to be sent must not be longer than an answer is waited for.
        if producer.batchSize > 5000 {
            conditions.sendBufferSize = max(conditions.sendBufferSize, 1 << 16)
        }
        self.conditions = conditions
    }

    /// Half of the kinds on average: rare combinations are as frequent as common ones.
    private static func kinds(_ random: inout SplitMix64) -> [FaultKind] {
        let probability = random.below(10)
        return FaultKind.allCases.filter { kind in
            if let percentage = kind.percentage { return random.below(100) < percentage }
            return random.below(10) < probability
        }
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
        let isOld = ["kafka-2.1", "kafka-2.4"].contains(cluster.profile.name)
        cluster.refusesUnknownProducers = isOld && random.below(2) == 0
        cluster.retention = .batches
    }

    /// Records come for about as long as things go wrong.
    private static func draw(
        _ workload: inout Workload,
        over period: Duration,
        _ random: inout SplitMix64
    ) {
        if random.below(8) == 0 { workload.topics = ["logs", "metrics"] }
        if random.below(2) == 0 { workload.keyCount = 1 + random.below(100) }
        if random.below(4) == 0 { workload.nullValueInterval = 2 + random.below(20) }
        workload.valueSize = 8...(10 + random.below(random.below(20) == 0 ? 6000 : 200))
        workload.burst = 1...(1 + random.below(300))
        let burstCount = max(1, workload.recordCount * 2 / workload.burst.upperBound)
        workload.gap = .zero...(period * 2 / burstCount)
    }

    private static func draw(
        _ producer: inout ProducerConfiguration,
        codec: CompressionCodec,
        _ random: inout SplitMix64
    ) {
        // What the command demands: memory for four of the largest requests.
        if random.below(2) == 0 {
            producer.maxRequestSize = 20_000
            producer.batchSize = [300, 1000, 5000, 20_000][random.below(4)]
            producer.bufferMemory = [100_000, 256 << 10, 1 << 20][random.below(3)]
        } else {
            producer.maxRequestSize = 1 << 20
            producer.batchSize = [300, 1000, 5000, 1_000_000][random.below(4)]
            producer.bufferMemory = [5 << 20, 32 << 20][random.below(2)]
        }
        if random.below(4) == 0 { producer.batchRecordLimit = 1 + random.below(20) }
        producer.linger = .milliseconds([0, 1, 5, 100][random.below(4)])
        producer.flushesWhenInputIsIdle = random.below(2) == 0
        producer.maxInFlightRequests = 1 + random.below(5)
        producer.idempotence = random.below(8) > 0
        if !producer.idempotence { producer.acks = [.all, .leader, .none][random.below(3)] }
        if random.below(6) == 0 { producer.codec = codec }
        producer.requestTimeout = .milliseconds([300, 1000, 5000, 30_000][random.below(4)])
        producer.deliveryTimeout = .seconds([2, 10, 60, 120][random.below(4)])
        if random.below(16) == 0 { producer.deliveryTimeout = nil }
        if random.below(8) == 0 { producer.retries = random.below(4) }
        if random.below(8) == 0 { producer.firstSequence = .max - Int32(random.below(100)) }
        if random.below(8) == 0 { producer.metadataMaxAge = .milliseconds(200) }
        let partitioners: [PartitionerKind] = [.crc32, .fnv1a, .random, .roundRobin]
        if random.below(3) == 0 { producer.partitioner = partitioners[random.below(4)] }
        if random.below(20) == 0 { producer.fixedPartition = 0 }
    }

    private static func draw(
        _ network: inout NetworkConditions,
        valueLimit: Int,
        _ random: inout SplitMix64
    ) {
        if random.below(3) == 0 { network.pieceLimit = 50 + random.below(1000) + valueLimit }
        if random.below(3) == 0 {
            network.sendBufferSize = 200 + random.below(3000) + 4 * valueLimit
        }
        if random.below(3) == 0 { network.writeLimit = 50 + random.below(2000) + valueLimit }
        network.latency = .microseconds(100)...(.microseconds(100 + random.below(5000)))
        network.lossAtClose = random.below(1001)
    }

    // MARK: Running

    /// The simulation at its first instant, with everything planned.
    package func start() -> Simulation {
        var fake = FakeCluster(cluster)
        for topic in workload.topics {
            fake.createTopic(named: topic, partitionCount: partitionCount)
        }
        var random = SplitMix64(seed: seed ^ 0x6661_756c_7473)
        var simulation = makeSimulation(fake, &random)
        simulation.keepsAttempts = false
        for kind in [FaultKind.inputCut, .inputFailure] where kinds.contains(kind) {
            simulation.cause(kind, seed: 0)
        }
        let timed = kinds.filter { $0 != .inputCut && $0 != .inputFailure }
        for _ in 0..<(timed.isEmpty ? 0 : faultCount) {
            let kind = timed[random.below(timed.count)]
            let at = Duration.nanoseconds(
                faultPeriod.nanoseconds / 1000 * Int64(random.below(1001))
            )
            let fault = random.next()
            simulation.schedule(after: at) {
                if $0.healedAt == nil { $0.cause(kind, seed: fault) }
            }
        }
        // Jobs that are out at once: a run has four for each processor.
        simulation.workerCount = 1 + random.below(12)
        // A batch may be a single record, and there are up to two thousand of them; or a million.
        let longest = [0, 1, 5, 20][random.below(4)]
        simulation.isLong = isBig
        simulation.compressionTime = .zero...(isBig ? .zero : .milliseconds(longest))
        let endpoints = cluster.endpoints.enumerated().map { node, endpoint in
            BrokerEndpoint(nodeID: Int32(node), host: endpoint.host, port: endpoint.port)
        }
        if hasLongPause {
            let at = faultPeriod * random.below(1001) / 1000
            let pause = Duration.seconds(3000 + random.below(4000))
            simulation.schedule(after: at) { $0.standStillSoon(pause, $0.ambiguousCount) }
        }
        simulation.schedule(after: faultPeriod) { $0.heal(endpoints) }
        return simulation
    }

    private func makeSimulation(
        _ fake: FakeCluster,
        _ random: inout SplitMix64
    ) -> Simulation {
        guard let format else {
            return Simulation(
                seed: seed,
                cluster: fake,
                producer: producer,
                workload: workload,
                conditions: conditions
            )
        }
        let writer = InputWriter(
            format,
            valueSize: workload.valueSize,
            keyCount: keyCount,
            maxRequestSize: producer.maxRequestSize,
            &random
        )
        let input = writer.input(
            count: recordCount,
            isCut: kinds.contains(.inputCut),
            isCorrupt: random.below(30) == 0
        )
        var settings = format.settings(maxRequestSize: producer.maxRequestSize)
        if random.below(12) == 0 { settings.recordLimit = UInt64(1 + random.below(recordCount)) }
        var source = Intake.Source(
            ringSize: settings.framing.windowSize + 1 + random.below(8192)
        )
        if random.below(3) == 0 { source.readLimit = 1 + random.below(2000) }
        source.isRegularFile = random.below(3) == 0
        if kinds.contains(.inputFailure) { source.failsAfter = random.below(input.count + 1) }
        source.drainTimeout = .seconds(1 + random.below(30))
        var workload = workload
        workload.burst = 1...max(1, 2 * input.count / pieceCount)
        var simulation = Simulation(
            seed: seed,
            cluster: fake,
            producer: producer,
            workload: workload,
            input: input,
            conditions: conditions
        )
        simulation.frame(settings, source: source)
        return simulation
    }

    /// Runs to the end.
    package func tally() -> SeedTally {
        var simulation = start()
        let problems = run(&simulation)
        return SeedTally(seed: seed, simulation, problems: problems)
    }

    /// Runs to the end, and tells what happened.
    ///
    /// - Parameter tracesTurns: Whether each turn of the loop is told, too.
    /// - Returns: What the run came to, everything that was found wrong, and what happened, one
    ///   line each.
    package func traced(
        tracesTurns: Bool = false
    ) -> (tally: SeedTally, problems: [String], trace: [String]) {
        var simulation = start()
        simulation.isTracing = true
        simulation.tracesTurns = tracesTurns
        let problems = run(&simulation)
        let tally = SeedTally(seed: seed, simulation, problems: problems)
        return (tally, problems, simulation.trace)
    }

    /// Runs a simulation of ``start()`` to the end.
    ///
    /// - Returns: What was found wrong; empty if nothing was.
    package func run(_ simulation: inout Simulation) -> [String] {
        simulation.run(limit: .seconds(24 * 3600))
        var problems = simulation.problems
        if simulation.didCorrupt { return problems }
        let names =
            simulation.failures.map(\.name) + (simulation.stopReason.map { [$0.name] } ?? [])
        for name in names
        where !mayFail(with: name, simulation.brokersLost) && !mayFollow(name, in: simulation) {
            problems.append("needless failure: \(name)")
        }
        if let problem = wrongTimeout(in: simulation) { problems.append(problem) }
        return problems
    }

    private func has(_ some: FaultKind...) -> Bool { some.contains { kinds.contains($0) } }

    /// Whether records of this run may end so: a producer that gives up early is never wrong about
    /// what it delivered, and still of no use.
    private func mayFail(with name: String, _ brokersLost: Bool) -> Bool {
        switch name {
        case "DELIVERY_TIMEOUT": return true
        case "ABANDONED": return has(.signal, .secondSignal)
        case "UNKNOWN_SERVER_ERROR":
            return has(.refusal, .appendedRefusal) || producer.retries != nil
        case "CORRUPT_MESSAGE": return has(.refusal)
        case "MESSAGE_TOO_LARGE": return has(.fatalRefusal, .smallBatches)
        case "INVALID_TIMESTAMP": return has(.fatalRefusal, .clockJump)
        case "RECORD_LIST_TOO_LARGE", "INVALID_RECORD", "UNKNOWN_ERROR_999",
            "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED",
            "CLUSTER_AUTHORIZATION_FAILED", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
            "INVALID_TOPIC_EXCEPTION", "INVALID_REQUIRED_ACKS", "UNSUPPORTED_FOR_MESSAGE_FORMAT",
            "POLICY_VIOLATION", "INVALID_REQUEST", "UNSUPPORTED_VERSION", "PRODUCER_FENCED":
            return has(.fatalRefusal)
        // Kafka before 2.1, perhaps by a downgrade.
        case "UNSUPPORTED_COMPRESSION_TYPE": return has(.fatalRefusal) || producer.codec == .zstd
        case "DATA_LOST": return brokersLost || has(.lostProducers, .unreplicatedTail)
        case "TOPIC_RECREATED": return has(.recreatedTopic)
        // What stood behind a batch that ended unknown may be in the log, or not; that this is all
        // that is said so is the business of I10.
        case "OUT_OF_ORDER_SEQUENCE_NUMBER": return true
        case "UNKNOWN_PRODUCER_ID", "INVALID_PRODUCER_EPOCH":
            return brokersLost || cluster.refusesUnknownProducers
        case "UNKNOWN_TOPIC_OR_PARTITION" where has(.unsettledTopic, .vanishedTopic): return true
        // Who waits for ever waits for a topic that is gone, too, for an hour.
        case "NOT_RESENT": return hasLongPause || brokersLost && producer.deliveryTimeout == nil
        case "OTHER_CLUSTER": return false
        case _: return producer.retries != nil
        }
    }
}
