package import KafkaProducer

nonisolated extension BrokerAddress {
    /// Reads `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`; the port is 9092 where none is given.
    ///
    /// - Parameter text: The text, without blanks around it.
    package init?(_ text: Substring) {
        var host = text
        var port: Substring?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty {
                guard rest.first == ":" else { return nil }
                port = rest.dropFirst()
            }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let isWord = host.unicodeScalars.allSatisfy { !$0.isControl && $0 != " " && $0 != "/" }
        guard !host.isEmpty, isWord else { return nil }
        guard let port else {
            self.init(host: String(host), port: 9092)
            return
        }
        guard port.allSatisfy(\.isNumber), let number = UInt16(port), number > 0 else { return nil }
        self.init(host: String(host), port: number)
    }
}

nonisolated extension Substring {
    /// The text without blanks around it.
    func trimmingBlanks() -> Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
