/// The list of bootstrap brokers, and which of them is next.
struct Bootstrap {
    let addresses: [BrokerAddress]
    var next = 0
    /// When the run began to wait for a broker, or `nil` while it has one.
    var waitingSince: Instant?
    var didNote = false
    /// What the last failure was.
    var lastCause: String?

    init(addresses: [BrokerAddress], startedAt now: Instant) {
        self.addresses = addresses
        waitingSince = now
    }
}
