import CAllocationCounter
import EventLoop
import KafkaProducer
import KafkaSimulator
import RecordFraming
import RecordIntake
import RecordRules
import Testing

/// A record's way must not allocate: memory is taken when a run begins, and then used again.
@Suite("Allocations", .serialized)
struct AllocationTests {
    /// Lines of one size: two of one layout, one of another, and one whose key is escaped.
    static let lines = [
        #"{"user":{"id":"u-4711","name":"Ada"},"n":12,"tags":["a","b"]}"#,
        #"{"user":{"id":"u-4712","name":"Bob"},"n":34,"tags":["c","d"]}"#,
        #"{"n":56,"user":{"name":"Eve","id":"u-4713"},"tags":["e","f"]}"#,
        #"{"user":{"id":"u\u002d7","name":"Z"},"n":78,"tags":["g","h"]}"#,
    ].map { Array($0.utf8) }
    static let lineSize = lines[0].count + 1
    static let lineCount = 4000

    @Test(
        "no record allocates on its way into a batch",
        arguments: [
            [], ["json:/user/id"], ["json:/user/name", "json:/n"], ["field:2:,"], ["bytes:2-6"],
            ["before::"], ["const:eu"], ["json:/missing", "field:1"],
        ] + (RuleName.builtIn.contains(.pcre) ? [[#"pcre:"id":"([\w-]+)"#]] : [])
    )
    func recordsOnTheirWay(rules: [String]) throws {
        let keyRules = try rules.map { try Rule(Array($0.utf8)) }
        #expect(allocations(keyRules: keyRules, keyDelimiter: nil) == 0)
    }

    @Test("a key that is split off allocates nothing either")
    func splitKeys() throws {
        #expect(allocations(keyRules: [], keyDelimiter: [UInt8(ascii: ":")]) == 0)
    }

    @Test("the counter counts: an array of a record's size is seen")
    func counterCounts() {
        let before = kpipe_malloc_count()
        let array = [UInt8](repeating: 1, count: Self.lineSize)
        #expect(kpipe_malloc_count() > before)
        #expect(array.count == Self.lineSize)
    }

    @Test("a request allocates a number of times that does not grow with its records")
    func requests() throws {
        var run = PumpedRun(keyRules: [], keyDelimiter: nil)
        run.settle(turns: 20)
        let before = run.requestCount
        let allocated = run.allocations(inTurns: 20)
        let requests = run.requestCount - before
        #expect(requests > 0)
        #expect(allocated.turn <= requests * 200)
    }

    /// Allocations of the pump alone over some turns of the steady state.
    private func allocations(keyRules: [Rule], keyDelimiter: [UInt8]?) -> Int {
        var run = PumpedRun(keyRules: keyRules, keyDelimiter: keyDelimiter)
        run.settle(turns: 20)
        let counted = run.allocations(inTurns: 10)
        #expect(run.recordCount >= 10 * Self.lineCount)
        return counted.pump
    }
}

/// The pump and the producer against the cluster in memory, counted turn by turn.
struct PumpedRun: ~Copyable {
    private var producer: Producer
    private var pump: RecordPump
    private var cluster: FakeCluster
    private let window: [UInt8]
    private var position: UInt64 = 0
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var outbound: [[UInt8]] = []
    private(set) var recordCount = 0
    private(set) var requestCount = 0

    init(keyRules: [Rule], keyDelimiter: [UInt8]?) {
        var configuration = ProducerConfiguration()
        configuration.bootstrap = [BrokerAddress(host: "fake", port: 9092)]
        var clusterConfiguration = FakeClusterConfiguration(brokerCount: 1)
        clusterConfiguration.inspection = .headersOnly
        clusterConfiguration.retention = .nothing
        cluster = FakeCluster(clusterConfiguration)
        _ = cluster.createTopic(named: "logs", partitionCount: 4)
        producer = Producer(configuration: configuration, seed: 1, now: now)
        let topic = producer.topicIndex(named: "logs", now: now)
        var run = RunConfiguration(
            producer: configuration,
            topic: "logs",
            inputs: [],
            framing: FramingConfiguration(
                framing: .delimited(.newline),
                keyDelimiter: keyDelimiter,
                maxRecord: 1_000_000
            )
        )
        run.keyRules = keyRules
        run.keyMissing = .null
        pump = RecordPump(run.intake, topic: topic)
        let lines = AllocationTests.lines
        precondition(lines.allSatisfy { $0.count + 1 == AllocationTests.lineSize })
        // Runs of each, since what the last one had is tried on the next.
        window = (0..<AllocationTests.lineCount).flatMap { lines[$0 / 5 % lines.count] + [10] }
    }

    /// Lets everything reach the size it keeps.
    mutating func settle(turns: Int) {
        _ = allocations(inTurns: turns)
    }

    /// Runs turns.
    ///
    /// - Returns: The allocations of the pump alone, and of pump and decisions together.
    mutating func allocations(inTurns turns: Int) -> (pump: Int, turn: Int) {
        var ofPump = 0
        var ofTurn = 0
        let window = window
        for _ in 0..<turns {
            now = now.advanced(by: .milliseconds(10))
            let start = kpipe_malloc_count()
            let (_, consumed) = pump.run(
                window.span,
                at: position,
                atEnd: false,
                remainingFileBytes: nil,
                into: &producer,
                timestamp: 1_700_000_000_000,
                now: now
            )
            let pumped = kpipe_malloc_count()
            producer.step(now: now)
            let decided = kpipe_malloc_count()
            ofPump += Int(pumped - start)
            ofTurn += Int(decided - start)
            position += UInt64(consumed)
            recordCount += consumed / AllocationTests.lineSize
            exchange()
        }
        return (ofPump, ofTurn)
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
            producer.step(now: now)
        }
    }

    private mutating func carry(_ id: ConnectionID) {
        while producer.wantsWrite(id) {
            var bytes: [UInt8] = []
            producer.withOutbound(of: id) { segments in
                for segment in segments {
                    bytes += UnsafeRawBufferPointer(start: segment.base, count: segment.count)
                }
            }
            producer.didTransmit(bytes.count, on: id, now: now)
            outbound[id.index] += bytes
        }
        while let frame = takeFrame(of: id.index) {
            if frame.starts(with: [0, 0]) { requestCount += 1 }
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
