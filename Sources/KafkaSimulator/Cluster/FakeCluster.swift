package import KafkaProducer
import KafkaProtocol

/// A cluster of Kafka brokers in memory, as strict as Kafka and stricter.
///
/// It is a value: requests go in, replies come out, and time comes with them. There is no clock,
/// socket or random source in it, so one thread can run it in virtual time, and the same calls
/// always have the same results. A transport drives it:
///
///     didConnect(c, to: broker)     false: refused
///     receive(frame, on: c, now:)   → what to send, after what delay; answers of one connection
///                                     keep the order of their requests
///     didClose(c)                   the client hung up
///     pollDisconnect()              after each call that changes brokers: connections that the
///                                     cluster itself has closed
///
/// What happened is then asked for: ``topics`` with their logs, ``pollAttempt()``,
/// ``pollAppend()``, and ``pollViolation()`` for what a correct client never does. What goes wrong
/// is ordered through the control methods in `FakeCluster+Control.swift`.
package struct FakeCluster: Sendable {
    /// A client's connection, as its broker sees it.
    struct Connection: Sendable {
        var id: FakeConnectionID
        var broker: Int32
        /// Whether the client asked which versions the broker speaks, and was told.
        var knowsVersions = false
        /// Whether nothing is sent any more.
        var isHanging = false
    }

    /// The largest request, in bytes without its size (`socket.request.max.bytes`).
    ///
    /// The transport closes a connection on which a larger one is announced.
    package static let largestRequest = 104_857_600

    /// How the cluster is set up; limits may change while it runs.
    package var configuration: FakeClusterConfiguration
    /// The brokers, by node id.
    package internal(set) var brokers: [FakeBroker]
    /// Every topic that ever was, in the order of their creation.
    package internal(set) var topics: [FakeTopic] = []

    /// Whether something was lost that was acknowledged, or what a partition knew of producers.
    ///
    /// What is in the logs is then not the producer's alone to keep.
    package internal(set) var hasLost = false

    /// Whether a partition forgot producers, also where it tells them so.
    package internal(set) var hasForgotten = false

    var connections: [Connection] = []
    /// Whether the request at hand is one that was handled before.
    var isRedelivering = false
    /// The live topics: for look-ups, never iterated.
    var topicIndicesByName: [String: Int] = [:]
    /// The live topics: for look-ups, never iterated.
    var topicIndicesByID: [TopicID: Int] = [:]
    var nextProducerID: Int64
    var disconnects = Backlog<FakeConnectionID>()
    var violations = Backlog<Violation>()
    var attempts = Backlog<ProduceAttempt>()
    var appends = Backlog<AppendedBatch>()

    /// Creates a cluster without topics.
    package init(_ configuration: FakeClusterConfiguration) {
        self.configuration = configuration
        nextProducerID = configuration.firstProducerID
        brokers = configuration.endpoints.enumerated().map { index, endpoint in
            FakeBroker(id: Int32(index), endpoint: endpoint, profile: configuration.profile)
        }
    }

    // MARK: Connections

    /// Takes a connection to a broker.
    ///
    /// - Returns: Whether it is open; if not, the broker is not available and refuses it.
    package mutating func didConnect(_ connection: FakeConnectionID, to broker: Int32) -> Bool {
        precondition(!connections.contains { $0.id == connection }, "A connection is new once.")
        guard brokers[Int(broker)].isAvailable else { return false }
        connections.append(Connection(id: connection, broker: broker))
        return true
    }

    /// Forgets a connection that its client closed.
    package mutating func didClose(_ connection: FakeConnectionID) {
        connections.removeAll { $0.id == connection }
    }

    /// Takes a connection that the cluster has closed since, or `nil` if there is none.
    package mutating func pollDisconnect() -> FakeConnectionID? { disconnects.poll() }

    // MARK: Requests

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - frame: The request without the size in front of it.
    ///   - connection: The connection it came on.
    ///   - now: When it came.
    /// - Returns: What to send. After a ``FakeReply/Action/close(reason:)`` the connection is
    ///   unknown here.
    package mutating func receive(
        _ frame: [UInt8],
        on connection: FakeConnectionID,
        now: Instant
    ) -> FakeReply {
        guard let index = connections.firstIndex(where: { $0.id == connection }) else {
            return FakeReply(action: .close(reason: "the connection is not open"))
        }
        let broker = connections[index].broker
        var reply: FakeReply
        do {
            reply = try answer(frame, on: index, now: now)
        } catch {
            report(error.reason, on: connection, at: broker, now: now)
            reply = FakeReply(action: .close(reason: error.reason))
        }
        reply.delay += brokers[Int(broker)].latency
        switch reply.action {
        case .close: didClose(connection)
        case .response, .none: if connections[index].isHanging { return .nothing }
        }
        return reply
    }

    private mutating func answer(
        _ frame: [UInt8],
        on index: Int,
        now: Instant
    ) throws(RequestRefusal) -> FakeReply {
        var reader = ByteReader(frame)
        let header: RequestHeader
        do {
            header = try RequestHeader.decode(&reader)
        } catch {
            throw RequestRefusal(reason: "request header: \(error)")
        }
        guard let api = APIKey(rawValue: header.apiKey) else {
            throw RequestRefusal(reason: "API \(header.apiKey) is not known here")
        }
        let connection = connections[index]
        let request = FakeRequest(
            frame: frame,
            api: api,
            version: header.apiVersion,
            correlationID: header.correlationID,
            broker: connection.broker,
            connection: connection.id,
            now: now
        )
        let versions = brokers[Int(connection.broker)].profile.versions(of: header.apiKey)
        guard let versions, versions.contains(header.apiVersion) else {
            if api == .apiVersions { return newerApiVersions(request) }
            throw RequestRefusal(reason: "\(request.name) is not spoken by this broker")
        }
        if api != .apiVersions && !connection.knowsVersions {
            throw RequestRefusal(reason: "\(request.name) before ApiVersions")
        }
        switch api {
        case .apiVersions: return try apiVersions(request, &reader, on: index)
        case .metadata: return try metadata(request, &reader)
        case .initProducerId: return try initProducerID(request, &reader)
        case .produce: return try produce(request, &reader, on: index)
        }
    }

    // MARK: What happened

    /// Takes something that a correct client never does, or `nil` if there is nothing more.
    package mutating func pollViolation() -> Violation? { violations.poll() }

    /// Takes a batch that reached a broker, or `nil` if there is none.
    ///
    /// There are some only if the configuration says that attempts are reported.
    package mutating func pollAttempt() -> ProduceAttempt? { attempts.poll() }

    /// Takes a batch that was appended, or `nil` if there is none.
    ///
    /// There are some only if the configuration says that appends are reported.
    package mutating func pollAppend() -> AppendedBatch? { appends.poll() }

    /// The topic of this name that is alive, or `nil` if there is none.
    package func topic(named name: String) -> FakeTopic? {
        topicIndicesByName[name].map { topics[$0] }
    }

    /// The log of a partition, or `nil` if there is none alive.
    package func log(of topic: String, partition: Int32) -> PartitionLog? {
        guard let partitions = self.topic(named: topic)?.partitions else { return nil }
        return partitions.indices.contains(Int(partition)) ? partitions[Int(partition)].log : nil
    }

    mutating func report(
        _ reason: String,
        on connection: FakeConnectionID,
        at broker: Int32,
        now: Instant
    ) {
        violations.append(
            Violation(broker: broker, connection: connection, instant: now, reason: reason)
        )
    }
}
