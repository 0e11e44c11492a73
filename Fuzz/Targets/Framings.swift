import RecordFraming

/// Framing: however the input is cut, the same records come out of it, and every byte of it is
/// accounted for.
enum Framings {
    static func run(_ bytes: [UInt8]) {
        var choices = Choices(bytes)
        let configuration = configuration(&choices)
        let isRegularFile = choices.below(2) == 1
        let cuts = [choices.number(), choices.number(), choices.number()]
        let input = Array(choices.rest)
        let places = cuts.map { $0 % (input.count + 1) }.sorted()

        var delivery = Delivery(input, configuration, isRegularFile: isRegularFile)
        let whole = delivery.found(upTo: [input.count])
        delivery.capacity = configuration.windowSize
        require(delivery.found(upTo: places + [input.count]) == whole, "cut at \(places)")
        if input.count < 200 {
            require(delivery.found(upTo: Array(0...input.count)) == whole, "byte by byte")
        }
        if RecordFramer(configuration).findsLines {
            delivery.walksLines = true
            require(delivery.found(upTo: places + [input.count]) == whole, "line by line")
        }
        account(whole, input, configuration)
    }

    private static func configuration(_ choices: inout Choices) -> FramingConfiguration {
        let kind = choices.below(16)
        let flags = choices.byte()
        let maxRecord = choices.one(of: [0, 1, 2, 3, 5, 8, 20, 300, 5000, Int(Int32.max)])
        let delimiter = delimiter(&choices)
        let keyDelimiter = delimiter.isEmpty ? nil : self.delimiter(&choices)
        let framing: Framing
        switch kind {
        case 0..<7: framing = .delimited(delimiter.isEmpty ? .newline : Delimiter(delimiter))
        case 7: framing = .whole
        case let number:  // One of the prefixes.
            framing = .prefixed(LengthPrefix.allCases[(number - 8) % LengthPrefix.allCases.count])
        }
        let hasKeyFrames = kind > 7 && flags & 1 != 0
        let isSplit = !hasKeyFrames && flags & 2 != 0 && keyDelimiter?.isEmpty == false
        return FramingConfiguration(
            framing: framing,
            hasKeyFrames: hasKeyFrames,
            keyDelimiter: isSplit ? keyDelimiter : nil,
            stripsCarriageReturn: flags & 4 != 0,
            emptyIsNull: flags & 8 != 0,
            skipsEmpty: flags & 16 != 0,
            maxRecord: maxRecord
        )
    }

    /// Up to three bytes, of few kinds, so that they overlap.
    private static func delimiter(_ choices: inout Choices) -> [UInt8] {
        let shape = choices.byte()
        let letters = Array("\n,\r\0".utf8)
        return (0..<Int(shape & 3)).map { letters[Int(shape >> UInt8(2 + 2 * $0)) & 3] }
    }

    /// Every byte of the input belongs to one of the things found, unless the rest is broken.
    private static func account(
        _ found: [Found],
        _ input: [UInt8],
        _ configuration: FramingConfiguration
    ) {
        var size = 0
        var isBroken = false
        for one in found {
            require(!isBroken, "something behind a broken record")
            switch one {
            case .record(let key, let value, let raw):
                size += raw
                let count = (key?.bytes?.count ?? 0) + (value.bytes?.count ?? 0)
                require(count <= configuration.maxRecord, "a record of \(count) bytes")
                require(count <= raw, "a record of \(count) bytes from \(raw)")
            case .skipped(let raw):
                require(configuration.skipsEmpty, "a record was skipped")
                size += raw
            case .failed(let failure):
                size += failure.size
            case .broken(let failure):
                size += failure.size
                isBroken = true
            }
        }
        require(size <= input.count, "\(size) of \(input.count) bytes")
        require(isBroken || size == input.count, "\(size) of \(input.count) bytes")
    }
}
