/// Cuts an input into records, without storing a byte of it.
///
/// The caller shows a window of contiguous bytes that have not been consumed, and is told what
/// stands at its front:
///
///     input:    ... consumed | key\tvalue\n | key\tval |  not read yet ...
///                            ^ the window ............ ^
///
/// The contract: call ``next(_:atEnd:remainingFileBytes:)``; take the `size` of the result off the
/// front of the window; say so with ``didConsume()``; call again, until ``Framed/needsMore``,
/// ``Framed/ended`` or ``Framed/broken(_:size:)``. After ``Framed/needsMore`` come back with the
/// same window, or a longer one with the same front: bytes that were searched are not searched
/// again. A window of ``FramingConfiguration/windowSize`` is never too short. A record that could
/// not be taken yet is found again by the next call, as long as nothing was consumed. Before the
/// next FILE comes ``reset()``.
///
/// For lines there is a shorter way through the hot loop, ``findLines(_:from:into:)``.
package struct RecordFramer: Sendable {
    /// Where in the input the window begins.
    enum State: Equatable, Sendable {
        /// At the first byte of a record.
        case atRecord

        /// Inside a delimited record that is too long, after this many of its bytes.
        case insideLine(consumed: Int)

        /// Inside frames that are too long.
        case insideFrames(SkippedFrames)

        /// Inside a FILE that is too long to be one record, after this many of its bytes.
        case insideWhole(consumed: Int)

        /// Behind the last record of the FILE.
        case atEnd
    }

    /// What the framer was told about the input.
    package let configuration: FramingConfiguration

    /// Whether ``findLines(_:from:into:)`` can find lines now: records end with one byte and are
    /// taken as they are, but for a key that is split off, and none is being discarded.
    package private(set) var findsLines: Bool

    /// The bytes from the start of the record in which no delimiter begins.
    var searched = 0

    /// The bytes that end a record, none where records have a length or are whole.
    ///
    /// They are here and not read from the configuration, since binding the payload of
    /// ``Framing/delimited(_:)`` would count a reference up and down for each record.
    let delimiter: [UInt8]

    private(set) var state = State.atRecord
    private let maxRecord: Int
    private let lineEnd: UInt8
    private let hasLines: Bool

    /// Creates a framer for the first FILE.
    ///
    /// - Parameter configuration: How records are told apart, and what is done to them.
    package init(_ configuration: FramingConfiguration) {
        self.configuration = configuration
        maxRecord = configuration.maxRecord
        if case .delimited(let delimiter) = configuration.framing {
            self.delimiter = delimiter.bytes
        } else {
            delimiter = []
        }
        lineEnd = delimiter.first ?? 0
        hasLines =
            delimiter.count == 1 && !configuration.stripsCarriageReturn
            && !configuration.emptyIsNull && !configuration.skipsEmpty
        findsLines = hasLines
    }

    /// Finds what stands at the front of the window.
    ///
    /// - Parameters:
    ///   - window: All bytes that were read and not consumed.
    ///   - atEnd: Whether the input has no bytes behind the window.
    ///   - remainingFileBytes: How many bytes a regular file has from the front of the window to
    ///     its end, or `nil` if that is not known. A length that goes beyond is corrupt.
    /// - Returns: A record, or why there is none.
    package mutating func next(
        _ window: Span<UInt8>,
        atEnd: Bool,
        remainingFileBytes: UInt64?
    ) -> Framed {
        if configuration.keyDelimiter == nil, let end = nextLine(window, from: 0) {
            return .record(FramedRecord(key: nil, value: .range(0..<end), size: end + 1))
        }
        return nextOfAnyKind(window, atEnd: atEnd, remainingFileBytes: remainingFileBytes)
    }

    /// Finds the lines that stand one behind the other from `start` on.
    ///
    /// This is ``next(_:atEnd:remainingFileBytes:)`` for a loop that walks along one window: it
    /// takes lines by the index of their delimiter, as many as it likes of those that were found,
    /// and asks again with the first that it did not take. What of a line is key and what is value,
    /// ``record(of:in:)`` says.
    ///
    /// If there are none, consume what was walked over, so that the window begins at `start`, and
    /// call ``next(_:atEnd:remainingFileBytes:)``, which knows what was searched. It says whether
    /// more is needed, the input has ended, or the line is too long.
    ///
    /// - Parameters:
    ///   - window: All bytes that were read and not consumed.
    ///   - start: Where in it the line begins: zero, or one after the delimiter of another.
    ///   - ends: What was found, instead of what it held: nothing if the line has no delimiter yet,
    ///     may be too long, or lines are not what the input has (``findsLines``).
    package mutating func findLines(
        _ window: Span<UInt8>,
        from start: Int,
        into ends: inout LineEnds
    ) {
        ends.keep(first: 0)
        guard let first = nextLine(window, from: start) else { return }
        ends.append(first)
        ByteSearch.find(lineEnd, in: window, from: first + 1, into: &ends)
        // None can be too long where all that is left is not.
        if window.count - start > maxRecord { ends.keep(notLongerThan: maxRecord, from: start) }
    }

    /// Finds the keys that are split off lines, for one line after another that has one.
    ///
    /// - Parameters:
    ///   - window: Where the lines are, one behind the other.
    ///   - start: The index in it of the first line.
    ///   - ends: The index in it of the delimiter of each line, of 128 at most.
    ///   - keys: Receives the places in the window of the keys.
    /// - Returns: How many lines, from the first on, have a key; none where no key is split off.
    package func findKeys(
        _ window: Span<UInt8>,
        from start: Int,
        ends: Span<Int>,
        into keys: inout InlineArray<128, Range<Int>>
    ) -> Int {
        guard let delimiter = configuration.keyDelimiter else { return 0 }
        var lineStart = start
        for place in ends.indices {
            guard
                let index = ByteSearch.firstIndex(
                    of: delimiter.span,
                    in: window,
                    from: lineStart,
                    to: ends[place]
                )
            else { return place }
            keys[place] = lineStart..<index
            lineStart = ends[place] + 1
        }
        return ends.count
    }

    /// The record that a line is.
    package func record(of line: Range<Int>, in window: Span<UInt8>) -> FramedRecord {
        guard let delimiter = configuration.keyDelimiter,
            let index = ByteSearch.firstIndex(
                of: delimiter.span,
                in: window,
                from: line.lowerBound,
                to: line.upperBound
            )
        else { return FramedRecord(key: nil, value: .range(line), size: line.count + 1) }
        return FramedRecord(
            key: .range(line.lowerBound..<index),
            value: .range(index + delimiter.count..<line.upperBound),
            size: line.count + 1
        )
    }

    /// Finds the delimiter of the line that begins at `start`, or notes what was searched.
    @inline(__always)
    private mutating func nextLine(_ window: Span<UInt8>, from start: Int) -> Int? {
        guard findsLines else { return nil }
        guard
            let end = ByteSearch.firstIndex(
                of: lineEnd,
                in: window,
                from: start + searched,
                to: window.count
            )
        else {
            searched = window.count - start
            return nil
        }
        guard end - start <= maxRecord else {
            searched = end - start
            return nil
        }
        searched = 0
        return end
    }

    /// Learns that the bytes of the last result were consumed.
    ///
    /// Only framing ``Framing/whole`` has to know: the record of an empty FILE takes no bytes, so
    /// its window is the same before and after. Lines of ``findLines(_:from:into:)`` need no word.
    package mutating func didConsume() {
        guard case .whole = configuration.framing, state == .atRecord else { return }
        enter(.atEnd)
    }

    /// Learns that the window begins at the first byte of another FILE.
    package mutating func reset() {
        searched = 0
        enter(.atRecord)
    }

    /// Moves to a state, and opens or closes the short way for lines with it.
    mutating func enter(_ state: State) {
        self.state = state
        findsLines = hasLines && state == .atRecord
    }

    @inline(never)
    private mutating func nextOfAnyKind(
        _ window: Span<UInt8>,
        atEnd: Bool,
        remainingFileBytes: UInt64?
    ) -> Framed {
        switch state {
        case .insideLine(let consumed):
            return discardLine(window, atEnd: atEnd, consumed: consumed)
        case .insideFrames(let frames):
            return skip(
                frames,
                window,
                from: 0,
                atEnd: atEnd,
                remainingFileBytes: remainingFileBytes
            )
        case .insideWhole(let consumed):
            return discardWhole(window, atEnd: atEnd, consumed: consumed)
        case .atEnd:
            return .ended
        case .atRecord:
            break
        }
        switch configuration.framing {
        case .delimited:
            return nextDelimited(window, atEnd: atEnd)
        case .prefixed(let prefix):
            return nextPrefixed(
                by: prefix,
                window,
                atEnd: atEnd,
                remainingFileBytes: remainingFileBytes
            )
        case .whole:
            return nextWhole(window, atEnd: atEnd)
        }
    }
}
