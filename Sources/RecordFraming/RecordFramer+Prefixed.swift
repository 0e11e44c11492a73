/// Records after their length: a value frame, or a key frame and a value frame.
extension RecordFramer {
    /// Finds the record of one or two frames at the front of the window.
    mutating func nextPrefixed(
        by prefix: LengthPrefix,
        _ window: Span<UInt8>,
        atEnd: Bool,
        remainingFileBytes: UInt64?
    ) -> Framed {
        guard !window.isEmpty else { return atEnd ? .ended : .needsMore }
        var reader = FrameReader(
            prefix: prefix,
            remainingFileBytes: remainingFileBytes,
            limit: configuration.contentLimit
        )
        var frame = reader.read(window)
        var key: FramedField?
        if configuration.hasKeyFrames, case .field(let field) = frame {
            key = field
            frame = reader.read(window)
        }
        switch frame {
        case .field(.range(let content)) where key == nil:
            return framed(content, in: window, size: reader.position)
        case .field(let value):
            return framed(key: key, value: value, size: reader.position)
        case .incomplete:
            guard atEnd else { return .needsMore }
            return broken(.cutShort, size: window.count)
        case .corrupt(let reason):
            return broken(reason, size: reader.position)
        case .tooLong(let length):
            let valueFollows = configuration.hasKeyFrames && key == nil
            return skip(
                SkippedFrames(remaining: length, valueFollows: valueFollows),
                window,
                from: reader.position,
                atEnd: atEnd,
                remainingFileBytes: remainingFileBytes
            )
        }
    }

    /// Passes over what the window has of frames that are too long.
    ///
    /// - Parameters:
    ///   - frames: What is to be passed over.
    ///   - window: The bytes that were not consumed.
    ///   - position: Where in the window the rest of the present frame begins.
    ///   - atEnd: Whether the input has no bytes behind the window.
    ///   - remainingFileBytes: The bytes from the front of the window to the end of the file, or
    ///     `nil` if that is not known.
    /// - Returns: The failure if the window has the record's end, else what to discard.
    mutating func skip(
        _ frames: SkippedFrames,
        _ window: Span<UInt8>,
        from position: Int,
        atEnd: Bool,
        remainingFileBytes: UInt64?
    ) -> Framed {
        guard case .prefixed(let prefix) = configuration.framing else {
            preconditionFailure("Only frames are skipped by their length.")
        }
        var frames = frames
        var reader = FrameReader(
            prefix: prefix,
            remainingFileBytes: remainingFileBytes,
            position: position,
            limit: 0
        )
        reader.pass(&frames, in: window)
        if frames.remaining == 0, frames.valueFollows {
            switch reader.readHead(window) {
            case .incomplete:
                break
            case .null:
                frames.valueFollows = false
            case .length(let length):
                frames.valueFollows = false
                frames.remaining = length
                reader.pass(&frames, in: window)
            case .corrupt(let reason):
                return broken(reason, size: reader.position, consumed: frames.consumed)
            }
        }
        if frames.remaining == 0, !frames.valueFollows {
            enter(.atRecord)
            let failure = tooLong(size: frames.consumed + reader.position)
            return .failed(failure, size: reader.position)
        }
        if atEnd { return broken(.cutShort, size: window.count, consumed: frames.consumed) }
        guard reader.position > 0 else { return .needsMore }
        frames.consumed += reader.position
        enter(.insideFrames(frames))
        return .discarding(size: reader.position)
    }

    /// Ends the FILE with a record after which nothing can be framed.
    private mutating func broken(
        _ reason: FramingFailure.Reason,
        size: Int,
        consumed: Int = 0
    ) -> Framed {
        enter(.atEnd)
        return .broken(FramingFailure(reason, size: consumed + size), size: size)
    }
}
