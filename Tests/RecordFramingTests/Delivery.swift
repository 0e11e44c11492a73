import RecordFraming
import Testing

/// Delivers an input to a framer in pieces, as the event loop does.
struct Delivery {
    let input: [UInt8]
    let configuration: FramingConfiguration

    /// Whether the framer is told how much of the file is left.
    var isRegularFile = false

    /// The most bytes the input buffer holds, or `nil` if it holds everything.
    var capacity: Int?

    /// Whether lines are taken by `findLines` where that is possible.
    var walksLines = false

    /// What the framer finds if the input arrives in pieces that end at these places.
    ///
    /// The last piece, which may be empty, brings the news that there are no more.
    func found(pieceEnds: [Int]) -> [Found] {
        var framer = RecordFramer(configuration)
        var found: [Found] = []
        var start = 0
        var discarded = 0
        for (index, end) in pieceEnds.enumerated() {
            let isLast = index == pieceEnds.count - 1
            while true {
                if walksLines { walk(&framer, from: &start, to: end, &found) }
                let shown = min(end, start + (capacity ?? end))
                let size: Int
                let result = next(&framer, start..<shown, atEnd: isLast && shown == end)
                switch result {
                case .record(let record):
                    size = record.size
                    found.append(
                        .record(
                            key: record.key.map { Field($0, in: input[start...]) },
                            value: Field(record.value, in: input[start...]),
                            size: size
                        )
                    )
                    expectSame(result, again: &framer, start..<shown, isLast && shown == end)
                case .skipped(let skipped):
                    size = skipped
                    found.append(.skipped(size: size))
                    expectSame(result, again: &framer, start..<shown, isLast && shown == end)
                case .failed(let failure, let rest):
                    size = rest
                    found.append(.failed(failure))
                    expectSum(discarded + rest, failure)
                    discarded = 0
                case .broken(let failure, let rest):
                    found.append(.broken(failure))
                    expectSum(discarded + rest, failure)
                    return found
                case .discarding(let some):
                    if some == 0 { Issue.record("nothing is no progress") }
                    size = some
                    discarded += some
                case .needsMore:
                    size = 0
                    if isLast && shown == end { Issue.record("there is no more") }
                    if shown < end || shown - start >= configuration.windowSize {
                        Issue.record("the buffer cannot hold more")
                        return found
                    }
                case .ended:
                    if !isLast || start != input.count { Issue.record("ended too early") }
                    return found
                }
                if case .needsMore = result { break }
                start += size
                framer.didConsume()
            }
        }
        Issue.record("did not end")
        return found
    }

    private func walk(
        _ framer: inout RecordFramer,
        from start: inout Int,
        to end: Int,
        _ found: inout [Found]
    ) {
        let shown = min(end, start + (capacity ?? end))
        let window = input.span.extracting(start..<shown)
        var position = 0
        var ends = LineEnds()
        repeat {
            framer.findLines(window, from: position, into: &ends)
            for index in 0..<ends.count {
                let line = position..<ends.indices[index]
                let record = framer.record(of: line, in: window)
                found.append(
                    .record(
                        key: record.key.map { Field($0, in: input[start...]) },
                        value: Field(record.value, in: input[start...]),
                        size: record.size
                    )
                )
                position += record.size
            }
        } while !ends.isEmpty
        start += position
    }

    private func next(_ framer: inout RecordFramer, _ range: Range<Int>, atEnd: Bool) -> Framed {
        framer.next(
            input.span.extracting(range),
            atEnd: atEnd,
            remainingFileBytes: isRegularFile ? UInt64(input.count - range.lowerBound) : nil
        )
    }

    /// Expects that a record which was not consumed is found again.
    private func expectSame(
        _ result: Framed,
        again framer: inout RecordFramer,
        _ range: Range<Int>,
        _ atEnd: Bool
    ) {
        let again = next(&framer, range, atEnd: atEnd)
        if again != result { Issue.record("\(again) instead of \(result) again") }
    }

    private func expectSum(_ size: Int, _ failure: FramingFailure) {
        if size != failure.size { Issue.record("\(size) bytes consumed for \(failure)") }
    }
}

/// Delivers an input in every combination of pieces, through a large buffer and through the
/// smallest that serves, and expects the same records, sizes and failures each time.
///
/// An input of more than ten bytes is delivered in every combination of three pieces, or of two if
/// it is long, and byte by byte.
func expectEveryCut(
    of input: [UInt8],
    _ configuration: FramingConfiguration,
    isRegularFile: Bool = false,
    _ expected: [Found],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let worlds = everyCut(of: input.count)
    let mayWalk = RecordFramer(configuration).findsLines
    for capacity in [nil, configuration.windowSize] {
        for walksLines in mayWalk ? [false, true] : [false] {
            let delivery = Delivery(
                input: input,
                configuration: configuration,
                isRegularFile: isRegularFile,
                capacity: capacity,
                walksLines: walksLines
            )
            for ends in worlds {
                let found = delivery.found(pieceEnds: ends)
                if found != expected {
                    #expect(
                        found == expected,
                        "pieces end at \(ends), capacity \(capacity ?? -1)",
                        sourceLocation: sourceLocation
                    )
                    return
                }
            }
        }
    }
}

/// The same for text.
func expectEveryCut(
    of input: String,
    _ configuration: FramingConfiguration,
    isRegularFile: Bool = false,
    _ expected: [Found],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectEveryCut(
        of: Array(input.utf8),
        configuration,
        isRegularFile: isRegularFile,
        expected,
        sourceLocation: sourceLocation
    )
}

/// The ends of the pieces, for each way to cut `count` bytes, with the end known at once or late.
func everyCut(of count: Int) -> [[Int]] {
    var worlds = count <= 10 ? everyCombination(of: count) : everyTwoCuts(of: count)
    worlds += worlds.map { $0 + [count] }
    // A first piece without bytes, as from a source that was ready in vain.
    worlds.append([0, count])
    return worlds
}

private func everyCombination(of count: Int) -> [[Int]] {
    var worlds: [[Int]] = []
    var choices = Choices()
    while choices.next() {
        var ends: [Int] = []
        for end in 0..<count where end > 0 && choices.upTo(1) == 1 { ends.append(end) }
        worlds.append(ends + [count])
    }
    return worlds
}

private func everyTwoCuts(of count: Int) -> [[Int]] {
    var worlds = [Array(1...count)]
    for first in 1..<count {
        // Of a long input one cut has to do: the worlds with two grow with its square.
        for second in first..<(count <= 40 ? count : first + 1) {
            worlds.append([first, second, count])
        }
    }
    return worlds
}
