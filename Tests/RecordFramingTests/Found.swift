import RecordFraming

/// What an input was found to hold at one place, with the bytes instead of ranges.
enum Found: Equatable {
    case record(key: Field?, value: Field, size: Int)
    case skipped(size: Int)
    case failed(FramingFailure)
    case broken(FramingFailure)

    /// A record without a key.
    static func record(_ value: Field, size: Int) -> Found {
        .record(key: nil, value: value, size: size)
    }

    /// A record that is too long.
    static func tooLong(_ limit: Int, size: Int) -> Found {
        .failed(FramingFailure(.recordTooLong(limit: limit), size: size))
    }

    /// A record that ends the FILE.
    static func broken(_ reason: FramingFailure.Reason, size: Int) -> Found {
        .broken(FramingFailure(reason, size: size))
    }

    /// The raw bytes it took of the input.
    var size: Int {
        switch self {
        case .record(_, _, let size), .skipped(let size): size
        case .failed(let failure), .broken(let failure): failure.size
        }
    }
}

/// A key or a value.
enum Field: Equatable, ExpressibleByStringLiteral {
    case null
    case bytes([UInt8])

    init(stringLiteral text: String) {
        self = .bytes(Array(text.utf8))
    }

    init(_ field: FramedField, in window: ArraySlice<UInt8>) {
        switch field {
        case .null:
            self = .null
        case .range(let range):
            let base = window.startIndex
            self = .bytes(Array(window[base + range.lowerBound..<base + range.upperBound]))
        }
    }
}
