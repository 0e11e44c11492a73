/// Records that end with a delimiter.
extension RecordFramer {
    /// Finds the delimited record at the front of the window.
    mutating func nextDelimited(_ window: Span<UInt8>, atEnd: Bool) -> Framed {
        assert(searched <= window.count)
        if let index = delimiterIndex(in: window, from: searched) {
            searched = 0
            let content = 0..<contentEnd(before: index, in: window)
            return framed(content, in: window, size: index + delimiter.count)
        }
        // What is left of the window may be the beginning of a delimiter.
        searched = max(searched, window.count - (delimiter.count - 1))
        if atEnd {
            searched = 0
            guard !window.isEmpty else { return .ended }
            return framed(0..<window.count, in: window, size: window.count)
        }
        guard window.count >= configuration.windowSize else { return .needsMore }
        searched = 0
        return discardMost(of: window, consumed: 0)
    }

    /// Looks for the end of a record that is too long.
    mutating func discardLine(_ window: Span<UInt8>, atEnd: Bool, consumed: Int) -> Framed {
        if let index = delimiterIndex(in: window, from: 0) {
            let size = index + delimiter.count
            enter(.atRecord)
            return .failed(tooLong(size: consumed + size), size: size)
        }
        if atEnd {
            enter(.atRecord)
            return .failed(tooLong(size: consumed + window.count), size: window.count)
        }
        return discardMost(of: window, consumed: consumed)
    }

    /// Gives up the window but for the bytes that may be the beginning of a delimiter.
    private mutating func discardMost(of window: Span<UInt8>, consumed: Int) -> Framed {
        let size = window.count - (delimiter.count - 1)
        guard size > 0 else { return .needsMore }
        enter(.insideLine(consumed: consumed + size))
        return .discarding(size: size)
    }

    /// Where the content ends that stands before a delimiter.
    private func contentEnd(before index: Int, in window: Span<UInt8>) -> Int {
        guard configuration.stripsCarriageReturn, index > 0 else { return index }
        return window[index - 1] == UInt8(ascii: "\r") ? index - 1 : index
    }

    private func delimiterIndex(in window: Span<UInt8>, from start: Int) -> Int? {
        ByteSearch.firstIndex(of: delimiter.span, in: window, from: start, to: window.count)
    }
}
