package import KafkaProducer
import RecordIntake

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

    /// The port before those that brokers move to.
    static let firstNextPort: Int32 = 19_000

    /// What is simulated.
    package var producer: Producer
    /// Whom it talks to.
    package var cluster: FakeCluster
    /// How the network behaves from now on.
    package var conditions: NetworkConditions
    /// How the input comes.
    package let workload: Workload
    /// The time.
    package internal(set) var now: Instant

    /// What was found wrong so far, one sentence each.
    package internal(set) var problems: [String] = []
    /// What happened, one line each, if it is recorded.
    package internal(set) var trace: [String] = []
    /// Whether ``trace`` is recorded.
    package var isTracing = false
    /// Whether each turn is recorded there, too.
    package var tracesTurns = false

    /// The notices that the producer gave.
    package internal(set) var notices: [Notice] = []
    /// Why the producer stopped the reading, or `nil` if it did not.
    package internal(set) var stopReason: Failure?
    /// When it did so.
    var stoppedAt = Instant(nanoseconds: 0)
    /// When everything was well again, or `nil` before.
    var healedAt: Instant?
    /// How many records had ended at the last look, and since when.
    var progressCount: UInt64 = 0
    var progressAt = Instant(nanoseconds: 0)
    /// Whether the run has to go on, rather than to end, once everything is well: what there is to
    /// send takes longer than a time-out.
    var isLong = false
    /// The failures of records, each different one once.
    package internal(set) var failures: [Failure] = []
    /// Why a record was not taken for ever, or `nil` if none was refused.
    package internal(set) var appendError: AppendError?
    /// Whether the producer said that everything has ended.
    package internal(set) var isFinished = false
    /// The attempts to append a batch that reached a broker, in order.
    package internal(set) var attempts: [ProduceAttempt] = []
    /// Whether ``attempts`` are kept.
    package var keepsAttempts = true
    /// How many failure lines are read in a turn.
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
    package var brokersLost: Bool { cluster.hasLost || brokersLied }
    /// Whether a broker refused a batch for numbers that were right.
    var brokersLied = false

    var random: SplitMix64
    var events = EventQueue()
    var links: [Link] = []
    /// Places in ``links`` of the connections that are not gone, oldest first.
    var liveLinks: [Int] = []
    var script: [(inout Simulation) -> Void] = []
    /// What is read.
    let input: SimulatedInput
    /// The input's way through framing and rules, or `nil` where records are appended as they are.
    var intake: Intake?
    var ledger = DeliveryLedger()
    var attemptChecker = AttemptChecker()
    var dialogue: DialogueChecker
    var logChecker: LogChecker
    var leaderChecker = LeaderChecker()
    /// Failures of records that did not get into a batch, and what else is told of the run.
    var outcome = OutcomeChecker()
    var topicIndices: [TopicIndex] = []
    var interest = Interest(acceptsInput: true, deadline: nil)
    /// The bytes that clients wrote.
    package internal(set) var sentByteCount = 0
    /// The bytes that brokers wrote.
    package internal(set) var receivedByteCount = 0

    /// How often the input had more to read.
    var inputEventCount = 0
    /// How many records of the workload can be read.
    var readableCount = 0
    /// When the input's writer closed it, or `nil` if he has not.
    var inputEndedAt: Instant?
    /// Whether the input's writer has closed it.
    var inputHasEnded: Bool { inputEndedAt != nil }
    /// Whether no more records are appended.
    var isDrained = false
    /// Whether the run was ended before everything had ended.
    var wasGivenUp = false
    /// Whether something happened in a turn that another round has to look at.
    var isWoken = false
    /// Failure lines that can still be written in this turn.
    var errorRoom = Int.max
    /// What the wall clock is off by.
    var clockOffsetMilliseconds: Int64 = 0
    /// Until when the process stands still.
    var pausedUntil = start
    /// How the network behaves when nothing is wrong with it.
    let healthyConditions: NetworkConditions
    /// The last port that a broker moved to, or the one before all these.
    var nextPort = firstNextPort
    /// Requests with batches that began to be written and got no clear answer.
    var ambiguousCount = 0
    /// Where a broker that had lost something refused a batch for its numbers, and so said it.
    var contradictions: Set<LogChecker.Place> = []  // look-up only
    /// Partitions that lost the end of their log and know who wrote it, until they take a batch.
    var freshLosses: Set<LogChecker.Place> = []  // look-up only
    /// The batches of each partition that ended unknown when the run stopped.
    var unknownBatches = UnknownBatches()
    /// The first record that has not ended, at the last look.
    var firstUnendedOrdinal: UInt64 = 0
    var turnCount = 0
    /// Since when requests for metadata are counted, and how many there were.
    var metadataStorm = (since: Instant(nanoseconds: 0), count: 0)
    /// Since when connects are counted, and how many there were.
    var connectStorm = (since: Instant(nanoseconds: 0), count: 0)
    /// Since when turns are counted, and how many there were.
    var turnStorm = (since: Instant(nanoseconds: 0), count: 0)
    /// Whether the producer was told something that no broker said.
    var didCorrupt = false

    /// Creates a simulation at its first instant, of records that are appended as they are.
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
        self.init(
            seed: seed,
            cluster: cluster,
            producer: configuration,
            workload: workload,
            input: workload.input(seed: seed),
            conditions: conditions
        )
    }

    /// Creates a simulation at its first instant.
    ///
    /// The parameter `input` is what is read, as `workload` says when.
    init(
        seed: UInt64,
        cluster: FakeCluster,
        producer configuration: ProducerConfiguration,
        workload: Workload,
        input: SimulatedInput,
        conditions: NetworkConditions
    ) {
        now = Self.start
        random = SplitMix64(seed: seed)
        self.cluster = cluster
        self.cluster.configuration.reportsAttempts = true
        self.cluster.configuration.reportsAppends = true
        self.cluster.configuration.reportsLeaders = true
        self.workload = workload
        self.input = input
        self.conditions = conditions
        dialogue = DialogueChecker(inFlightLimit: configuration.maxInFlightRequests, now: now)
        healthyConditions = conditions
        logChecker = LogChecker(
            partitioner: configuration.partitioner,
            fixedPartition: configuration.fixedPartition,
            topics: workload.topics
        )
        producer = Producer(configuration: configuration, seed: random.next(), now: now)
        compressor = BatchCompressor(configuration)
        for topic in workload.topics {
            topicIndices.append(producer.topicIndex(named: topic, now: now))
        }
        let count = burstSize()
        events.add(.input(count: count), at: now)
    }

    /// Lets the input come through framing and rules.
    mutating func frame(_ settings: IntakeSettings, source: Intake.Source) {
        precondition(topicIndices.count == 1, "A run has one topic.")
        intake = Intake(settings, topic: topicIndices[0], source: source)
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
            for deadline in [interest.deadline, intake?.drainDeadline] {
                guard let deadline else { continue }
                // Whoever stands still misses deadlines.
                let seen = max(deadline, pausedUntil)
                next = min(next ?? seen, seen)
            }
            guard let next else {
                report("I11: nothing will ever happen again; \(unended)")
                return
            }
            guard next <= end else { return }
            now = max(now, next)
            if let last = lastInstant, now > last {
                // What garbage said of a leader's epoch is believed for ever, and so is waited for.
                let isMisled = didCorrupt && producer.configuration.deliveryTimeout == nil
                if !isMisled {
                    report("I11: not finished in time after everything healed; \(unended)")
                }
                return
            }
            if now < pausedUntil { happenElsewhere() } else { turn() }
        }
    }

    /// How many records the producer was given.
    package var takenCount: Int { ledger.takenCount }

    /// When the run has to have ended: set once nothing goes wrong any more and all input is there,
    /// `nil` before that.
    private var lastInstant: Instant? {
        guard let healedAt, let inputEndedAt else { return nil }
        // Who waits for ever gives up after an hour what may be in a log that is gone (R10).
        let longest = Duration.seconds(cluster.hasLost ? 4 * 3600 : 120)
        var timeout = producer.configuration.deliveryTimeout ?? longest
        // A throttle that garbage asked for delays what is in flight by no more than that again.
        if didCorrupt { timeout += timeout }
        let quietAt = max(healedAt, inputEndedAt, pausedUntil)
        return (isLong ? max(quietAt, progressAt) : quietAt).advanced(by: timeout + .seconds(30))
    }

    /// What has not ended, for a problem's sentence.
    private var unended: String {
        let delivery = producer.delivery
        return "\(ledger.takenCount) taken, \(delivery.ackedCount) acknowledged, "
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
        wasGivenUp = true
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
        let lower = range.lowerBound.nanoseconds
        let width = range.upperBound.nanoseconds - lower
        return .nanoseconds(lower + width / 1000 * Int64(random.below(1001)))
    }
}
