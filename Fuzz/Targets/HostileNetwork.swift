import KafkaProducer
import KafkaProtocol
import KafkaSimulator

/// A whole producer on a network that is the fuzzer: it appends, connects, lets time pass, and
/// chooses what bytes come back, honest ones among them.
///
/// The brokers at the other end are the cluster in memory, so the producer gets far; the fuzzer
/// changes their answers, leaves them out, and makes up its own. At last the network turns honest,
/// and then the run has to end: every record ended once, in a bounded number of steps.
struct HostileNetwork: ~Copyable {
    /// The topic of the golden frames, so that their answers are about it.
    private static let topic = "t1"

    /// How many turns a run may take once the network is honest.
    private static let turnLimit = 3000
    /// How many times one instant may ask to be looked at again.
    private static let roundLimit = 1000

    var producer: Producer
    var cluster: FakeCluster
    var now = Instant.origin
    var links: [Link] = []
    var ledger = RecordLedger()
    private var compressor: BatchCompressor?
    private var topics: [TopicIndex] = []
    private var isDrained = false
    private var isFinished = false
    private var acceptsInput = true

    static func run(_ bytes: [UInt8]) {
        var choices = Choices(bytes)
        // The first byte chooses the brokers' version, and whether they are known before the
        // fuzzer begins, since no record is taken before.
        let first = choices.byte()
        let profile = BrokerProfile.all[Int(first & 127) % BrokerProfile.all.count]
        var network = HostileNetwork(profile, &choices)
        network.settle()
        for _ in 0..<(first > 127 ? 4 : 0) {
            network.exchange()
            network.settle()
        }
        var count = 0
        while !choices.isEmpty, count < 100, !network.isFinished {
            network.act(&choices)
            network.settle()
            count += 1
        }
        network.turnHonest()
    }

    private init(_ profile: BrokerProfile, _ choices: inout Choices) {
        var setup = FakeClusterConfiguration(brokerCount: 2)
        setup.profile = profile
        setup.createdPartitionCount = 3
        cluster = FakeCluster(setup)
        cluster.createGoldenTopic()
        let flags = choices.byte()
        var configuration = ProducerConfiguration()
        configuration.bootstrap = [BrokerAddress(host: "fake", port: 9092)]
        configuration.idempotence = flags & 1 == 0
        if flags & 6 == 2 { configuration.acks = .leader }
        if flags & 6 == 4 { configuration.acks = .none }
        if configuration.acks != .all { configuration.idempotence = false }
        if flags & 24 == 8 { configuration.codec = .gzip }
        if flags & 32 != 0 { configuration.retries = 2 }
        if flags & 64 != 0 { configuration.details = [.broker, .topic, .msg, .protocol, .eos] }
        configuration.batchSize = 300
        configuration.maxRequestSize = 2000
        configuration.bufferMemory = 64 << 10
        configuration.deliveryTimeout = .seconds(20)
        configuration.requestTimeout = .seconds(3)
        compressor = BatchCompressor(configuration)
        producer = Producer(configuration: configuration, seed: UInt64(flags), now: now)
        // So that records leave at once, while an input is short.
        producer.inputIsIdle(true)
        for name in flags & 128 == 0 ? [Self.topic] : [Self.topic, "created"] {
            topics.append(producer.topicIndex(named: name, now: now))
        }
    }

    // MARK: One thing after another

    private mutating func act(_ choices: inout Choices) {
        let action = choices.byte()
        let link = links.isEmpty ? nil : Int(action >> 4) % links.count
        switch action & 15 {
        case 0, 1: append(1 + choices.below(24), choices.byte())
        case 2: pass([1, 20, 100, 700, 3000, 12_000, 70_000, 600_000][choices.below(8)])
        case 3: exchange()
        case 4: if let link { connect(link, choices.below(4) > 0) }
        case 5: if let link { transmit(link, limit: 1 + choices.number()) }
        case 6: if let link { deliver(link, count: 1 + choices.number()) }
        case 7, 8: if let link { spoil(link, &choices) }
        case 9, 10: if let link { forge(link, choices.take(choices.number() % 512)) }
        case 11: if let link { receive(link, choices.take(choices.below(64))) }
        case 12: if let link { close(link) }
        case 13: producer.inputIsIdle(choices.below(2) == 1)
        case 14: disturb(choices.byte())
        default: if choices.below(8) == 0 { end(isAbandoned: choices.below(2) == 1) }
        }
    }

    private mutating func append(_ count: Int, _ shape: UInt8) {
        guard acceptsInput, !isDrained else { return }
        let topic = Int(shape) % topics.count
        for _ in 0..<count {
            let record = ledger.next(keyed: shape & 2 != 0, size: Int(shape >> 2))
            let origin = RecordOrigin(
                ordinal: UInt64(ledger.takenCount),
                position: UInt64(ledger.takenCount) * 100,
                size: 100
            )
            do {
                let isTaken = try append(record, to: topics[topic], origin)
                guard isTaken else { return }
                ledger.didTake()
            } catch {
                end(isAbandoned: false)
                return
            }
        }
    }

