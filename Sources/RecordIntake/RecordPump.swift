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
        /// Its key in the window, if it was found.
        package let key: Range<Int>?
        /// Its value in the window, if there is one.
        package let value: Range<Int>?
        /// Why.
        package let failure: Failure
        /// Whether nothing after it can be framed.
        package let endsInput: Bool
    }

    /// How the input is cut.
    package private(set) var framer: RecordFramer
    /// Records framed so far, over all inputs; skipped ones too.
    package private(set) var ordinal: UInt64 = 0
    /// Records that were skipped as asked.
    package private(set) var skippedCount: UInt64 = 0
    /// Ranges of the whole input that were skipped, for `-T`; taken by who writes it out.
    package var skippedRanges: [Range<UInt64>] = []
    /// Why no more records are offered, or `nil` while they are: the whole ones that were read are
    /// then refused.
    package var refusal: Failure?
    /// Whether skipped ranges are kept.
    private let keepsSkippedRanges: Bool

    private let topic: TopicIndex
    private let fixedKey: [UInt8]?
    private let rules: RuleSet
    private let keyMissing: KeyMissing?
    /// `max.request.size` where that is what limits records, else `nil`.
    private let maxRequestSize: Int?
    private let looksForKey: Bool
    private var scratch = RuleScratch()
    private var remaining: UInt64
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
        keepsSkippedRanges = settings.keepsSkippedRanges
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
        if framer.findsPlainLines, !looksForKey, refusal == nil {
            if let stop = runPlainLines(
                window,
                at: position,
                &at,
                into: &producer,
                timestamp: timestamp,
                now: now
            ) {
                return (stop, at)
            }
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
                let stop = offer(
                    record,
                    rest,
                    base: at,
                    at: start,
                    into: &producer,
                    timestamp: timestamp,
                    now: now
                )
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
                at += size
                discardedCount += size
                framer.didConsume()
            case .needsMore: return (.needsMore, at)
            case .ended: return (.ended, at)
            }
        }
        return (.limitReached, at)
    }

    /// Plain lines without a key of their own: found and appended without anything in between.
    ///
    /// - Returns: Why it stopped, or `nil` if the front of what is left is not a plain line.
    private mutating func runPlainLines(
        _ window: Span<UInt8>,
        at position: UInt64,
        _ at: inout Int,
        into producer: inout Producer,
        timestamp: Int64,
        now: Instant
    ) -> Stop? {
        // A fixed key is the same for all, and so is its absence.
        let keyBytes = fixedKey ?? []
        let hasKey = fixedKey != nil
        while remaining > 0, let end = framer.nextLine(window, from: at) {
            let size = end + 1 - at
            let origin = RecordOrigin(
                ordinal: ordinal,
                position: position + UInt64(at),
                size: size
            )
            do throws(AppendError) {
                let taken = try producer.append(
                    topic: topic,
                    key: hasKey ? keyBytes.span : nil,
                    value: window.extracting(at..<end),
                    origin: origin,
                    timestamp: timestamp,
                    now: now
                )
                guard taken else { return .notTaken }
            } catch {
                let value = at..<end
                at += size
                return refuse(error, origin: origin, key: nil, value: value)
            }
            ordinal += 1
            remaining -= 1
            at += size
        }
        return remaining > 0 ? nil : .limitReached
    }

    /// Finds a record's key, and appends the record; why the loop has to stop, or `nil`.
    ///
    /// The window from the record on is `rest`, which begins at `base` in it.
    private mutating func offer(
        _ record: FramedRecord,
        _ rest: Span<UInt8>,
        base: Int,
        at position: UInt64,
        into producer: inout Producer,
        timestamp: Int64,
        now: Instant
    ) -> Stop? {
        let origin = RecordOrigin(ordinal: ordinal, position: position, size: record.size)
        var value: Span<UInt8>?
        if case .range(let range) = record.value { value = rest.extracting(range) }
        let valueRange = Self.range(of: record.value, from: base)
        var key: Span<UInt8>?
        if case .range(let range) = record.key { key = rest.extracting(range) }
        let keyRange = Self.range(of: record.key, from: base)
        let isFound = record.key != nil
        if let refusal { return refuse(refusal, origin, keyRange, valueRange) }
        let keyBytes = fixedKey ?? []
        if !isFound, looksForKey, let value {
            let match = rules.firstMatch(value, scratch: &scratch)
            if case .broken(let why) = match {
                return refuse(.brokenRecord(why.description), origin, keyRange, valueRange)
            }
            var result: Result<Bool, AppendError>?
            if let found = match.bytes(in: value, scratch: scratch) {
                result = Self.append(
                    found,
                    value,
                    origin,
                    to: topic,
                    of: &producer,
                    timestamp: timestamp,
                    now: now
                )
            }
            if let result { return conclude(result, origin, keyRange, valueRange) }
        }
        if !isFound {
            if fixedKey != nil {
                key = keyBytes.span
            } else if looksForKey {
                switch keyMissing {
                case .fail, nil: return refuse(.keyMissing, origin, keyRange, valueRange)
                case .null: break
                case .skip:
                    skip(position, record.size)
                    return nil
                }
            }
        }
        let result = Self.append(
            key,
            value,
            origin,
            to: topic,
            of: &producer,
            timestamp: timestamp,
            now: now
        )
        return conclude(result, origin, keyRange, valueRange)
    }

    /// Where in the window a field of the record at `base` lies, or `nil` if it is null or none.
    private static func range(of field: FramedField?, from base: Int) -> Range<Int>? {
        guard case .range(let range) = field else { return nil }
        return range.lowerBound + base..<range.upperBound + base
    }

    /// Appends a record; it is not a method of a value that owns the key's bytes.
    private static func append(
        _ key: Span<UInt8>?,
        _ value: Span<UInt8>?,
        _ origin: RecordOrigin,
        to topic: TopicIndex,
        of producer: inout Producer,
        timestamp: Int64,
        now: Instant
    ) -> Result<Bool, AppendError> {
        do throws(AppendError) {
            return .success(
                try producer.append(
                    topic: topic,
                    key: key,
                    value: value,
                    origin: origin,
                    timestamp: timestamp,
                    now: now
                )
            )
        } catch {
            return .failure(error)
        }
    }

    private mutating func conclude(
        _ result: Result<Bool, AppendError>,
        _ origin: RecordOrigin,
        _ keyRange: Range<Int>?,
        _ valueRange: Range<Int>?
    ) -> Stop? {
        switch result {
        case .success(true):
            ordinal += 1
            remaining -= 1
            return nil
        case .success(false): return .notTaken
        case .failure(let error):
            return refuse(error, origin: origin, key: keyRange, value: valueRange)
        }
    }

    private mutating func skip(_ position: UInt64, _ size: Int) {
        ordinal += 1
        skippedCount += 1
        guard keepsSkippedRanges, size > 0 else { return }
        skippedRanges.append(position..<position + UInt64(size))
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
        _ error: AppendError,
        origin: RecordOrigin,
        key: Range<Int>?,
        value: Range<Int>?
    ) -> Stop {
        refuse(.append(error), origin, key, value)
    }

    private mutating func refuse(
        _ failure: Failure,
        _ origin: RecordOrigin,
        _ key: Range<Int>?,
        _ value: Range<Int>?
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
