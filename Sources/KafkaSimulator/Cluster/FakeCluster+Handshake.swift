import KafkaProtocol

/// The answers that a client needs before it can produce: versions, and a producer id.
extension FakeCluster {
    /// Answers ApiVersions in a version that the broker speaks.
    mutating func apiVersions(
        _ request: FakeRequest,
        _ reader: inout ByteReader,
        on index: Int
    ) throws(RequestRefusal) -> FakeReply {
        let body: ApiVersionsRequest
        do {
            body = try ApiVersionsRequest.decode(&reader, version: request.version)
        } catch {
            throw RequestRefusal(reason: "\(request.name): \(error)")
        }
        if request.version >= 3 {
            for name in [body.softwareName, body.softwareVersion]
            where !Self.isValid(softwareName: name) {
                report(
                    "\(request.name): \"\(name)\" cannot be the name or version of software",
                    on: request.connection,
                    at: request.broker,
                    now: request.now
                )
                let response = ApiVersionsResponse(errorCode: .invalidRequest, apis: [])
                return reply(request, throttle: 0) {
                    response.encode(version: $0, correlationID: $1)
                }
            }
        }
        connections[index].knowsVersions = true
        let throttle = takeThrottle(of: request.broker)
        let response = ApiVersionsResponse(
            errorCode: .none,
            apis: listedAPIs(of: request.broker),
            throttleTimeMilliseconds: throttle
        )
        return reply(request, throttle: throttle) {
            response.encode(version: $0, correlationID: $1)
        }
    }

    /// Answers ApiVersions in a version that the broker does not speak.
    func newerApiVersions(_ request: FakeRequest) -> FakeReply {
        let apis: [ApiVersionsResponse.API]
        switch brokers[Int(request.broker)].profile.newerApiVersions {
        case .listed: apis = listedAPIs(of: request.broker)
        case .unlisted: apis = []
        case .closes: return FakeReply(action: .close(reason: "\(request.name) is too new"))
        }
        let response = ApiVersionsResponse(errorCode: .unsupportedVersion, apis: apis)
        return FakeReply(
            action: .response(
                response.encode(version: 0, correlationID: request.correlationID)
            )
        )
    }

    /// Answers InitProducerId with a new producer id.
    mutating func initProducerID(
        _ request: FakeRequest,
        _ reader: inout ByteReader
    ) throws(RequestRefusal) -> FakeReply {
        let body: InitProducerIdRequest
        do {
            body = try InitProducerIdRequest.decode(&reader, version: request.version)
        } catch {
            throw RequestRefusal(reason: "\(request.name): \(error)")
        }
        if body.transactionalID != nil {
            throw RequestRefusal(reason: "\(request.name): there are no transactions here")
        }
        guard (body.producerID == -1) == (body.producerEpoch == -1) else {
            throw RequestRefusal(
                reason: "\(request.name): id \(body.producerID), epoch \(body.producerEpoch)"
            )
        }
        let code = takeFirst(of: \.initProducerIDFaults, at: request.broker) ?? .none
        let throttle = takeThrottle(of: request.broker)
        var response = InitProducerIdResponse(
            throttleTimeMilliseconds: throttle,
            errorCode: code,
            producerID: -1,
            producerEpoch: -1
        )
        if code == .none {
            response.producerID = nextProducerID
            let isFirst = nextProducerID == configuration.firstProducerID
            response.producerEpoch = isFirst ? configuration.firstProducerEpoch : 0
            nextProducerID += 1
        }
        return reply(request, throttle: throttle) {
            response.encode(version: $0, correlationID: $1)
        }
    }

    // MARK: What all answers share

    /// Makes a reply of an answer, silent or late as its throttle says.
    func reply(
        _ request: FakeRequest,
        throttle: Int32,
        _ encode: (_ version: Int16, _ correlationID: Int32) -> [UInt8]
    ) -> FakeReply {
        var reply = FakeReply(action: .response(encode(request.version, request.correlationID)))
        if request.honoursThrottle {
            reply.silence = .milliseconds(throttle)
        } else {
            reply.delay = .milliseconds(throttle)
        }
        return reply
    }

    /// Takes the silence that the next answer of a broker asks for, in milliseconds.
    mutating func takeThrottle(of broker: Int32) -> Int32 {
        takeFirst(of: \.throttles, at: broker) ?? 0
    }

    /// Takes the first of something that was ordered for a broker, or returns `nil`.
    mutating func takeFirst<Element>(
        of orders: WritableKeyPath<FakeBroker, [Element]>,
        at broker: Int32
    ) -> Element? {
        guard !brokers[Int(broker)][keyPath: orders].isEmpty else { return nil }
        return brokers[Int(broker)][keyPath: orders].removeFirst()
    }

    private func listedAPIs(of broker: Int32) -> [ApiVersionsResponse.API] {
        brokers[Int(broker)].profile.ranges.map { range in
            ApiVersionsResponse.API(
                key: range.key,
                minimum: range.versions.lowerBound,
                maximum: range.versions.upperBound
            )
        }
    }

    /// Whether a text matches `[a-zA-Z0-9]([a-zA-Z0-9\-.]*[a-zA-Z0-9])?`.
    private static func isValid(softwareName text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            let folded = byte | 0x20
            return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(folded)
        }
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy {
                isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            }
    }
}
