import Dispatch
internal import Glibc
internal import KafkaProducer
internal import RecordIntake

/// The loop: a `select` of which every case is optional.
///
/// | arm | is off while |
/// |---|---|
/// | input | the ring is full: the producer, or a reader of our output, has no room |
/// | timer | nothing changes by time alone |
/// | write, for each connection | nothing is to be sent to it, or the system takes no more |
/// | flush, for each broker | `BrokerProducer.flushTrigger` is `nil` |
///
/// It lives on Dispatch's main queue. Handlers note facts; ``turn()`` decides once, acts once, and
/// waits for what comes next. The order within it is the whole design: facts, records, decisions,
/// effects.
///
/// | file | has |
/// |---|---|
/// | `EventLoop+Input` | which bytes become records |
/// | `EventLoop+Brokers` | the producer's connections |
/// | `EventLoop+Output` | failure lines, `-T`, what a slow or absent reader means |
/// | `EventLoop+Ending` | signals, draining, the end |
package final class EventLoop {
    /// Rounds in one turn that is never at rest: between turns, Dispatch delivers timers.
    private static let roundLimit = 64

    let configuration: RunConfiguration
    let voice: RunVoice
    let didEnd: (RunSummary) -> Void

    let poller: Poller
    var producer: Producer
    var ring: InputRing
    var pump: RecordPump
    var ledger = InputLedger()
    var tee = Tee()
    var links: [BrokerLink?] = []
    let answers = AnswerMemory()
    let standardError: OutputStream
    /// Standard output, or `nil` without `-T` and after it failed.
    var standardOutput: OutputStream?
    /// Who compresses batches; without a codec there are none.
    let workers: CompressionWorkers
    var timer: DeadlineTimer?
    var signals: Signals?

    /// The input that is read, or `nil` before the first and after the last.
    var source: InputSource?
    var nextInput = 0
    var stage = Stage.reading
    /// What the run has come to besides what the producer counts.
    var summary = RunSummary()
    /// The first record that did not get as far as a batch.
    var firstRefused: RecordOrigin?
    let startedAt = SystemClock.now
    /// When acknowledgements are no longer waited for, or `nil` for as long as it takes.
    var drainDeadline: Instant?
    /// When output that nobody reads is given up, or `nil` while it moves or is not needed.
    var outputDeadline: Instant?
    /// How much of standard error was written when it was looked at last.
    var watchedCount = 0
    var signalCount = 0
    /// Whether the first bytes of the input were looked at, or need not be.
    var inputIsChecked = true
    /// Whether the input is being ended early, and the bytes it still gives are dropped.
    var isDroppingInput = false
    /// The first byte that no record was made of, where that was not the end of all input.
    var unread: (position: UInt64, place: RecordPlace)?
    /// Bytes that were read and that no record was made of.
    var droppedCount: UInt64 = 0
    var producerDidFinish = false
    var didSummarize = false

    private var isInTurn = false
    private var turnIsQueued = false
    /// Whether the turn was asked for another round.
    private var roundIsWanted = false

    /// How far the run is.
    enum Stage {
        /// Inputs are read.
        case reading
        /// No more is read; whole records that were read are appended.
        case appending
        /// Everything is appended; acknowledgements are waited for.
        case draining
        /// Everything has ended; output is waited for.
        case flushing
        case ended
    }

    /// Creates a loop; ``run()`` starts it.
    ///
    /// - Parameters:
    ///   - configuration: What the run is told.
    ///   - descriptors: Which of 0 to 2 were closed when the program was started.
    ///   - voice: The words of standard error.
    ///   - didEnd: Is told what the run came to; to end the process.
    /// - Throws: What the system said: it has no memory or descriptor for the ring or the poller.
    package init(
        _ configuration: RunConfiguration,
        descriptors: Descriptors,
        voice: RunVoice,
        didEnd: @escaping (RunSummary) -> Void
    ) throws(Errno) {
        self.configuration = configuration
        self.voice = voice
        self.didEnd = didEnd
        poller = try Poller()
        ring = try InputRing(capacity: configuration.ringSize)
        var settings = configuration.producer
        settings.bufferMemory = configuration.batchMemory
        let now = SystemClock.now
        producer = Producer(configuration: settings, seed: configuration.seed, now: now)
        let topic = producer.topicIndex(named: configuration.topic, now: now)
        pump = RecordPump(configuration.intake, topic: topic)
        let waker = Waker()
        let wake = { waker.wake() }
        standardError = OutputStream(
            Descriptors.standardError,
            isClosed: descriptors.wasClosed(Descriptors.standardError),
            wake: wake
        )
        workers = CompressionWorkers(settings, wake: wake)
        if configuration.tee {
            standardOutput = OutputStream(
                Descriptors.standardOutput,
                isClosed: descriptors.wasClosed(Descriptors.standardOutput),
                wake: wake
            )
        }
        waker.loop = self
    }

    /// Lets the streams wake a loop that they were made before.
    private final class Waker {
        weak var loop: EventLoop?
        func wake() { loop?.wake() }
    }

    /// Starts the run, and the main queue does the rest.
    package func run() {
        Signals.ignoreBrokenPipes()
        signals = Signals { [self] signal in didReceiveSignal(signal) }
        timer = DeadlineTimer { [self] in turn() }
        poller.turn = { [self] in turn() }
        beginNextInput()
        turn()
    }

    /// Runs another round of the present turn, or a turn.
    func wake() {
        if isInTurn { roundIsWanted = true } else { queueTurn() }
    }

    private func queueTurn() {
        guard !turnIsQueued else { return }
        turnIsQueued = true
        MainQueue.async { [self] in
            turnIsQueued = false
            turn()
        }
    }

    /// Everything that has happened is known; decide, act, and wait for what happens next.
    ///
    /// The wait is in place: through Dispatch a line on an idle pipe, or an answer, would come by
    /// way of two threads that have to wake up for it, which takes longer than a broker nearby. So
    /// a turn lasts for as long as it needs nothing of Dispatch.
    func turn() {
        guard !isInTurn, stage != .ended else { return }
        isInTurn = true
        defer { isInTurn = false }
        var rounds = 0
        poller.poll()
        while stage != .ended {
            let now = SystemClock.now
            if round(now: now) {
                rounds += 1
                if rounds < Self.roundLimit, !MainQueue.hasWork { continue }
                return queueTurn()
            }
            // What was handed over runs first, and may have led to nothing that ends the wait.
            guard !MainQueue.hasWork else { return queueTurn() }
            guard let patience = patience(now: now) else {
                timer?.arm(at: nextDeadline(now: now))
                return
            }
            rounds = 0
            poller.poll(waiting: patience)
        }
    }

    /// One round: facts, records, decisions, effects.
    ///
    /// - Returns: Whether there may be more to do at once.
    private func round(now: Instant) -> Bool {
        roundIsWanted = false
        var progressed = takeInput(now: now)
        workers.deliver(to: &producer, now: now)
        producer.step(now: now)
        performEvents(now: now)
        if workers.takeJobs(from: &producer) { progressed = true }
        if transmit(now: now) { progressed = true }
        writeOutput(now: now)
        advanceStage(now: now)
        return progressed || roundIsWanted
    }

    /// How many milliseconds may be waited for in place, -1 for as long as it takes; or `nil` if a
    /// deadline is so near that Dispatch's timer, which is finer, has to tell.
    private func patience(now: Instant) -> Int32? {
        guard let deadline = nextDeadline(now: now) else { return -1 }
        guard now < deadline else { return nil }
        let milliseconds = (deadline.nanoseconds - now.nanoseconds) / 1_000_000
        return milliseconds < 1 ? nil : Int32(clamping: milliseconds)
    }

    /// When the loop has to run although nothing happens, or `nil`.
    ///
    /// - Parameter now: The time by which the last round decided. A back-off that ends between that
    ///   and a later look at the clock would be over for the one who waits, and was not for the one
    ///   who acts: nobody would ever come back to it.
    /// - Returns: The earliest deadline, which may have passed meanwhile.
    private func nextDeadline(now: Instant) -> Instant? {
        let deadline = Self.earlier(producer.interest(now: now).deadline, drainDeadline)
        return Self.earlier(deadline, outputDeadline)
    }

    private nonisolated static func earlier(_ one: Instant?, _ other: Instant?) -> Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }
}
