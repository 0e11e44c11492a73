package import KafkaProducer
package import RecordFraming
internal import RecordRules

/// Moves whole records from the input to the producer: the hot loop.
///
///     window:  | record | record | record | unfin
///              ^ 0               ^ at
///
/// Everything it needs comes as an argument or stands in this value, so that no reference is
/// counted and no class is asked for a record. It stops between two records the moment one is not
/// taken.
package struct RecordPump {
    /// Why the loop stopped.
    package enum Stop {
        /// What is left of the window is not a whole record.
        case needsMore
        /// The producer has no room, or does not know the topic yet.
        case notTaken
        /// The record in front was refused: it is consumed, and has to be named.
        case refused(RefusedRecord)
        /// The input has no more records.
        case ended
        /// As many records were offered as were asked for (`-c`).
        case limitReached
    }

    /// A record that did not get as far as a batch.
    package struct RefusedRecord {
        /// Where it begins and how long it is.
        package let origin: RecordOrigin
        /// Its key, if it was found.
        package let key: [UInt8]?
        /// Its value in the window, if there is one.
        package let value: Range<Int>?
        /// Why.
        package let failure: Failure
        /// Whether nothing after it can be framed.
        package let endsInput: Bool
    }

    /// How the input is cut.
    package internal(set) var framer: RecordFramer
    /// Records framed so far, over all inputs; skipped ones too.
    package internal(set) var ordinal: UInt64 = 0
    /// Records that were skipped as asked.
    package private(set) var skippedCount: UInt64 = 0
    /// Ranges of the whole input that were consumed and belong to no record in a batch, for `-T`:
    /// what was skipped, and what is being discarded; taken by who writes it out.
    package var leftOutRanges: [Range<UInt64>] = []
    /// Why no more records are offered, or `nil` while they are: the whole ones that were read are
    /// then refused.
    package var refusal: Failure?
    /// Whether those ranges are kept.
    private let keepsLeftOutRanges: Bool

    let topic: TopicIndex
    let fixedKey: [UInt8]?
    let rules: RuleSet
    private let keyMissing: KeyMissing?
    /// `max.request.size` where that is what limits records, else `nil`.
    private let maxRequestSize: Int?
    private let looksForKey: Bool
    var scratch = RuleScratch()
    var template = LineTemplate()
    /// What the lines of the last window were found in, or `nil` before the first and while it is
    /// in use: its memory has one owner, or it would be copied.
    var lineEnds: LineEnds?
    var remaining: UInt64
    /// Bytes of the record being discarded that were consumed in earlier windows.
    private var discardedCount = 0

    /// Creates a pump.
    ///
    /// - Parameters:
    ///   - settings: What becomes of a record between its bytes and a batch.
    ///   - topic: Where records go.
    package init(_ settings: IntakeSettings, topic: TopicIndex) {
        framer = RecordFramer(settings.framing)
        self.topic = topic
        fixedKey = settings.fixedKey
        rules = RuleSet(settings.keyRules)
        keyMissing = settings.keyMissing
        maxRequestSize = settings.maxRequestSize
        looksForKey =
            !settings.keyRules.isEmpty || settings.framing.keyDelimiter != nil
            || settings.framing.hasKeyFrames
        remaining = settings.recordLimit ?? .max
        keepsLeftOutRanges = settings.keepsLeftOutRanges
    }

    /// Whether as many records were offered as were asked for.
    package var isAtLimit: Bool { remaining == 0 }

    /// The next FILE begins.
    package mutating func beginInput() { framer.reset() }

    /// What was in the window is dropped: no record is made of it.
    package mutating func dropWindow() {
        framer.reset()
        discardedCount = 0
    }

    /// Bytes of a record being discarded that were consumed before the window.
    package var unfinishedCount: Int { discardedCount }

    /// Takes records from the window until something stops it.
    ///
    /// - Parameters:
    ///   - window: Bytes that were read and not consumed.
    ///   - position: Where the window begins, in bytes of the whole input.
    ///   - atEnd: Whether the input has nothing behind the window.
    ///   - remainingFileBytes: What a regular file has from the window's front on, if known.
    ///   - producer: Takes the records.
    ///   - timestamp: The time of day, in milliseconds.
    ///   - now: The time of the current turn.
    /// - Returns: Why it stopped, and how many bytes at the window's front are done with.
    package mutating func run(
        _ window: Span<UInt8>,
        at position: UInt64,
        atEnd: Bool,
        remainingFileBytes: UInt64?,
        into producer: inout Producer,
        timestamp: Int64,
        now: Instant
    ) -> (stop: Stop, consumed: Int) {
        var at = 0
        if framer.findsLines, refusal == nil {
            let stop =
                looksForKey
                ? runLines(window, at: position, &at, into: &producer, timestamp, now)
                : runPlainLines(window, at: position, &at, into: &producer, timestamp, now)
            if let stop { return (stop, at) }
        }
        while remaining > 0 {
            let rest = window.extracting(droppingFirst: at)
            let framed = framer.next(
                rest,
                atEnd: atEnd,
                remainingFileBytes: remainingFileBytes.map { $0 - min($0, UInt64(at)) }
            )
            let start = position + UInt64(at)
            switch framed {
            case .record(let record):
                let stop = offer(record, rest, at, at: start, into: &producer, timestamp, now)
                if case .notTaken = stop { return (.notTaken, at) }
                at += record.size
                framer.didConsume()
                if let stop { return (stop, at) }
            case .skipped(let size):
                skip(start, size)
                at += size
                framer.didConsume()
            case .failed(let failure, let size):
                at += size
                framer.didConsume()
                return (refuse(failure, start: start, endsInput: false), at)
            case .broken(let failure, let size):
                at += size
                framer.didConsume()
                return (refuse(failure, start: start, endsInput: true), at)
            case .discarding(let size):
                leaveOut(start, size)
                at += size
                discardedCount += size
                framer.didConsume()
            case .needsMore: return (.needsMore, at)
            case .ended: return (.ended, at)
            }
        }
        return (.limitReached, at)
    }

    /// Finds a record's key, and appends the record; why the loop has to stop, or `nil`.
    ///
    /// The record's ranges are of `rest`, which begins at `base` in the window.
    mutating func offer(
        _ record: FramedRecord,
        _ rest: Span<UInt8>,
        _ base: Int,
        at position: UInt64,
        into producer: inout Producer,
        _ timestamp: Int64,
        _ now: Instant
    ) -> Stop? {
        let origin = RecordOrigin(ordinal: ordinal, position: position, size: record.size)
        if let refusal { return refuse(refusal, origin, record, rest, base) }
        var value: Span<UInt8>?
        if case .range(let range) = record.value { value = rest.extracting(range) }
        var key: Span<UInt8>?
        var match = RuleMatch.none
        if let field = record.key {
            if case .range(let range) = field { key = rest.extracting(range) }
        } else if looksForKey {
            if let value { match = rules.firstMatch(value, scratch: &scratch) }
            switch match {
            case .range, .decoded: break
            case .broken(let why):
                return refuse(.brokenRecord(why.description), origin, record, rest, base)
            case .none where fixedKey == nil:
                if keyMissing == .skip {
                    skip(position, record.size)
                    return nil
                }
                if keyMissing != .null { return refuse(.keyMissing, origin, record, rest, base) }
            case .none: break
            }
        }
        do throws(AppendError) {
            let taken: Bool
            if let value, let found = match.bytes(in: value, scratch: scratch) {
                taken = try producer.append(
                    topic: topic,
                    key: found,
                    value: value,
                    origin: origin,
                    timestamp: timestamp,
                    now: now
                )
            } else if record.key == nil, let fixedKey {
                taken = try producer.append(
                    topic: topic,
                    key: fixedKey.span,
                    value: value,
                    origin: origin,
                    timestamp: timestamp,
                    now: now
                )
            } else {
                taken = try producer.append(
                    topic: topic,
                    key: key,
                    value: value,
                    origin: origin,
                    timestamp: timestamp,
                    now: now
                )
            }
            guard taken else { return .notTaken }
        } catch {
            return refuse(error, origin, record, match, rest, base)
        }
        ordinal += 1
        remaining -= 1
        return nil
    }

    /// Where in the window a field of the record at `base` lies, or `nil` if it is null or none.
    static func range(of field: FramedField?, from base: Int) -> Range<Int>? {
        guard case .range(let range) = field else { return nil }
        return range.lowerBound + base..<range.upperBound + base
    }

    private mutating func skip(_ position: UInt64, _ size: Int) {
        ordinal += 1
        skippedCount += 1
        leaveOut(position, size)
    }

    private mutating func leaveOut(_ position: UInt64, _ size: Int) {
        guard keepsLeftOutRanges, size > 0 else { return }
        leftOutRanges.append(position..<position + UInt64(size))
    }

    private mutating func refuse(
        _ failure: FramingFailure,
        start: UInt64,
        endsInput: Bool
    ) -> Stop {
        let first = start - UInt64(discardedCount)
        discardedCount = 0
        let origin = RecordOrigin(ordinal: ordinal, position: first, size: failure.size)
        ordinal += 1
        remaining -= 1
        return .refused(
            RefusedRecord(
                origin: origin,
                key: nil,
                value: nil,
                failure: .framing(failure, maxRequestSize: maxRequestSize),
                endsInput: endsInput
            )
        )
    }

    private mutating func refuse(
        _ failure: Failure,
        _ origin: RecordOrigin,
        _ record: FramedRecord,
        _ rest: Span<UInt8>,
        _ base: Int
    ) -> Stop {
        let key = Self.range(of: record.key, from: 0).map { Self.copy(rest.extracting($0)) }
        let value = Self.range(of: record.value, from: base)
        return refuse(failure, origin, key: key, value: value)
    }

    /// Refuses a record whose key was found, here or in whatever way.
    private mutating func refuse(
        _ error: AppendError,
        _ origin: RecordOrigin,
        _ record: FramedRecord,
        _ match: RuleMatch,
        _ rest: Span<UInt8>,
        _ base: Int
    ) -> Stop {
        var key = record.key == nil ? fixedKey : nil
        if case .range(let range) = record.key { key = Self.copy(rest.extracting(range)) }
        if case .range(let range) = record.value,
            let found = match.bytes(in: rest.extracting(range), scratch: scratch)
        {
            key = Self.copy(found)
        }
        let value = Self.range(of: record.value, from: base)
        return refuse(.append(error), origin, key: key, value: value)
    }

    /// Bytes for a record that is named: few are, so that they may have memory of their own.
    static func copy(_ bytes: Span<UInt8>) -> [UInt8] { bytes.indices.map { bytes[$0] } }

    mutating func refuse(
        _ failure: Failure,
        _ origin: RecordOrigin,
        key: [UInt8]?,
        value: Range<Int>?
    ) -> Stop {
        ordinal += 1
        remaining -= 1
        return .refused(
            RefusedRecord(
                origin: origin,
                key: key,
                value: value,
                failure: failure,
                endsInput: false
            )
        )
    }
}
