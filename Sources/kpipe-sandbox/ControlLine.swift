import KafkaProducer
import KafkaProtocol
import KafkaSimulator

/// A line of the control channel, cut into words.
///
/// What is named is looked up before the cluster is told to do anything: its control methods
/// demand things that exist.
struct ControlLine {
    /// Why a line is not obeyed.
    struct Refusal: Error {
        var message: String
    }

    /// What a line asks of the transport rather than of the cluster.
    enum Order {
        case nothing
        case pause
        case resume
        case kill(broker: Int32, electsLeaders: Bool)
        case revive(broker: Int32)
    }

    private let words: [String]

    /// Cuts a line at its blanks.
    init(_ line: String) {
        words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Obeys the line, as far as the cluster alone can.
    func obey(_ cluster: inout FakeCluster) throws(Refusal) -> Order {
        switch words.first {
        case nil: return .nothing
        case "pause": return .pause
        case "resume": return .resume
        case "kill": return .kill(broker: try broker(1, cluster), electsLeaders: false)
        case "elect": return .kill(broker: try broker(1, cluster), electsLeaders: true)
        case "revive": return .revive(broker: try broker(1, cluster))
        case let verb?:
            if try obeyTopicLine(verb, &cluster) { return .nothing }
            if try obeyBrokerLine(verb, &cluster) { return .nothing }
            throw Refusal(message: "no such command; see --help")
        }
    }

    // MARK: Topics and partitions

    private func obeyTopicLine(
        _ verb: String,
        _ cluster: inout FakeCluster
    ) throws(Refusal) -> Bool {
        switch verb {
        case "error":
            try inject(.refuse(code(3)), count: try count(4), &cluster)
        case "error-after":
            try inject(.appendThenFail(code(3)), count: try count(4), &cluster)
        case "drop-answer": try inject(.appendThenDisconnect, count: try count(3), &cluster)
        case "disconnect": try inject(.disconnect, count: try count(3), &cluster)
        case "hang": try inject(.appendThenHang, count: try count(3), &cluster)
        case "omit": try inject(.appendThenOmit, count: try count(3), &cluster)
        case "move":
            let leader = try number(3, -1...Int(cluster.brokers.count) - 1)
            for partition in try partitions(2, cluster) {
                cluster.moveLeader(
                    of: try topic(1, cluster).name,
                    partition: partition,
                    to: Int32(leader)
                )
            }
        case "forget":
            for partition in try partitions(2, cluster) {
                cluster.loseProducerState(of: try topic(1, cluster).name, partition: partition)
            }
        case "create":
            let name = try word(1)
            guard FakeTopic.isValid(name: name), cluster.topic(named: name) == nil else {
                throw Refusal(message: "no topic can be created with this name")
            }
            cluster.createTopic(named: name, partitionCount: try number(2, 1...100_000))
        case "delete": cluster.deleteTopic(named: try topic(1, cluster).name)
        case "recreate": cluster.recreateTopic(named: try topic(1, cluster).name)
        case "add-partitions":
            cluster.addPartitions(
                to: try topic(1, cluster).name,
                count: try number(2, 1...100_000)
            )
        case "compact":
            let topic = try topic(1, cluster)
            var options = topic.options
            options.isCompacted = true
            cluster.setOptions(options, of: topic.name)
        case "max-message-bytes":
            let topic = try topic(1, cluster)
            var options = topic.options
            options.maxMessageBytes = try number(2, 1...Int(Int32.max))
            cluster.setOptions(options, of: topic.name)
        case "unsettle":
            cluster.unsettle(topic: try topic(1, cluster).name, lookUps: try count(2))
        default: return false
        }
        return true
    }

    private func inject(
        _ fault: ProduceFault,
        count: Int,
        _ cluster: inout FakeCluster
    ) throws(Refusal) {
        let topic = try topic(1, cluster).name
        for partition in try partitions(2, cluster) {
            cluster.inject(fault, on: topic, partition: partition, count: count)
        }
    }

    // MARK: Brokers

    private func obeyBrokerLine(
        _ verb: String,
        _ cluster: inout FakeCluster
    ) throws(Refusal) -> Bool {
        switch verb {
        case "throttle":
            cluster.throttle(
                broker: try broker(1, cluster),
                milliseconds: Int32(try number(2, 0...3_600_000)),
                count: try count(3)
            )
        case "latency":
            cluster.setLatency(
                .milliseconds(try number(2, 0...3_600_000)),
                of: try broker(1, cluster)
            )
        case "init-error":
            cluster.failInitProducerID(
                with: try code(2),
                at: try broker(1, cluster),
                count: try count(3)
            )
        case "metadata-error":
            cluster.failMetadata(
                with: try code(2),
                at: try broker(1, cluster),
                count: try count(3)
            )
        case "freeze": cluster.freezeMetadata(of: try broker(1, cluster))
        case "thaw": cluster.thawMetadata(of: try broker(1, cluster))
        case "profile":
            let name = try word(2)
            guard let profile = BrokerProfile.all.first(where: { $0.name == name }) else {
                throw Refusal(message: "there is no such profile")
            }
            cluster.setProfile(profile, of: try broker(1, cluster))
        case "restart": cluster.restart(broker: try broker(1, cluster))
        case "close": cluster.closeConnections(of: try broker(1, cluster))
        default: return false
        }
        return true
    }

    // MARK: Words

    private func word(_ index: Int) throws(Refusal) -> String {
        guard index < words.count else { throw Refusal(message: "a word is missing") }
        return words[index]
    }

    private func number(_ index: Int, _ range: ClosedRange<Int>) throws(Refusal) -> Int {
        guard let number = Int(try word(index)), range.contains(number) else {
            throw Refusal(message: "\(try word(index)) is not a number that fits")
        }
        return number
    }

    private func count(_ index: Int) throws(Refusal) -> Int {
        index < words.count ? try number(index, 0...1_000_000) : 1
    }

    private func code(_ index: Int) throws(Refusal) -> ErrorCode {
        ErrorCode(rawValue: Int16(try number(index, -1...Int(Int16.max))))
    }

    private func broker(_ index: Int, _ cluster: FakeCluster) throws(Refusal) -> Int32 {
        Int32(try number(index, 0...cluster.brokers.count - 1))
    }

    private func topic(_ index: Int, _ cluster: FakeCluster) throws(Refusal) -> FakeTopic {
        guard let topic = cluster.topic(named: try word(index)) else {
            throw Refusal(message: "there is no such topic")
        }
        return topic
    }

    private func partitions(
        _ index: Int,
        _ cluster: FakeCluster
    ) throws(Refusal) -> [Int32] {
        let count = try topic(index - 1, cluster).partitions.count
        if try word(index) == "*" { return (0..<Int32(count)).map { $0 } }
        return [Int32(try number(index, 0...count - 1))]
    }
}
