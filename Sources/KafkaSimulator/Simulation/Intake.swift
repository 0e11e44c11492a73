import KafkaProducer
import RecordIntake

/// The way of the input's bytes into the producer, as `EventLoop+Input` has it.
struct Intake {
    /// How far the run is.
    enum Stage {
        /// The input is read.
        case reading
        /// No more is read; whole records that were read are appended.
        case appending
        /// Everything is appended; acknowledgements are waited for.
        case draining
        /// Everything has ended.
        case ended
    }

    /// What the input is, beside its bytes.
    struct Source {
        /// The bytes of a window: what was read and not consumed.
        var ringSize: Int
        /// The most bytes that one read takes.
        var readLimit = Int.max
        /// Whether it is a file whose size is known.
        var isRegularFile = false
        /// After how many bytes reading it fails, or `nil` if it does not.
        var failsAfter: Int?
        /// How long acknowledgements are waited for after a signal.
        var drainTimeout: Duration = .seconds(30)
    }

    let source: Source
    var pump: RecordPump
    var stage = Stage.reading

    /// How many bytes the source can give by now.
    var arrivedCount = 0
    /// How many bytes were read.
    var readCount = 0
    /// How many bytes were consumed.
    var consumedCount = 0
    /// Whether the last record that was read was not taken.
    var wasNotTaken = false
    /// Whether nothing of what is left can be framed.
    var isDropping = false

    /// Whether the whole input was read, or as much of it as was asked for.
    var readEverything = false
    /// Whether reading failed.
    var transferFailed = false
    /// The signal that ended the reading, or `nil`.
    var signal: Int32?
    var signalCount = 0
    /// When acknowledgements are no longer waited for, or `nil` for as long as it takes.
    var drainDeadline: Instant?
    /// The first record that was refused before it got into a batch, by its position, or `nil`.
    var firstRefused: UInt64?

    init(_ settings: IntakeSettings, topic: TopicIndex, source: Source) {
        self.source = source
        pump = RecordPump(settings, topic: topic)
    }
}