    private mutating func append(
        _ record: RecordLedger.Record,
        to topic: TopicIndex,
        _ origin: RecordOrigin
    ) throws(AppendError) -> Bool {
        guard let key = record.key else {
            return try producer.append(
                topic: topic,
                key: nil,
                value: record.value.span,
                origin: origin,
                timestamp: 1_700_000_000_000,
                now: now
            )
        }
        return try producer.append(
            topic: topic,
            key: key.span,
            value: record.value.span,
            origin: origin,
            timestamp: 1_700_000_000_000,
            now: now
        )
    }

    private mutating func pass(_ milliseconds: Int) {
        now = now.advanced(by: .milliseconds(milliseconds))
    }

    private mutating func end(isAbandoned: Bool) {
        isDrained = true
        if isAbandoned { producer.abandon(now: now) } else { producer.drain(now: now) }
    }

    /// Something happens in the cluster.
    private mutating func disturb(_ what: UInt8) {
        guard cluster.topic(named: Self.topic) != nil else { return }
        let partition = Int32(what >> 3 & 1)
        switch what & 7 {
        case 0: cluster.moveLeader(of: Self.topic, partition: partition, to: Int32(what >> 4 & 1))
        case 1: cluster.loseProducerState(of: Self.topic, partition: partition)
        case 2: cluster.loseTail(of: Self.topic, partition: partition, downTo: Int64(what >> 4))
        case 3: cluster.restart(broker: partition)
        case 4: cluster.addPartitions(to: Self.topic, count: 3)
        case 5: cluster.throttle(broker: partition, milliseconds: Int32(what) * 20)
        case 6: _ = cluster.recreateTopic(named: Self.topic)
        default: cluster.deleteTopic(named: Self.topic)
        }
        while let id = cluster.pollDisconnect() { close(id.index) }
    }

    // MARK: A turn

    /// Lets the producer decide, until nothing is due at this instant.
    private mutating func settle() {
        for _ in 0..<Self.roundLimit {
            producer.step(now: now)
            while let event = producer.pollEvent() { perform(event) }
            compressBatches()
            takeFailures()
            checkAccounts()
            let interest = producer.interest(now: now)
            acceptsInput = interest.acceptsInput
            guard let deadline = interest.deadline, deadline <= now, !isFinished else { return }
        }
        fatalError("a busy loop at \(now)")
    }

    private mutating func perform(_ event: ProducerEvent) {
        switch event {
        case .connect(let id, let address):
            links.append(Link(id: id, broker: address.host == "fake" ? address.port : nil))
            require(links.count < 20_000, "\(links.count) connections")
        case .close(let id):
            for index in links.indices where links[index].id == id { hangUp(index) }
        case .notice(let notice): require(!notice.message.isEmpty, "a notice without words")
        case .stopReading:
            if !isDrained { end(isAbandoned: false) }
        case .finished:
            require(!isFinished, "finished twice")
            isFinished = true
        }
    }

    /// Compresses what waits for it, as a worker does that is done at once.
    private mutating func compressBatches() {
        guard var compressor = compressor.take() else { return }
        while let job = producer.pollCompression() {
            compressor.compress(job)
            producer.didCompress(job, compressor.output, now: now)
        }
        self.compressor = consume compressor
        producer.step(now: now)
    }

    private mutating func takeFailures() {
        var ledger = self.ledger
        while producer.pollFailure({ ledger.didFail($0, key: $1, value: $2) }) {}
        self.ledger = ledger
    }

    private func checkAccounts() {
        let report = producer.delivery
        let ended = report.ackedCount + report.failedCount + report.unknownCount
        require(ended <= ledger.takenCount, "\(ended) ended of \(ledger.takenCount) records")
        // A failure that was reported is counted; one that was counted is reported soon.
        let failed = report.failedCount + report.unknownCount
        require(ledger.failedCount <= failed, "\(ledger.failedCount) reported of \(failed)")
    }

    // MARK: The end

    /// Answers everything as it should be answered, and expects the producer to finish.
    private mutating func turnHonest() {
        if !isDrained { end(isAbandoned: false) }
        for _ in 0..<Self.turnLimit where !isFinished {
            exchange()
            settle()
            guard !isFinished else { break }
            let next = producer.interest(now: now).deadline
            if let next, next > now {
                now = next
            } else {
                // Nothing is due, so something has to come from a broker.
                pass(1)
            }
            settle()
        }
        let report = producer.delivery
        require(isFinished, "not finished: \(report), \(ledger.takenCount) taken")
        let ended = report.ackedCount + report.failedCount + report.unknownCount
        require(ended == ledger.takenCount, "\(report), \(ledger.takenCount) records taken")
        let failed = report.failedCount + report.unknownCount
        require(failed == ledger.failedCount, "\(report), \(ledger.failedCount) reported")
    }
}
