internal import KafkaProtocol

/// Bytes from a broker, cut into responses and matched with what was asked.
extension Producer {
    /// The most bytes a response may have: metadata of a large cluster is large, the rest is not.
    private static func sizeLimit(of api: APIKey) -> Int {
        switch api {
        case .metadata: 64 << 20
        case .produce, .apiVersions, .initProducerId: 8 << 20
        }
    }

    /// Takes bytes that were read from a connection.
    package mutating func didReceive(_ bytes: Span<UInt8>, on id: ConnectionID, now: Instant) {
        guard isCurrent(id) else { return }
        connections[id.index].lastActivity = now
        unsafe bytes.withUnsafeBufferPointer {
            unsafe connections[id.index].received.append(contentsOf: $0)
        }
        var start = 0
        while isCurrent(id), let frame = nextFrame(from: start, on: id.index, now: now) {
            start = frame.upperBound
            let body = Array(connections[id.index].received[frame])
            receive(body, on: id.index, now: now)
        }
        if isCurrent(id) { connections[id.index].received.removeFirst(start) }
        if let broker = connections[id.index].broker { brokers[broker].isStale = true }
    }

    /// The next whole response, without its size; `nil` if there is none yet, or if the size is one
    /// that nothing we asked can have, which closes the connection.
    private mutating func nextFrame(from start: Int, on index: Int, now: Instant) -> Range<Int>? {
        let received = connections[index].received
        guard received.count - start >= 4 else { return nil }
        var size = 0
        for byte in received[start..<start + 4] { size = size << 8 | Int(byte) }
        guard let first = connections[index].inFlight.first(where: { $0.expectsAnswer }) else {
            closeForNonsense(index, "sent \(size) bytes that nothing asked for", now: now)
            return nil
        }
        guard size >= 4, size <= Self.sizeLimit(of: first.api) else {
            closeForNonsense(index, Self.describe(size: UInt32(truncatingIfNeeded: size)), now: now)
            return nil
        }
        guard received.count - start - 4 >= size else { return nil }
        return start + 4..<start + 4 + size
    }

    /// A response's size that really is text means a wrong port (docs/PROTOCOL.md section 2).
    private static func describe(size: UInt32) -> String {
        switch size {
        case 0x4854_5450: "speaks HTTP: is the port right?"
        case 0x1503_0000...0x1503_03ff: "speaks TLS: is it an SSL listener?"
        default: "announced a response of \(size) bytes"  // open set: any number
        }
    }

    private mutating func closeForNonsense(_ index: Int, _ what: String, now: Instant) {
        close(index, cause: "the broker \(what)", isFailure: true, now: now)
    }

    private mutating func receive(_ body: [UInt8], on index: Int, now: Instant) {
        guard let place = connections[index].inFlight.firstIndex(where: { $0.expectsAnswer })
        else { return }
        let request = connections[index].inFlight[place]
        var reader = ByteReader(body)
        do throws(WireError) {
            let correlationID = try ResponseHeader.read(
                api: request.api,
                version: request.version,
                &reader
            )
            guard correlationID == request.correlationID else {
                closeForNonsense(
                    index,
                    "answered request \(correlationID) where \(request.correlationID) was due",
                    now: now
                )
                return
            }
            try take(request, at: place, on: index, &reader, now: now)
        } catch {
            closeForNonsense(
                index,
                "sent an answer to \(request.api.name) that does not read: \(error)",
                now: now
            )
        }
    }

    /// Decodes a whole response before anything is changed by it.
    private mutating func take(
        _ request: InFlightRequest,
        at place: Int,
        on index: Int,
        _ reader: inout ByteReader,
        now: Instant
    ) throws(WireError) {
        tell(.protocol) {
            "answer to \(request.api.name) #\(request.correlationID) from "
                + "\($0.connections[index].address)"
        }
        switch request.api {
        case .apiVersions:
            let response = try ApiVersionsResponse.decode(&reader, version: request.version)
            connections[index].inFlight.remove(at: place)
            throttle(index, response.throttleTimeMilliseconds, from: 2, request, now: now)
            didReceive(response, on: index, now: now)
        case .metadata:
            let response = try MetadataResponse.decode(&reader, version: request.version)
            connections[index].inFlight.remove(at: place)
            throttle(index, response.throttleTimeMilliseconds, from: 6, request, now: now)
            didReceive(response, on: index, now: now)
        case .initProducerId:
            let response = try InitProducerIdResponse.decode(&reader, version: request.version)
            connections[index].inFlight.remove(at: place)
            throttle(index, response.throttleTimeMilliseconds, from: 1, request, now: now)
            didReceive(response, now: now)
        case .produce:
            let response = try ProduceResponse.decode(&reader, version: request.version)
            connections[index].inFlight.remove(at: place)
            throttle(index, response.throttleTimeMilliseconds, from: 6, request, now: now)
            didReceive(response, to: request, on: index, now: now)
        }
    }

