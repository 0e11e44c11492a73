/// Tells compressed input by its first bytes.
nonisolated enum CompressedInput {
    enum Finding: Equatable {
        case plain
        /// Too few bytes have come.
        case unknownYet
        case compressed(String)
    }

    /// The first bytes of what a codec writes: RFC 1952 and RFC 8878.
    private static let magics: [(codec: String, bytes: [UInt8])] = [
        ("gzip", [0x1f, 0x8b]), ("zstd", [0x28, 0xb5, 0x2f, 0xfd]),
    ]

    /// What the first bytes of an input say.
    ///
    /// `atEnd` says that no more of them come.
    static func check(_ ring: borrowing InputRing, atEnd: Bool) -> Finding {
        let window = ring.readable
        for (codec, bytes) in magics {
            var matched = 0
            while matched < bytes.count, matched < window.count, window[matched] == bytes[matched] {
                matched += 1
            }
            if matched == bytes.count { return .compressed(codec) }
            if matched == window.count, !atEnd { return .unknownYet }
        }
        return .plain
    }
}
