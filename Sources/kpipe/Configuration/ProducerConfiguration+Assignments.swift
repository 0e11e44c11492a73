package import KafkaProducer

/// Makes the producer's configuration of the values in force, and refuses those that contradict
/// each other.
nonisolated extension ProducerConfiguration {
    /// Creates the configuration.
    ///
    /// - Parameter values: The values in force.
    /// - Throws: The error for the first value that is none, or that contradicts another one.
    package init(_ values: Assignments) throws(CommandError) {
        self.init()
        softwareVersion = Version.number
        try Self.checkSecurity(values)
        bootstrap = try Self.bootstrap(values)
        clientID = try values.string(.clientID)
        partitioner = try Self.partitioner(values)
        allowsAutoTopicCreation = try values.flag(.allowAutoTopicCreation)
        metadataMaxAge = try values.milliseconds(.metadataMaxAge)
        try setDelivery(values)
        try setBatching(values)
    }

    private mutating func setDelivery(_ values: Assignments) throws(CommandError) {
        acks = try Self.acks(values)
        retries = try values.number(orUnlimited: .retries)
        retryBackoff = try values.milliseconds(.retryBackoff)
        retryBackoffMax = try values.milliseconds(.retryBackoffMax)
        // A maximum that somebody set counts, as in KIP-580; the default gives way.
        if values[.retryBackoffMax] == nil { retryBackoffMax = max(retryBackoffMax, retryBackoff) }
        retryBackoff = min(retryBackoff, retryBackoffMax)
        maxInFlightRequests = try values.number(.maxInFlightRequests)
        idempotence = try Self.idempotence(
            values,
            acks: acks,
            retries: retries,
            inFlight: maxInFlightRequests
        )
        linger = try values.milliseconds(.linger)
        flushesWhenInputIsIdle = values[.linger] == nil || linger == .zero
        let timeout = try values.milliseconds(.deliveryTimeout)
        deliveryTimeout = timeout == .zero ? nil : timeout
        requestTimeout = Self.requestTimeout(
            try values.milliseconds(.requestTimeout),
            within: deliveryTimeout,
            after: linger
        )
    }

    private mutating func setBatching(_ values: Assignments) throws(CommandError) {
        batchSize = try values.number(.batchSize)
        batchRecordLimit = try values.number(orUnlimited: .batchRecordLimit) ?? Int(Int32.max)
        maxRequestSize = try values.number(.maxRequestSize)
        bufferMemory = try Self.bufferMemory(values, maxRequestSize: maxRequestSize)
        codec = try Self.codec(values)
        compressionLevel = try Self.compressionLevel(values, codec: codec)
    }
}

// MARK: - Values with rules of their own

nonisolated extension ProducerConfiguration {
    private static func checkSecurity(_ values: Assignments) throws(CommandError) {
        let name = try values.string(.securityProtocol).lowercased()
        if name == "plaintext" { return }
        if ["ssl", "sasl_plaintext", "sasl_ssl"].contains(name) {
            throw values.refusal(
                of: .securityProtocol,
                because: "security is not built yet; only plaintext is"
            )
        }
        throw values.refusal(of: .securityProtocol)
    }

    private static func acks(_ values: Assignments) throws(CommandError) -> Acks {
        switch try values.string(.acks).lowercased() {
        case "all", "-1": .all
        case "1": .leader
        case "0": .none
        default: throw values.refusal(of: .acks)
        }
    }

    private static func idempotence(
        _ values: Assignments,
        acks: Acks,
        retries: Int?,
        inFlight: Int
    ) throws(CommandError) -> Bool {
        guard try values.flag(.idempotence) else { return false }
        var obstacle: String?
        if acks != .all { obstacle = "it needs acks=all, not acks=\(acks.rawValue)" }
        if retries == 0 { obstacle = "it needs retries above 0" }
        if inFlight > 5 {
            // Brokers remember the last five batches of a producer, so they recognise no older one.
            obstacle = "it needs max.in.flight.requests.per.connection at most 5, not \(inFlight)"
        }
        if let obstacle, values[.idempotence] != nil {
            throw values.refusal(of: .idempotence, because: obstacle)
        }
        return obstacle == nil
    }

    /// The time for a request that ends before the records in it do.
    private static func requestTimeout(
        _ timeout: Duration,
        within deliveryTimeout: Duration?,
        after linger: Duration
    ) -> Duration {
        guard let deliveryTimeout else { return timeout }
        return min(timeout, deliveryTimeout > linger ? deliveryTimeout - linger : deliveryTimeout)
    }

    private static func bufferMemory(
        _ values: Assignments,
        maxRequestSize: Int
    ) throws(CommandError) -> Int {
        let size = try values.number(.bufferMemory)
        let least = 4 * maxRequestSize
        if values[.bufferMemory] != nil, size < least {
            throw values.refusal(
                of: .bufferMemory,
                because: "it must be at least 4 times max.request.size, \(least)"
            )
        }
        return max(size, least)
    }

    private static func partitioner(_ values: Assignments) throws(CommandError) -> PartitionerKind {
        let name = try values.string(.partitioner).lowercased()
        guard let kind = PartitionerKind(name: name) else {
            throw values.refusal(of: .partitioner)
        }
        return kind
    }

    private static func bootstrap(
        _ values: Assignments
    ) throws(CommandError) -> [BrokerAddress] {
        var servers: [BrokerAddress] = []
        for part in try values.string(.bootstrapServers).split(separator: ",") {
            let text = part.trimmingBlanks()
            if text.isEmpty { continue }
            guard let server = BrokerAddress(text) else {
                throw values.refusal(
                    of: .bootstrapServers,
                    because: "\(String(readable: text.utf8)) is not HOST, HOST:PORT or [IPV6]:PORT"
                )
            }
            servers.append(server)
        }
        if servers.isEmpty {
            throw values.refusal(of: .bootstrapServers, because: "there is no broker in it")
        }
        return servers
    }
}