    /// Honours a throttle: nothing is sent until it ends, and nothing times out meanwhile
    /// (KIP-219), but for what would wait longer for its answer than for its delivery.
    ///
    /// `from` is the version of the API from which the client has to wait; below it the broker has
    /// already waited.
    private mutating func throttle(
        _ index: Int,
        _ milliseconds: Int32,
        from: Int16,
        _ request: InFlightRequest,
        now: Instant
    ) {
        guard milliseconds > 0, request.version >= from, !mutates(.ignoresThrottle) else { return }
        let pause = Duration.milliseconds(Int64(milliseconds))
        let delay = min(pause, configuration.deliveryTimeout ?? pause)
        let until = now.advanced(by: pause)
        connections[index].throttledUntil = max(connections[index].throttledUntil ?? until, until)
        for place in connections[index].inFlight.indices {
            let deadline = connections[index].inFlight[place].deadline
            connections[index].inFlight[place].deadline = deadline.advanced(by: delay)
        }
    }

    private mutating func didReceive(_ response: ApiVersionsResponse, on index: Int, now: Instant) {
        if response.errorCode == .unsupportedVersion {
            let best = response.highestVersion(of: .apiVersions) ?? 0
            guard best < connections[index].negotiationVersion else {
                closeForNonsense(index, "refuses every version of ApiVersions", now: now)
                return
            }
            connections[index].negotiationVersion = best
            connections[index].state = .connecting(deadline: now.advanced(by: requestTimeout))
            didConnect(connectionID(index), now: now)
            return
        }
        guard response.errorCode == .none else {
            closeForNonsense(index, "answered \(response.errorCode.name) to ApiVersions", now: now)
            return
        }
        connections[index].versions = response
        for api in [APIKey.produce, .metadata] where response.highestVersion(of: api) == nil {
            failEverything(
                Failure(
                    name: "UNSUPPORTED_VERSION",
                    code: 35,
                    message: "\(connections[index].address) has no version of \(api.name) that "
                        + "kpipe speaks (\(api.versions)); Kafka 0.11 and later have",
                    kind: .protocolBroken
                ),
                now: now
            )
            close(index, cause: "no common version", isFailure: true, now: now)
            return
        }
        guard takesCodec(index) else {
            refuseCodec(index, now: now)
            return
        }
        connections[index].state = .ready
        tell(.broker) {
            let connection = $0.connections[index]
            let versions = [APIKey.produce, .metadata, .initProducerId].map {
                "\($0.name) v\(connection.version(of: $0).map { String($0) } ?? "-")"
            }
            return "\(connection.address) is ready: \(versions.joined(separator: ", "))"
        }
        connections[index].failureCount = 0
        bootstrap.waitingSince = nil
        didGetReady(index, now: now)
    }

    /// Brokers take zstd from version 7 of Produce on (KIP-110), and refuse it below.
    private func takesCodec(_ index: Int) -> Bool {
        configuration.codec != .zstd || connections[index].version(of: .produce) ?? 0 >= 7
    }

    private mutating func refuseCodec(_ index: Int, now: Instant) {
        failEverything(
            Failure(
                .unsupportedCompressionType,
                message: "\(connections[index].address) is too old for zstd, which Kafka has since "
                    + "2.1; choose another codec with -z"
            ),
            now: now
        )
        close(index, cause: "it takes no zstd", isFailure: true, now: now)
    }

    /// A new connection is a reason to look for leaders again (D13).
    private mutating func didGetReady(_ index: Int, now: Instant) {
        for partition in queues.indices { queues[partition].lookups.reset() }
        if let broker = connections[index].broker { brokers[broker].isStale = true }
    }
}
