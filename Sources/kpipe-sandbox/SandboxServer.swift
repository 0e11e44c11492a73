import Glibc
import KafkaProducer
import KafkaSimulator

/// Serves a fake cluster on TCP, one turn after another, in one thread.
///
/// A turn waits until a descriptor is ready or an answer is due, obeys control lines, answers
/// requests and writes what is due. There is no fairness beyond the order of connections, and
/// writes to standard output wait for whoever reads it: this is a server for tests.
final class SandboxServer {
    /// How many requests of one client are answered in one turn.
    private static let requestLimit = 16

    private let options: SandboxOptions
    private let stop: Descriptor
    var cluster: FakeCluster
    /// The listener of each broker, or `nil` while the broker is down.
    private var listeners: [Descriptor?]
    private let ports: [UInt16]
    private(set) var clients: [ClientSocket] = []
    private var acceptedCount = 0
    private var isPaused = false
    private var control = ControlChannel()
    private var violationCount = 0
    /// What goes wrong by itself, or `nil` if nothing does.
    var chaos: Chaos?
    /// What chaos did and what ends by itself.
    var recoveries: [Recovery] = []

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - options: What the command line says.
    ///   - stop: Becomes readable when it is time to stop.
    /// - Throws: ``Descriptor/Failure`` if a port cannot be listened on.
    init(_ options: SandboxOptions, stop: Descriptor) throws(Descriptor.Failure) {
        self.options = options
        self.stop = stop
        var opened: [Descriptor] = []
        for broker in 0..<options.brokerCount {
            let port = options.firstPort == 0 ? 0 : options.firstPort &+ UInt16(broker)
            opened.append(try Descriptor.listen(port: port))
        }
        chaos = options.chaos.map { Chaos($0) }
        listeners = opened
        ports = opened.map(\.port)
        cluster = FakeCluster(Self.configuration(options, ports: ports))
        for topic in options.topics {
            cluster.createTopic(named: topic.name, partitionCount: topic.partitionCount)
        }
    }

    private static func configuration(
        _ options: SandboxOptions,
        ports: [UInt16]
    ) -> FakeClusterConfiguration {
        var configuration = FakeClusterConfiguration(
            endpoints: ports.map { .init(host: "127.0.0.1", port: Int32($0)) }
        )
        configuration.profile = options.profile
        configuration.createsTopics = options.createsTopics
        configuration.createdPartitionCount = options.createdPartitionCount
        configuration.firstLookUp = options.firstLookUp
        configuration.maxMessageBytes = options.maxMessageBytes ?? configuration.maxMessageBytes
        configuration.retention = .nothing
        configuration.inspection = options.isNull ? .headersOnly : .strict
        configuration.reportsAppends = options.prints
        let sinceOrigin = Int64(Descriptor.monotonicNanoseconds / 1_000_000)
        configuration.originMilliseconds = Descriptor.wallMilliseconds - sinceOrigin
        return configuration
    }

    /// Serves until it is told to stop.
    ///
    /// - Returns: Whether every client was correct.
    func run() -> Bool {
        for line in options.controlLines { obey(line) }
        let addresses = ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")
        if let chaos { Descriptor.error.writeAll(chaos.opening) }
        Descriptor.output.writeAll("bootstrap \(addresses)\n")
        while turn() {}
        if let chaos { Descriptor.error.writeAll(chaos.closing) }
        return violationCount == 0
    }

    // MARK: A turn

    private func turn() -> Bool {
        let readable = waitUntilReady()
        if readable.contains(stop) { return false }
        if readable.contains(.input) {
            for line in control.read() { obey(line) }
            if control.isAtEnd && options.untilEndOfInput { return false }
        }
        for broker in listeners.indices {
            guard let listener = listeners[broker], readable.contains(listener) else { continue }
            accept(from: listener, broker: Int32(broker))
        }
        for client in clients where readable.contains(client.descriptor) { serve(client) }
        let now = self.now
        for client in clients where !client.flush(now: now) { close(client) }
        recover(now: now)
        report()
        return true
    }

    var now: Instant { Instant(nanoseconds: Descriptor.monotonicNanoseconds) }

