extension String {
    /// What somebody typed, with its control characters escaped, so that it stays on one line and
    /// moves no terminal's cursor.
    init(printable bytes: [UInt8]) {
        self = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar.properties.generalCategory == .control {
                let digits = String(scalar.value, radix: 16)
                self += digits.utf8.count == 1 ? "\\x0\(digits)" : "\\x\(digits)"
            } else {
                unicodeScalars.append(scalar)
            }
        }
    }
}
