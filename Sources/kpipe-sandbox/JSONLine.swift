import KafkaSimulator

/// Writes records as lines of JSON.
enum JSONLine {
    /// The line of one record, with its newline.
    static func line(of record: LogRecord, topic: String, partition: Int32) -> String {
        let headers = record.headers.map { header in
            "{\"key\":\(text(header.key)),\"value\":\(text(header.value))}"
        }
        let fields = [
            "\"topic\":\(text(Array(topic.utf8)))",
            "\"partition\":\(partition)",
            "\"offset\":\(record.offset)",
            "\"timestamp\":\(record.timestamp)",
            "\"key\":\(text(record.key))",
            "\"value\":\(text(record.value))",
            "\"headers\":[\(headers.joined(separator: ","))]",
        ]
        return "{\(fields.joined(separator: ","))}\n"
    }

    /// Bytes as a string if they are UTF-8, else as an object that holds their base64.
    private static func text(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "null" }
        guard let string = String(validating: bytes, as: UTF8.self) else {
            return "{\"base64\":\"\(base64(bytes))\"}"
        }
        if bytes.allSatisfy(isPlain) { return "\"\(string)\"" }
        var quoted = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\0"..."\u{1f}", "\u{7f}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Whether a byte stands for itself in a string of ASCII.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".unicodeScalars
        )
        var digits = String.UnicodeScalarView()
        var start = 0
        while start < bytes.count {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                let isPadding = index > group.count
                digits.append(isPadding ? "=" : alphabet[number >> (18 - 6 * index) & 63])
            }
            start += 3
        }
        return String(digits)
    }
}
