import KafkaProducer
import KafkaProtocol
import KafkaSimulator

/// What the cluster in memory is sent: it serves the sandbox, so anybody may connect to it.
///
/// The first bytes choose the broker's version and how much of a batch is looked at; then come
/// requests, each with its size in front. No fuzzer guesses a checksum, so those of batches are put
/// right.
enum Requests {
    static func run(_ bytes: [UInt8]) {
        var choices = Choices(bytes)
        var configuration = FakeClusterConfiguration(brokerCount: 2)
        configuration.profile = choices.one(of: BrokerProfile.all)
        // As the sandbox sets them up, and as the tests do.
        let setup = choices.below(3)
        if setup > 0 { configuration.retention = .nothing }
        if setup > 1 { configuration.inspection = .headersOnly }
        var cluster = FakeCluster(configuration)
        cluster.createGoldenTopic()
        let connection = FakeConnectionID(index: 0)
        require(cluster.didConnect(connection, to: 0), "refused")
        let hello = ApiVersionsRequest(softwareName: "fuzz", softwareVersion: "1")
        let greeting = hello.encode(version: 0, correlationID: 1, clientID: "fuzz")
        _ = cluster.receive(Array(greeting.dropFirst(4)), on: connection, now: .origin)
        var count = 0
        while !choices.isEmpty, count < 16 {
            count += 1
            _ = choices.take(2)
            var frame = choices.take(choices.number())
            Batches.correctChecksums(in: &frame)
            let reply = cluster.receive(frame, on: connection, now: .origin)
            while cluster.pollViolation() != nil {}
            switch reply.action {
            case .none: continue
            case .close: return
            case .response(let answer): check(answer, to: frame)
            }
        }
    }

    private static func check(_ answer: [UInt8], to frame: [UInt8]) {
        var reader = ByteReader(answer)
        let size = try? reader.int32("size")
        require(size.map { Int($0) } == answer.count - 4, "a size of \(size ?? -1)")
        let id = answer[4..<8]
        require(id.elementsEqual(frame[4..<8]), "an answer to another request")
    }
}

extension FakeCluster {
    /// Creates the topic that the golden frames are about, which is their partition 2.
    mutating func createGoldenTopic() {
        let id = TopicID(high: 0x0123_4567_89ab_cdef, low: 0x0123_4567_89ab_cdef)
        createTopic(named: "t1", partitionCount: 3, id: id)
    }
}

extension Instant {
    /// Where the targets' time begins.
    static var origin: Instant { Instant(nanoseconds: 1_000_000_000) }
}
