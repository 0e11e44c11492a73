internal import KafkaProducer
internal import RecordFraming
internal import RecordRules

/// Lines, which nearly all records are: found and appended many at a time.
///
/// What a line needs that others do not, such as a key that stands in it in another form, is left
/// to the way of single records.
extension RecordPump {
    /// Plain lines without a key of their own: found and appended without anything in between.
    ///
    /// - Returns: Why it stopped, or `nil` if the front of what is left is not a plain line.
    mutating func runPlainLines(
        _ window: Span<UInt8>,
        at position: UInt64,
        _ at: inout Int,
        into producer: inout Producer,
        _ timestamp: Int64,
        _ now: Instant
    ) -> Stop? {
        // A fixed key is the same for all, and so is its absence.
        let keyBytes = fixedKey ?? []
        let hasKey = fixedKey != nil
        var ends = lineEnds.take() ?? LineEnds()
        defer { lineEnds = ends }
        while remaining > 0 {
            framer.findLines(window, from: at, into: &ends)
            ends.keep(first: Int(clamping: remaining))
            guard !ends.isEmpty else { return nil }
            let origin = origin(of: at..<ends.indices[0], at: position)
            do throws(AppendError) {
                let taken = try producer.appendLines(
                    topic: topic,
                    key: hasKey ? keyBytes.span : nil,
                    window,
                    from: at,
                    ends: ends.indices,
                    origin: origin,
                    timestamp: timestamp,
                    now: now
                )
                guard taken > 0 else { return .notTaken }
                didTake(taken)
                at = ends.indices[taken - 1] + 1
            } catch {
                let value = at..<ends.indices[0]
                at += origin.size
                return refuse(.append(error), origin, key: fixedKey, value: value)
            }
        }
        return .limitReached
    }

    /// Lines in which a key is to be found: cut a hundred at a time.
    ///
    /// They are appended as many at a time as have their key standing in them; the others are
    /// offered one by one.
    ///
    /// - Returns: Why it stopped, or `nil` if the front of what is left is not a line.
    mutating func runLines(
        _ window: Span<UInt8>,
        at position: UInt64,
        _ at: inout Int,
        into producer: inout Producer,
        _ timestamp: Int64,
        _ now: Instant
    ) -> Stop? {
        var ends = lineEnds.take() ?? LineEnds()
        defer { lineEnds = ends }
        var keys = InlineArray<128, Range<Int>>(repeating: 0..<0)
        while remaining > 0 {
            framer.findLines(window, from: at, into: &ends)
            ends.keep(first: Int(clamping: remaining))
            guard !ends.isEmpty else { return nil }
            var place = 0
            var findsKeys = true
            while place < ends.count {
                let rest = ends.indices.extracting(droppingFirst: place)
                let found = findsKeys ? findKeys(window, from: at, ends: rest, into: &keys) : 0
                if found > 0 {
                    let stop = appendLines(
                        window,
                        at: position,
                        &at,
                        keys: keys.span.extracting(first: found),
                        ends: rest.extracting(first: found),
                        into: &producer,
                        timestamp,
                        now
                    )
                    if let stop { return stop }
                    place += found
                } else {
                    // Where the first line has none the next ones may have none either.
                    findsKeys = false
                }
                guard place < ends.count else { break }
                let record = framer.record(of: at..<ends.indices[place], in: window)
                let start = position + UInt64(at)
                let stop = offer(record, window, 0, at: start, into: &producer, timestamp, now)
                if case .notTaken = stop { return stop }
                at += record.size
                if let stop { return stop }
                place += 1
            }
        }
        return .limitReached
    }

    /// Where the next line came from, which lies there in a window that begins at `position`.
    private func origin(of line: Range<Int>, at position: UInt64) -> RecordOrigin {
        RecordOrigin(
            ordinal: ordinal,
            position: position + UInt64(line.lowerBound),
            size: line.count + 1
        )
    }

    private mutating func didTake(_ count: Int) {
        ordinal += UInt64(count)
        remaining -= UInt64(count)
    }

    /// Finds the keys of lines, as far as each has one that stands in it.
    private mutating func findKeys(
        _ window: Span<UInt8>,
        from at: Int,
        ends: Span<Int>,
        into keys: inout InlineArray<128, Range<Int>>
    ) -> Int {
        if framer.configuration.keyDelimiter != nil {
            return framer.findKeys(window, from: at, ends: ends, into: &keys)
        }
        return rules.matchLines(
            window,
            from: at,
            ends: ends,
            into: &keys,
            template: &template,
            scratch: &scratch
        )
    }

    /// Appends lines whose keys were found; why the loop has to stop, or `nil`.
    private mutating func appendLines(
        _ window: Span<UInt8>,
        at position: UInt64,
        _ at: inout Int,
        keys: Span<Range<Int>>,
        ends: Span<Int>,
        into producer: inout Producer,
        _ timestamp: Int64,
        _ now: Instant
    ) -> Stop? {
        var done = 0
        while done < ends.count {
            let rest = ends.extracting(droppingFirst: done)
            let origin = origin(of: at..<rest[0], at: position)
            do throws(AppendError) {
                let taken = try producer.appendLines(
                    topic: topic,
                    keys: keys.extracting(droppingFirst: done),
                    delimiterSize: framer.configuration.keyDelimiter?.count,
                    window,
                    from: at,
                    ends: rest,
                    origin: origin,
                    timestamp: timestamp,
                    now: now
                )
                guard taken > 0 else { return .notTaken }
                didTake(taken)
                done += taken
                at = ends[done - 1] + 1
            } catch {
                let record = framer.record(of: at..<rest[0], in: window)
                at += origin.size
                let key = Self.copy(window.extracting(keys[done]))
                let value = Self.range(of: record.value, from: 0)
                return refuse(.append(error), origin, key: key, value: value)
            }
        }
        return nil
    }
}
