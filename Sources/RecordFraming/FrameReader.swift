/// Walks over the frames of one record, from the front of the window.
struct FrameReader {
    /// What stands at a place where a frame is due.
    enum Frame: Equatable {
        /// A whole frame; it is behind the reader now.
        case field(FramedField)

        /// The window ends within the frame.
        case incomplete

        /// The frame has this many bytes, more than the record may have; its prefix is behind the
        /// reader now.
        case tooLong(UInt64)

        /// The prefix, behind the reader now, cannot be followed.
        case corrupt(FramingFailure.Reason)
    }

    /// Where in the window the reader is.
    private(set) var position: Int

    private let prefix: LengthPrefix
    private let remainingFileBytes: UInt64?
    private var limit: Int

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - prefix: What stands before each frame.
    ///   - remainingFileBytes: The bytes from the front of the window to the end of the file, or
    ///     `nil` if that is not known.
    ///   - position: Where in the window to begin.
    ///   - limit: The most bytes that the frames may have together.
    init(prefix: LengthPrefix, remainingFileBytes: UInt64?, position: Int = 0, limit: Int) {
        self.prefix = prefix
        self.remainingFileBytes = remainingFileBytes
        self.position = position
        self.limit = limit
    }

    /// Reads a frame.
    mutating func read(_ window: Span<UInt8>) -> Frame {
        switch readHead(window) {
        case .incomplete:
            return .incomplete
        case .null:
            return .field(.null)
        case .corrupt(let reason):
            return .corrupt(reason)
        case .length(let length):
            guard length <= UInt64(limit) else { return .tooLong(length) }
            let count = Int(length)
            guard count <= window.count - position else { return .incomplete }
            defer {
                position += count
                limit -= count
            }
            return .field(.range(position..<position + count))
        }
    }

    /// Reads the prefix of a frame, and compares it with what is left of the file.
    mutating func readHead(_ window: Span<UInt8>) -> FrameHead {
        let head = prefix.read(window, at: &position)
        guard case .length(let length) = head, let remainingFileBytes else { return head }
        let left = remainingFileBytes - min(remainingFileBytes, UInt64(position))
        guard length > left else { return head }
        return .corrupt(.lengthPastEnd(length: length, remaining: left))
    }

    /// Passes over bytes in the window that belong to a frame which is too long.
    mutating func pass(_ frames: inout SkippedFrames, in window: Span<UInt8>) {
        let count = Int(min(frames.remaining, UInt64(window.count - position)))
        frames.remaining -= UInt64(count)
        position += count
    }
}

/// The frames of a record that is too long, and is passed over by its lengths.
struct SkippedFrames: Equatable, Sendable {
    /// The bytes of the record that were consumed.
    var consumed = 0

    /// The bytes of the present frame that were not.
    ///
    /// A varint may say more than an `Int` can count.
    var remaining: UInt64

    /// Whether the present frame is the key's.
    var valueFollows: Bool
}