    /// Waits, and returns the descriptors that can be read, in the order of their numbers.
    private func waitUntilReady() -> Set<Descriptor> {
        var interests = [pollfd(fd: stop.number, events: Int16(POLLIN), revents: 0)]
        if !control.isAtEnd {
            interests.append(
                pollfd(fd: Descriptor.input.number, events: Int16(POLLIN), revents: 0)
            )
        }
        for case let listener? in listeners {
            interests.append(pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0))
        }
        for client in clients {
            var events: Int32 = client.wantsWrite ? POLLOUT : 0
            // A client that does not read its answers is not read either.
            if !isPaused && !client.isEnding && !client.wantsWrite { events |= POLLIN }
            if events != 0 {
                interests.append(
                    pollfd(fd: client.descriptor.number, events: Int16(events), revents: 0)
                )
            }
        }
        Descriptor.poll(&interests, timeout: timeout)
        var readable: Set<Descriptor> = []
        for interest in interests where interest.events & Int16(POLLIN) != 0 {
            if interest.revents != 0 { readable.insert(Descriptor(number: interest.fd)) }
        }
        return readable
    }

    /// How long nothing is due, in milliseconds.
    private var timeout: Int32 {
        let deadlines = clients.lazy.filter { !$0.wantsWrite }.compactMap(\.deadline)
        let dues = recoveries.lazy.map(\.due)
        guard let deadline = [deadlines.min(), dues.min()].compactMap(\.self).min() else {
            return -1
        }
        let now = self.now
        guard deadline > now else { return 0 }
        let milliseconds = (deadline.nanoseconds - now.nanoseconds + 999_999) / 1_000_000
        return Int32(clamping: milliseconds)
    }

    // MARK: Connections

    private func accept(from listener: Descriptor, broker: Int32) {
        while let descriptor = listener.accept() {
            let id = FakeConnectionID(index: acceptedCount)
            acceptedCount += 1
            guard cluster.didConnect(id, to: broker) else {
                descriptor.close()
                continue
            }
            let client = ClientSocket(id: id, broker: broker, descriptor: descriptor)
            client.halvesNextProduce = chaos?.halvesNextRequest() ?? false
            clients.append(client)
        }
    }

    /// Answers what a client has sent, up to a number of requests that leaves others their turn.
    private func serve(_ client: ClientSocket) {
        for _ in 0..<Self.requestLimit where !client.isEnding {
            switch client.pollRequest() {
            case .request(let frame) where chaos != nil: answerUnderChaos(frame, client)
            case .request(let frame):
                let now = self.now
                client.enqueue(cluster.receive(frame, on: client.id, now: now), now: now)
            case .half: return didHalve(client)
            case .nothing: return
            case .ended: return close(client)
            }
            if !clients.contains(where: { $0 === client }) { return }
        }
    }

    func close(_ client: ClientSocket) {
        guard let index = clients.firstIndex(where: { $0 === client }) else { return }
        clients.remove(at: index)
        client.descriptor.close()
        cluster.didClose(client.id)
    }

    // MARK: Control

    private func obey(_ line: String) {
        let order: ControlLine.Order
        do {
            order = try ControlLine(line).obey(&cluster)
            try obey(order)
        } catch let refusal as ControlLine.Refusal {
            return Descriptor.error.writeAll("error \(line): \(refusal.message)\n")
        } catch {
            return Descriptor.error.writeAll("error \(line): \(error)\n")
        }
        closeWhatTheClusterClosed()
        Descriptor.error.writeAll("ok \(line)\n")
    }

    func closeWhatTheClusterClosed() {
        while let id = cluster.pollDisconnect() {
            guard let client = clients.first(where: { $0.id == id }) else { continue }
            close(client)
        }
    }

    func obey(_ order: ControlLine.Order) throws {
        switch order {
        case .nothing: break
        case .pause: isPaused = true
        case .resume: isPaused = false
        case .kill(let broker, let electsLeaders):
            listeners[Int(broker)]?.close()
            listeners[Int(broker)] = nil
            cluster.stop(broker: broker, electsLeaders: electsLeaders)
        case .revive(let broker):
            guard listeners[Int(broker)] == nil else { return }
            listeners[Int(broker)] = try Descriptor.listen(port: ports[Int(broker)])
            cluster.start(broker: broker)
        }
    }

    // MARK: Reports

    private func report() {
        var lines = ""
        while let append = cluster.pollAppend() {
            for record in append.records {
                lines += JSONLine.line(
                    of: record,
                    topic: append.topic,
                    partition: append.partition
                )
            }
        }
        if !lines.isEmpty { Descriptor.output.writeAll(lines) }
        while let violation = cluster.pollViolation() {
            violationCount += 1
            Descriptor.error.writeAll(
                "violation broker \(violation.broker) connection "
                    + "\(violation.connection.index): \(violation.reason)\n"
            )
        }
    }
}
