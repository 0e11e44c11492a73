import KafkaProducer
import KafkaProtocol
import KafkaSimulator

/// What goes wrong under `--chaos`, drawn from a seed, and how often it did.
///
/// As in the simulation a seed has a swarm of kinds, each with a weight of its own, so that rare
/// combinations are as frequent as common ones. The drawing is the same for a seed whatever
/// comes; when requests come is the client's doing, so a run is repeated closely, not exactly.
struct Chaos {
    /// What `--chaos` says.
    struct Configuration: Equatable {
        var seed: UInt64
        /// In how many of a hundred batches something goes wrong.
        var rate = 20
        /// What a seed's swarm is drawn from.
        var kinds = ChaosFault.allCases
    }

    /// A batch on its way.
    struct Batch {
        var topic: String
        var partition: Int32
    }

    /// How much rarer a request without a batch is hit: a run has few of them.
    private static let otherRequestDivisor = 4

    let configuration: Configuration
    /// The kinds of this seed, each as often as it weighs.
    private let lots: [ChaosFault]
    private let lotsOfAnyRequest: [ChaosFault]
    private var random: SplitMix64
    private var counts: [ChaosFault: Int] = [:]

    init(_ configuration: Configuration) {
        self.configuration = configuration
        var random = SplitMix64(seed: configuration.seed ^ 0x6368_616f_73)
        let probability = 2 + random.below(8)
        var lots: [ChaosFault] = []
        for fault in ChaosFault.allCases {
            let isDrawn = random.below(10) < probability
            let isOmitted = random.below(100) < fault.omittedPercent
            let weight = 1 + random.below(4)
            if !configuration.kinds.contains(fault) { continue }
            if isDrawn && !isOmitted { lots += Array(repeating: fault, count: weight) }
        }
        // Where the swarm came out empty, everything that may happen does.
        if lots.isEmpty { lots = configuration.kinds }
        self.lots = lots
        lotsOfAnyRequest = lots.filter(\.isOfAnyRequest)
        self.random = random
    }

    /// A number from 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int { random.below(bound) }

    /// One of the elements.
    mutating func any<Element>(of elements: [Element]) -> Element {
        elements[random.below(elements.count)]
    }

    // MARK: Drawing

    /// What goes wrong with the next batch, or `nil` if nothing does.
    ///
    /// Half a request is drawn by ``halvesNextRequest()``, before the request is there.
    mutating func drawForBatch() -> ChaosFault? {
        guard random.below(100) < configuration.rate, !lots.isEmpty else { return nil }
        let fault = any(of: lots)
        return fault == .halfRequest ? nil : fault
    }

    /// What goes wrong with a request that carries no batch, or `nil` if nothing does.
    mutating func drawForOtherRequest() -> ChaosFault? {
        let rate = configuration.rate / Self.otherRequestDivisor
        guard random.below(100) < rate, !lotsOfAnyRequest.isEmpty else { return nil }
        return any(of: lotsOfAnyRequest)
    }

    /// Whether the next Produce request of a connection is read by half.
    mutating func halvesNextRequest() -> Bool {
        guard random.below(100) < configuration.rate, !lots.isEmpty else { return false }
        return any(of: lots) == .halfRequest
    }

    /// How the fault is told to the cluster, or `nil` if the cluster is told otherwise or not.
    mutating func produceFault(for fault: ChaosFault) -> ProduceFault? {
        // Codes that promise that nothing was appended are not given after an append.
        let retriable: [Int16] = [3, 5, 6, 7, 19, 56]
        let ambiguous: [Int16] = [3, 6, 7, 20, 56]
        let fatal: [Int16] = [32, 87, 999]
        switch fault {
        case .refusal: return .refuse(ErrorCode(rawValue: any(of: retriable)))
        case .appendedRefusal: return .appendThenFail(ErrorCode(rawValue: any(of: ambiguous)))
        case .fatalRefusal:
            return random.below(4) == 0
                ? .appendThenFail(ErrorCode(rawValue: 999))
                : .refuse(ErrorCode(rawValue: any(of: fatal)))
        case .silence: return .appendThenHang
        case .omission: return .appendThenOmit
        case .reset, .halfRequest, .close, .lostAnswer, .halfAnswer, .splitAnswer, .delay,
            .leaderMove, .staleMetadata, .throttle, .outage, .restart, .stateLoss:
            return nil
        }
    }

    /// The batches of a request, or none if it is no Produce request that can be read.
    static func batches(in frame: [UInt8], of cluster: FakeCluster) -> [Batch] {
        var reader = ByteReader(frame)
        guard let header = try? RequestHeader.decode(&reader),
            APIKey(rawValue: header.apiKey) == .produce,
            let body = try? ProduceRequest.decode(&reader, version: header.apiVersion).request
        else { return [] }
        return body.topics.flatMap { topic in
            let known =
                header.apiVersion >= 13
                ? cluster.topics.first { $0.id == topic.id && !$0.isDeleted }
                : cluster.topic(named: topic.name)
            guard let known else { return [Batch]() }
            return topic.partitions.map(\.index)
                .filter { known.partitions.indices.contains(Int($0)) }
                .map { Batch(topic: known.name, partition: $0) }
        }
    }

    // MARK: Reports

    /// Notes that something went wrong.
    mutating func count(_ fault: ChaosFault) { counts[fault, default: 0] += 1 }

    /// The line that says what this seed is made of.
    var opening: String {
        let kinds = ChaosFault.allCases.filter { lots.contains($0) }.map(\.rawValue)
        return "chaos \(configuration.seed):\(configuration.rate) \(kinds.joined(separator: " "))\n"
    }

    /// The line that says how often what happened: `faults SEED:RATE TOTAL KIND=COUNT ...`.
    var closing: String {
        let happened = ChaosFault.allCases.compactMap { fault in
            counts[fault].map { " \(fault.rawValue)=\($0)" }
        }
        let total = counts.values.reduce(0, +)
        return "faults \(configuration.seed):\(configuration.rate) \(total)"
            + happened.joined() + "\n"
    }
}
