import KafkaProducer
import KafkaProtocol

/// Listens to every connection from the client's end, and so knows what the client knows.
///
/// It hears the requests that the client writes, the answers it reads, and connections that end.
///
/// It reads bytes with the brokers' decoders and nothing of the producer, so it cannot agree with a
/// mistake of it. Whether an answer came before a decision is told by the order of both: a request
/// was decided no sooner than when its connection had last nothing to write.
struct DialogueChecker {
    /// One partition's batch in a request, and where it belongs.
    private struct Part {
        let place: Int
        let index: Int32
        let topicName: String
        let topicID: TopicID
    }

    /// A request that expects an answer.
    private struct Request {
        let api: APIKey
        let version: Int16
        var parts: [Part] = []
    }

    /// A connection.
    private struct Stream {
        var written = FrameCutter()
        var read = FrameCutter()
        var awaited: [Request] = []
        /// Whether the client has had an answer upon which it closes: it reads no more.
        var isOver = false
        /// When it last had nothing to write, and when that was as the request under way began.
        var quietAt: DialogueTime
        var decidedAt: DialogueTime
    }

    private var streams: [Stream] = []
    private var partitions: [PartitionDialogue] = []
    /// The topics, by name and id; partitions are numbered from a topic's place times 4096 on.
    private var topics: [(name: String, id: TopicID)] = []
    private var places: [Int: Int] = [:]
    private var time: DialogueTime
    /// When the producer last decided.
    private var lastDecision: DialogueTime
    /// When a connection last broke with something unwritten.
    private var lastLoss = Instant(nanoseconds: 0)
    private var endedCount: UInt64 = 0
    private let limit: Int
    private(set) var problems: [String] = []

    /// Begins to listen; `inFlightLimit` is `max.in.flight.requests.per.connection`.
    init(inFlightLimit: Int, now: Instant) {
        limit = min(5, inFlightLimit)
        time = DialogueTime(instant: now, order: 0)
        lastDecision = time
    }

    // MARK: Facts

    mutating func didConnect(_ link: Int) {
        precondition(link == streams.count, "Links are numbered in their order.")
        streams.append(Stream(quietAt: time, decidedAt: time))
    }

    /// The producer is about to decide; `isQuiet` says which links have nothing to write, and
    /// `endedCount` how many records ended without an acknowledgement.
    mutating func willDecide(
        _ links: [Int],
        endedCount: UInt64,
        now: Instant,
        isQuiet: (Int) -> Bool
    ) {
        tick(now)
        didEnd(endedCount)
        lastDecision = time
        for link in links where isQuiet(link) { streams[link].quietAt = time }
    }

    private mutating func tick(_ now: Instant) {
        time = DialogueTime(instant: now, order: time.order + 1)
    }

    private mutating func didEnd(_ count: UInt64) {
        guard count != endedCount else { return }
        endedCount = count
        for place in partitions.indices { partitions[place].didEndSomething() }
    }

    mutating func didWrite(_ bytes: [UInt8], on link: Int, endedCount: UInt64, now: Instant) {
        didEnd(endedCount)
        if streams[link].written.isEmpty { streams[link].decidedAt = streams[link].quietAt }
        streams[link].written.append(bytes)
        while let frame = streams[link].written.next() {
            didSend(frame, on: link)
            streams[link].decidedAt = streams[link].quietAt
        }
    }

    mutating func didRead(_ bytes: [UInt8], on link: Int, now: Instant) {
        tick(now)
        streams[link].read.append(bytes)
        while !streams[link].isOver, let frame = streams[link].read.next() {
            didReceive(frame, on: link)
        }
    }

    mutating func didClose(_ link: Int, now: Instant) {
        tick(now)
        if !streams[link].written.isEmpty || streams[link].quietAt < lastDecision { lastLoss = now }
        for request in streams[link].awaited {
            for part in request.parts {
                partitions[part.place].didLearn(nil, link: link, now: time)
            }
        }
        streams[link].awaited.removeAll()
    }

    // MARK: Requests

