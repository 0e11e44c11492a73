internal import KafkaProducer

/// What the loop does, for who asks with `-v`.
extension Notice {
    /// A connection is begun.
    nonisolated static func connecting(to address: BrokerAddress) -> Self {
        Self(name: "connecting", message: "connecting to \(address)")
    }

    /// A connection is there.
    nonisolated static func connected(to address: BrokerAddress) -> Self {
        Self(name: "connected", message: "connected to \(address)")
    }

    /// How many requests were sent, and why they left when they did.
    nonisolated static func flushed(_ counts: FlushCounts) -> Self {
        let reasons: [(Int, String)] = [
            (counts.batchFull, "as a batch or a request was full"),
            (counts.lingerExpired, "after linger.ms"),
            (counts.inputIdle, "as the input was idle"),
            (counts.memoryPressure, "as memory was short"),
            (counts.draining, "at the end"),
        ]
        let parts = reasons.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let list = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
        return Self(
            name: "flushed",
            message:
                "sent \(counts.total) request\(counts.total == 1 ? "" : "s") with records\(list)"
        )
    }
}
