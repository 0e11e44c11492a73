import EventLoop
import KafkaProducer
import KafkaSimulator
import RecordFraming
import RecordIntake

/// The pump and the producer against a cluster in memory, turn by turn, in the steady state.
struct ProducerRun: ~Copyable {
    private var producer: Producer
    private var pump: RecordPump
    private var compressor: BatchCompressor?
    private var cluster: FakeCluster
    private let window: [UInt8]
    private var position: UInt64 = 0
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var outbound: [[UInt8]] = []

    /// What is measured of a turn.
    enum Part {
        /// Framing, rules and encoding.
        case pump
        /// Requests, sealing and compression, and what answers change.
        case decisions
        case both
    }

    /// Makes a run, and lets everything reach the size it keeps.
    ///
    /// - Parameters:
    ///   - window: The records that come in each turn, whole ones.
    ///   - change: What is not as it is by default.
    init(_ window: [UInt8], _ change: (inout RunConfiguration) -> Void = { _ in }) {
        var run = RunConfiguration(
            producer: ProducerConfiguration(),
            topic: "logs",
            inputs: [],
            framing: FramingConfiguration(framing: .delimited(.newline), maxRecord: 1_000_000)
        )
        run.producer.bootstrap = [BrokerAddress(host: "fake", port: 9092)]
        run.keyMissing = .null
        change(&run)
        var clusterConfiguration = FakeClusterConfiguration(brokerCount: 1)
        clusterConfiguration.inspection = .headersOnly
        clusterConfiguration.retention = .nothing
        cluster = FakeCluster(clusterConfiguration)
        _ = cluster.createTopic(named: run.topic, partitionCount: 4)
        compressor = BatchCompressor(run.producer)
        producer = Producer(configuration: run.producer, seed: 1, now: now)
        pump = RecordPump(run.intake, topic: producer.topicIndex(named: run.topic, now: now))
        self.window = window
        _ = turns(20, counting: .both, nil)
    }

    /// Runs turns.
    ///
    /// - Returns: How many records were delivered to the producer.
    mutating func turns(_ count: Int, counting part: Part, _ counter: InstructionCounter?) -> Int {
        let first = pump.ordinal
        for _ in 0..<count {
            now = now.advanced(by: .milliseconds(10))
            if part != .decisions { counter?.toggle() }
            pumpOnce()
            if part == .pump { counter?.toggle() }
            if part == .decisions { counter?.toggle() }
            decide()
            if part != .pump { counter?.toggle() }
            exchange()
        }
        return Int(pump.ordinal - first)
    }

    private mutating func pumpOnce() {
        let window = window
        let (_, consumed) = pump.run(
            window.span,
            at: position,
            atEnd: false,
            remainingFileBytes: nil,
            into: &producer,
            timestamp: 1_700_000_000_000,
            now: now
        )
        position += UInt64(consumed)
    }

    /// Decides, and compresses what that closed, in place of a worker.
    private mutating func decide() {
        producer.step(now: now)
        guard var compressor = compressor.take() else { return }
        while let job = producer.pollCompression() {
            compressor.compress(job)
            producer.didCompress(job, compressor.output, now: now)
        }
        self.compressor = consume compressor
        producer.step(now: now)
    }

    /// Carries bytes to the cluster and back until neither side has any.
    private mutating func exchange() {
        for _ in 0..<8 {
            while let event = producer.pollEvent() {
                guard case .connect(let id, _) = event else { continue }
                _ = cluster.didConnect(FakeConnectionID(index: id.index), to: cluster.brokers[0].id)
                while outbound.count <= id.index { outbound.append([]) }
                producer.didConnect(id, now: now)
            }
            for index in outbound.indices { carry(ConnectionID(index: index, generation: 0)) }
            decide()
        }
    }

    private mutating func carry(_ id: ConnectionID) {
        while producer.wantsWrite(id) {
            let bytes = unsafe producer.withOutbound(of: id) { segments in
                unsafe segments.reduce(into: [UInt8]()) { bytes, segment in
                    unsafe bytes += UnsafeRawBufferPointer(
                        start: segment.base,
                        count: segment.count
                    )
                }
            }
            producer.didTransmit(bytes.count, on: id, now: now)
            outbound[id.index] += bytes
        }
        while let frame = takeFrame(of: id.index) {
            let reply = cluster.receive(frame, on: FakeConnectionID(index: id.index), now: now)
            if case .response(let answer) = reply.action {
                producer.didReceive(answer.span, on: id, now: now)
            }
        }
    }

    private mutating func takeFrame(of index: Int) -> [UInt8]? {
        let bytes = outbound[index]
        guard bytes.count >= 4 else { return nil }
        let size = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 4 + size else { return nil }
        outbound[index] = Array(bytes[(4 + size)...])
        return Array(bytes[4..<4 + size])
    }
}
