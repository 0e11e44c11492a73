package import KafkaProducer

/// A producer and a cluster with a network between them, in virtual time on one thread.
///
/// Everything comes from the seed, so a run can be repeated. The producer is driven by the contract
/// that its own comment states, turn by turn, and time jumps from one thing that happens to the
/// next. What is wrong is collected in ``problems``; a run that cannot end is a problem too.
///
///     workload ──append──▶ Producer ──bytes──▶ links ──frames──▶ FakeCluster
///        ▲                    │  ▲                                   │
///        └── acceptsInput ────┘  └────────────bytes──────────────────┘
package struct Simulation: ~Copyable {
    /// The time at which every simulation begins.
    static let start = Instant(nanoseconds: 1_000_000_000)

    /// What is simulated.
    package var producer: Producer
    /// Whom it talks to.
    package var cluster: FakeCluster
    /// How the network behaves from now on.
    package var conditions: NetworkConditions
    /// What is appended.
    package let workload: Workload
    /// The time.
    package internal(set) var now: Instant

    /// What was found wrong so far, one sentence each.
    package internal(set) var problems: [String] = []
    /// What happened, one line each, if it is recorded.
    package internal(set) var trace: [String] = []
    /// Whether ``trace`` is recorded.
    package var isTracing = false

    /// The notices that the producer gave.
    package internal(set) var notices: [Notice] = []
    /// Why the producer stopped the reading, or `nil` if it did not.
    package internal(set) var stopReason: Failure?
    /// When it did so.
    var stoppedAt = Instant(nanoseconds: 0)
    /// When everything was well again, or `nil` before.
    var healedAt: Instant?
    /// The failures of records, each different one once.
    package internal(set) var failures: [Failure] = []
    /// Why a record was not taken for ever, or `nil` if none was refused.
    package internal(set) var appendError: AppendError?
    /// Whether the producer said that everything has ended.
    package internal(set) var isFinished = false
    /// The attempts to append a batch that reached a broker, in order.
    package internal(set) var attempts: [ProduceAttempt] = []
    /// How many records may be taken from the failure queue in a turn.
    package var failureLimit = Int.max
    /// Whether the input never ends by itself.
    package var keepsInputOpen = false

    /// How many batches are compressed at a time.
    package var workerCount = 2
    /// How long a worker takes for a batch: those that begin later may be done sooner.
    package var compressionTime: ClosedRange<Duration> = .zero...(.milliseconds(1))
    /// What compresses, or `nil` without a codec.
    var compressor: BatchCompressor?
    /// Batches that workers have.
    var compressingCount = 0
    /// How often each kind of fault happened, by ``FaultKind/rawValue``.
    package internal(set) var faultCounts = [Int](repeating: 0, count: FaultKind.allCases.count)
    /// Whether a broker lost what it had acknowledged, or what it knew of producers.
    package internal(set) var brokersLost = false

    var random: SplitMix64
    var events = EventQueue()
    var links: [Link] = []
    /// Places in ``links`` of the connections that are not gone, oldest first.
    var liveLinks: [Int] = []
    var script: [(inout Simulation) -> Void] = []
    var ledger = DeliveryLedger()
    var attemptChecker = AttemptChecker()
    var dialogue: DialogueChecker
    var topicIndices: [TopicIndex] = []
    var interest = Interest(acceptsInput: true, deadline: nil)
    /// The bytes that clients wrote.
    package internal(set) var sentByteCount = 0
    /// The bytes that brokers wrote.
    package internal(set) var receivedByteCount = 0

    /// How many records of the workload can be read.
    var readableCount = 0
    /// Whether no more records are appended.
    var isDrained = false
    /// The first record that has not ended, at the last look.
    var firstUnendedOrdinal: UInt64 = 0
    var turnCount = 0
    /// Since when requests for metadata are counted, and how many there were.
    var metadataStorm = (since: Instant(nanoseconds: 0), count: 0)
    /// Whether the producer was told something that no broker said.
    var didCorrupt = false

    /// Creates a simulation at its first instant.
    ///
    /// - Parameters:
    ///   - seed: Where every choice comes from.
    ///   - cluster: The cluster, with its topics.
    ///   - configuration: What the producer is told.
    ///   - workload: What is appended.
    ///   - conditions: How the network behaves.
    package init(
        seed: UInt64,
        cluster: FakeCluster,
        producer configuration: ProducerConfiguration,
        workload: Workload,
        conditions: NetworkConditions = .init()
    ) {
        now = Self.start
        random = SplitMix64(seed: seed)
        self.cluster = cluster
        self.cluster.configuration.reportsAttempts = true
        self.workload = workload
        self.conditions = conditions
        dialogue = DialogueChecker(inFlightLimit: configuration.maxInFlightRequests, now: now)
        producer = Producer(configuration: configuration, seed: random.next(), now: now)
        compressor = BatchCompressor(configuration)
        for topic in workload.topics {
            topicIndices.append(producer.topicIndex(named: topic, now: now))
        }
        let count = burstSize()
        events.add(.input(count: count), at: now)
    }

    /// Lets something happen at a time to come.
    package mutating func schedule(
        after delay: Duration,
        _ action: @escaping (inout Simulation) -> Void
    ) {
        script.append(action)
        events.add(.action(script.count - 1), at: now.advanced(by: delay))
    }

    /// Runs until the producer has finished and checks everything.
    ///
    /// - Parameter limit: The virtual time that it may take.
    package mutating func run(limit: Duration = .seconds(600)) {
        let end = now.advanced(by: limit)
        runUntilFinished(end: end)
        if !isFinished, problems.isEmpty {
            report("I11: not finished after \(limit), \(turnCount) turns; \(unended)")
        }
        checkEverything()
    }

    /// Runs to a time, or until the producer has finished.
    package mutating func run(until end: Instant) {
        runUntilFinished(end: end)
        if now < end, !isFinished, problems.isEmpty { now = end }
    }

    private mutating func runUntilFinished(end: Instant) {
        while !isFinished, problems.isEmpty {
            var next = events.nextInstant
            if let deadline = interest.deadline { next = min(next ?? deadline, deadline) }
            guard let next else {
                report("I11: nothing will ever happen again; \(unended)")
                return
            }
            guard next <= end else { return }
            now = max(now, next)
            turn()
        }
    }

    /// How many records the producer was given.
    package var takenCount: Int { ledger.entries.count }

    /// What has not ended, for a problem's sentence.
    private var unended: String {
        let delivery = producer.delivery
        return "\(ledger.entries.count) taken, \(delivery.ackedCount) acknowledged, "
            + "\(delivery.failedCount) failed, \(delivery.unknownCount) unknown"
    }

    /// Appends no more records.
    package mutating func endInput() {
        guard !isDrained else { return }
        isDrained = true
        producer.drain(now: now)
    }

    /// Ends the run at once.
    package mutating func abandon() {
        isDrained = true
        producer.abandon(now: now)
    }

    mutating func report(_ problem: String) {
        let seconds = Double(now.nanoseconds) / 1e9
        problems.append("at \(seconds) s: \(problem)")
        note("PROBLEM \(problem)")
    }

    /// Records a line, if lines are recorded; a frequent one is better not made in vain.
    mutating func note(_ line: String) {
        guard isTracing else { return }
        trace.append("\(Double(now.nanoseconds) / 1e9) \(line)")
    }

    mutating func burstSize() -> Int {
        workload.burst.lowerBound + random.below(workload.burst.count)
    }

    mutating func draw(_ range: ClosedRange<Duration>) -> Duration {
        let width = range.upperBound - range.lowerBound
        return range.lowerBound + width * random.below(1001) / 1000
    }
}
