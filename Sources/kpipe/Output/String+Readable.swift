nonisolated extension String {
    /// Bytes that somebody typed, for a message: what is not printable text is written `\xHH`.
    package init(readable bytes: some Sequence<UInt8>) {
        self = ""
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            // A character at a time, so that one broken byte does not hide its neighbours.
            let length = (1...min(4, rest.count)).first { count in
                String(validating: rest.prefix(count), as: UTF8.self) != nil
            }
            let text = String(decoding: rest.prefix(length ?? 1), as: UTF8.self)
            let isPrintable = text.unicodeScalars.allSatisfy { !$0.isControl }
            if length != nil, isPrintable {
                append(text)
            } else {
                for byte in rest.prefix(length ?? 1) {
                    append(#"\x"#)
                    append(byte < 16 ? "0" : "")
                    append(String(byte, radix: 16))
                }
            }
            rest = rest.dropFirst(length ?? 1)
        }
    }
}

nonisolated extension Unicode.Scalar {
    /// Whether this is one of the control characters, with which text could move a terminal's
    /// cursor or rewrite what stands there: C0, DEL and C1.
    package var isControl: Bool {
        value < 0x20 || (0x7f...0x9f).contains(value)
    }
}