    private mutating func didSend(_ frame: ByteReader, on link: Int) {
        var reader = frame
        guard let header = try? RequestHeader.decode(&reader),
            let api = APIKey(rawValue: header.apiKey)
        else { return }
        var request = Request(api: api, version: header.apiVersion)
        guard api == .produce else {
            streams[link].awaited.append(request)
            return
        }
        guard
            let (body, batches) = try? ProduceRequest.decode(&reader, version: header.apiVersion),
            body.acks != 0
        else { return }
        var next = 0
        for topic in body.topics {
            for partition in topic.partitions {
                let place = place(topic.name, topic.id, partition.index)
                request.parts.append(
                    Part(
                        place: place,
                        index: partition.index,
                        topicName: topic.name,
                        topicID: topic.id
                    )
                )
                didSend(reader.bytes, batches[next], place, on: link, header.apiVersion)
                next += 1
            }
        }
        streams[link].awaited.append(request)
    }

    private mutating func didSend(
        _ frame: [UInt8],
        _ range: Range<Int>,
        _ place: Int,
        on link: Int,
        _ version: Int16
    ) {
        guard let batch = try? ReceivedBatch(in: frame, at: range, produceVersion: version)
        else { return }
        let decidedAt = streams[link].decidedAt
        let problem = partitions[place].didSend(
            .init(link: link, identity: batch.identity, decidedAt: decidedAt, lastLoss: lastLoss),
            limit: limit
        )
        if let problem { problems.append("\(problem), partition \(describe(place))") }
    }

    // MARK: Answers

    private mutating func didReceive(_ frame: ByteReader, on link: Int) {
        guard !streams[link].awaited.isEmpty else { return }
        let request = streams[link].awaited.removeFirst()
        var reader = frame
        let header = try? ResponseHeader.read(
            api: request.api,
            version: request.version,
            &reader
        )
        guard header != nil else { return }
        switch request.api {
        case .metadata:
            let response = try? MetadataResponse.decode(&reader, version: request.version)
            if response?.errorCode == .rebootstrapRequired { streams[link].isOver = true }
            // Produce names topics by name to some brokers, and by id to others.
            for topic in response?.topics ?? [] where topic.errorCode == .none {
                _ = place(topic.name ?? "", topic.id, 0)
            }
        case .produce:
            let response = try? ProduceResponse.decode(&reader, version: request.version)
            for part in request.parts {
                let answer = response.flatMap { Self.answer($0, to: part, request.version) }
                partitions[part.place].didLearn(answer?.errorCode, link: link, now: time)
                // R5: what the answer leaves out ends the connection.
                if answer == nil { streams[link].isOver = true }
            }
        case .apiVersions, .initProducerId: break
        }
    }

    private static func answer(
        _ response: ProduceResponse,
        to part: Part,
        _ version: Int16
    ) -> ProduceResponse.Partition? {
        for topic in response.topics
        where version >= 13 ? topic.id == part.topicID : topic.name == part.topicName {
            if let found = topic.partitions.first(where: { $0.index == part.index }) {
                return found
            }
        }
        return nil
    }

    // MARK: Partitions

    private mutating func place(_ name: String, _ id: TopicID, _ index: Int32) -> Int {
        // Without a name there is an id, which an answer has told with the name.
        var topic = topics.firstIndex {
            name.isEmpty
                ? $0.id == id : $0.name == name && (id == .zero || $0.id == .zero || $0.id == id)
        }
        if let topic {
            if topics[topic].id == .zero { topics[topic].id = id }
        } else {
            topics.append((name, id))
            topic = topics.count - 1
        }
        let key = (topic ?? 0) << 12 | Int(index)
        if let place = places[key] { return place }
        places[key] = partitions.count
        partitions.append(PartitionDialogue())
        return partitions.count - 1
    }

    private func describe(_ place: Int) -> String {
        let key = places.first { $0.value == place }?.key ?? 0
        return "\(topics[key >> 12].name)-\(key & 0xfff)"
    }
}

/// Cuts a stream of bytes into what stands behind the size of each request or answer.
struct FrameCutter {
    private var bytes: [UInt8] = []
    private var start = 0

    /// Whether no frame is begun.
    var isEmpty: Bool { start == bytes.count }

    mutating func append(_ more: [UInt8]) {
        if isEmpty {
            bytes = more
            start = 0
        } else {
            bytes.append(contentsOf: more)
        }
    }

    /// The next whole frame behind its size, or `nil` if there is none yet.
    mutating func next() -> ByteReader? {
        guard bytes.count - start >= 4 else { return nil }
        var size = 0
        for byte in bytes[start..<start + 4] { size = size << 8 | Int(byte) }
        guard bytes.count - start - 4 >= size else { return nil }
        let frame = ByteReader(bytes, range: start + 4..<start + 4 + size)
        start += 4 + size
        return frame
    }
}
