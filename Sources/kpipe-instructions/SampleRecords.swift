/// The records that are measured: the words of a log, always the same.
enum SampleRecords {
    /// How many there are in a window.
    static let count = 4000

    private static let words = [
        "GET", "POST", "/api/v1/users", "/index.html", "200", "404", "Mozilla/5.0", "timeout",
        "error", "info", "session", "checkout", "cart", "eu-west-1", "us-east-1",
    ]

    /// Lines of this many bytes, newline included.
    static func lines(size: Int) -> [UInt8] {
        window { number in
            var line = Array(String(1_000_000 + number).utf8)
            var word = number
            while line.count < size - 1 {
                word = (word &* 31 &+ 7) % words.count
                line += Array(" \(words[word])".utf8)
            }
            return Array(line[..<(size - 1)])
        }
    }

    /// Lines of about 100 bytes, with a key before a colon.
    static func keyedLines() -> [UInt8] {
        let text = lines(size: 93)
        return window { number in
            Array("\(key(number)):".utf8) + text[number * 93..<number * 93 + 92]
        }
    }

    /// Objects of about 200 bytes, on a line each.
    static func objects() -> [UInt8] {
        let text = lines(size: 120)
        return window { number in
            let time = 1_795_000_000_000 + number
            let user = #"{"id": "\#(key(number))", "plan": "free"}"#
            let head = #"{"ts": \#(time), "user": \#(user), "msg": ""#
            return Array(head.utf8) + text[number * 120..<number * 120 + 119] + Array(#""}"#.utf8)
        }
    }

    /// The records of a window of lines.
    static func values(_ window: [UInt8]) -> [[UInt8]] {
        window.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    private static func key(_ number: Int) -> String { "u\(number * 7919 % 100_000)" }

    private static func window(_ record: (Int) -> [UInt8]) -> [UInt8] {
        var window: [UInt8] = []
        for number in 0..<count { window += record(number) + [UInt8(ascii: "\n")] }
        return window
    }
}
