/// From the bytes of a record to its key and value.
extension RecordFramer {
    /// The record with this content, split at the key delimiter if there is one.
    func framed(_ content: Range<Int>, in window: Span<UInt8>, size: Int) -> Framed {
        var key: FramedField?
        var value = content
        if let delimiter = configuration.keyDelimiter,
            let index = ByteSearch.firstIndex(
                of: delimiter.span,
                in: window,
                from: content.lowerBound,
                to: content.upperBound
            )
        {
            key = .range(content.lowerBound..<index)
            value = index + delimiter.count..<content.upperBound
        }
        guard (key?.byteCount ?? 0) + value.count <= configuration.maxRecord else {
            return .failed(tooLong(size: size), size: size)
        }
        return framed(key: key, value: .range(value), size: size)
    }

    /// The record of these fields, or what it becomes if its value is empty.
    func framed(key: FramedField?, value: FramedField, size: Int) -> Framed {
        guard case .range(let bytes) = value, bytes.isEmpty else {
            return .record(FramedRecord(key: key, value: value, size: size))
        }
        if configuration.skipsEmpty, key == nil || key == .null { return .skipped(size: size) }
        let value = configuration.emptyIsNull ? .null : value
        return .record(FramedRecord(key: key, value: value, size: size))
    }

    /// The failure of a record that is too long, whose raw bytes are `size`.
    func tooLong(size: Int) -> FramingFailure {
        FramingFailure(.recordTooLong(limit: configuration.maxRecord), size: size)
    }
}
