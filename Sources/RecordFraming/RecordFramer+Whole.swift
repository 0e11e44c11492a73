/// FILEs of which each is one record.
extension RecordFramer {
    /// Finds the record that is the FILE, once all of it is in the window.
    mutating func nextWhole(_ window: Span<UInt8>, atEnd: Bool) -> Framed {
        if window.count > configuration.contentLimit {
            return discardWhole(window, atEnd: atEnd, consumed: 0)
        }
        guard atEnd else { return .needsMore }
        let framed = framed(0..<window.count, in: window, size: window.count)
        if case .failed = framed { enter(.atEnd) }
        return framed
    }

    /// Gives up the window, since the FILE is too long.
    mutating func discardWhole(_ window: Span<UInt8>, atEnd: Bool, consumed: Int) -> Framed {
        if atEnd {
            enter(.atEnd)
            return .failed(tooLong(size: consumed + window.count), size: window.count)
        }
        guard !window.isEmpty else { return .needsMore }
        enter(.insideWhole(consumed: consumed + window.count))
        return .discarding(size: window.count)
    }
}
