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
/// says what to wait for. The order within it is the whole design: facts, records, decisions,
/// effects.
///
/// | file | has |
/// |---|---|
/// | `EventLoop+Input` | which bytes become records |
/// | `EventLoop+Brokers` | the producer's connections |
/// | `EventLoop+Output` | failure lines, `-T`, what a slow or absent reader means |
/// | `EventLoop+Ending` | signals, draining, the end |
package final class EventLoop {
    /// Rounds in one turn: between turns, Dispatch delivers timers and signals.
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
    let standardError: OutputStream
    /// Standard output, or `nil` without `-T` and after it failed.
    var standardOutput: OutputStream?
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

    /// Runs a turn as soon as the present one, if any, is over.
    func wake() {
        guard !turnIsQueued else { return }
        turnIsQueued = true
        DispatchQueue.main.async { [self] in
            turnIsQueued = false
            turn()
        }
    }

    /// One turn: everything that has happened is known; decide, act, and say what to wait for.
    func turn() {
        guard !isInTurn, stage != .ended else { return }
        isInTurn = true
        defer { isInTurn = false }
        var rounds = 0
        var progressed = true
        var now = SystemClock.now
        while progressed, rounds < Self.roundLimit, stage != .ended {
            rounds += 1
            poller.poll()
            now = SystemClock.now
            progressed = takeInput(now: now)
            producer.step(now: now)
            performEvents(now: now)
            if transmit(now: now) { progressed = true }
            writeOutput(now: now)
            advanceStage(now: now)
        }
        guard stage != .ended else { return }
        if progressed {
            wake()
        } else {
            timer?.arm(at: nextDeadline(now: now))
        }
    }

    /// When the loop has to run although nothing happens, or `nil`.
    ///
    /// - Parameter now: The time by which the last round decided. A back-off that ends between that
    ///   and a later look at the clock would be over for the one who waits, and was not for the one
    ///   who acts: nobody would ever come back to it.
    /// - Returns: The earliest deadline, which may have passed meanwhile.
    private func nextDeadline(now: Instant) -> Instant? {
        let deadlines = [
            producer.interest(now: now).deadline, drainDeadline, outputDeadline,
        ]
        return deadlines.compactMap { $0 }.min()
    }
}
