import RecordFraming

/// What was found at one place of an input, with the bytes instead of ranges.
enum Found: Equatable {
    case record(key: Field?, value: Field, size: Int)
    case skipped(size: Int)
    case failed(FramingFailure)
    case broken(FramingFailure)
}

/// A key or a value; without bytes it is null.
struct Field: Equatable {
    let bytes: [UInt8]?

    init(_ field: FramedField, in window: [UInt8]) {
        switch field {
        case .null: bytes = nil
        case .range(let range): bytes = Array(window[range])
        }
    }
}

/// Delivers an input to a framer in pieces, as the event loop does.
struct Delivery {
    private let input: [UInt8]
    private let configuration: FramingConfiguration
    private let isRegularFile: Bool
    /// The most bytes the input buffer holds, or `nil` if it holds everything.
    var capacity: Int?
    /// Whether lines are taken by `findLines` first.
    var walksLines = false

    init(_ input: [UInt8], _ configuration: FramingConfiguration, isRegularFile: Bool) {
        self.input = input
        self.configuration = configuration
        self.isRegularFile = isRegularFile
    }

    /// What the framer finds if the pieces of the input end at these places.
    func found(upTo ends: [Int]) -> [Found] {
        var framer = RecordFramer(configuration)
        var found: [Found] = []
        var start = 0
        for (place, end) in ends.enumerated() {
            let isLast = place == ends.count - 1
            if deliver(to: end, isLast, &framer, &start, &found) { return found }
        }
        fatalError("the input did not end")
    }

    /// Shows the framer all there is up to a place.
    ///
    /// - Returns: Whether the input has ended.
    private func deliver(
        to end: Int,
        _ isLast: Bool,
        _ framer: inout RecordFramer,
        _ start: inout Int,
        _ found: inout [Found]
    ) -> Bool {
        // A record takes a byte at least, but for that of an empty FILE.
        for _ in 0...2 * input.count + 8 {
            if walksLines { walk(&framer, &start, to: end, &found) }
            let shown = min(end, start + min(capacity ?? end, end))
            let window = Array(input[start..<shown])
            let atEnd = isLast && shown == end
            let result = next(&framer, window, atEnd: atEnd, left: input.count - start)
            var size = 0
            switch result {
            case .record(let record):
                size = record.size
                let key = record.key.map { Field($0, in: window) }
                found.append(.record(key: key, value: Field(record.value, in: window), size: size))
                let again = next(&framer, window, atEnd: atEnd, left: input.count - start)
                require(again == result, "\(again) instead of \(result) again")
            case .skipped(let raw):
                size = raw
                found.append(.skipped(size: size))
            case .failed(let failure, let rest):
                size = rest
                found.append(.failed(failure))
            case .broken(let failure, let rest):
                require(rest <= window.count, "\(rest) of \(window.count) bytes")
                found.append(.broken(failure))
                return true
            case .discarding(let raw):
                require(raw > 0, "nothing is no progress")
                size = raw
            case .needsMore:
                require(!atEnd, "there is no more")
                require(shown == end, "a window of \(window.count) bytes is too short")
                return false
            case .ended:
                require(isLast && start == input.count, "ended at \(start) of \(input.count)")
                return true
            }
            require(size <= window.count, "\(size) of \(window.count) bytes")
            start += size
            framer.didConsume()
        }
        fatalError("no progress from \(start)")
    }

    private func walk(
        _ framer: inout RecordFramer,
        _ start: inout Int,
        to end: Int,
        _ found: inout [Found]
    ) {
        let window = Array(input[start..<min(end, start + min(capacity ?? end, end))])
        var position = 0
        var ends = LineEnds()
        repeat {
            framer.findLines(window.span, from: position, into: &ends)
            for index in 0..<ends.count {
                let record = framer.record(of: position..<ends.indices[index], in: window.span)
                found.append(
                    .record(
                        key: record.key.map { Field($0, in: window) },
                        value: Field(record.value, in: window),
                        size: record.size
                    )
                )
                position += record.size
            }
        } while !ends.isEmpty
        start += position
    }

    private func next(
        _ framer: inout RecordFramer,
        _ window: [UInt8],
        atEnd: Bool,
        left: Int
    ) -> Framed {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: window.count)
        defer { memory.deallocate() }
        _ = memory.initialize(from: window)
        return framer.next(
            memory.span,
            atEnd: atEnd,
            remainingFileBytes: isRegularFile ? UInt64(left) : nil
        )
    }
}
