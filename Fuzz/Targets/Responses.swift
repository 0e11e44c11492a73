import KafkaProtocol

/// The decoders of what brokers answer.
///
/// The first byte chooses the version, the rest is the body.
enum Responses {
    static func run(_ api: APIKey, _ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let version = api.versions.lowerBound + Int16(first) % Int16(api.versions.count)
        let body = bytes[1...]
        switch api {
        case .apiVersions: check(ApiVersionsResponse.self, version, body)
        case .metadata: check(MetadataResponse.self, version, body)
        case .produce: check(ProduceResponse.self, version, body)
        case .initProducerId: check(InitProducerIdResponse.self, version, body)
        }
    }

    /// What can be read can be written, and then reads the same.
    private static func check<Body: Response>(
        _ type: Body.Type,
        _ version: Int16,
        _ bytes: ArraySlice<UInt8>
    ) {
        var reader = ByteReader(Array(bytes))
        guard let body = try? Body.decode(&reader, version: version) else { return }
        require(reader.remaining == 0, "\(reader.remaining) bytes were not read")
        // This answer may have been read in another version's form.
        if let versions = body as? ApiVersionsResponse,
            versions.errorCode == .unsupportedVersion
        {
            return
        }
        let frame = body.encode(version: version, correlationID: 7)
        var again = ByteReader(frame, range: 4..<frame.count)
        do {
            let id = try ResponseHeader.read(api: Body.api, version: version, &again)
            require(id == 7, "correlation id \(id)")
            let same = try Body.decode(&again, version: version)
            require(same == body, "v\(version): \(body) became \(same)")
        } catch {
            fatalError("v\(version): \(body) does not read again: \(error)")
        }
    }
}

/// A response that can be read, and be written as a broker writes it.
private protocol Response: Equatable {
    static var api: APIKey { get }
    static func decode(_ reader: inout ByteReader, version: Int16) throws(WireError) -> Self
    func encode(version: Int16, correlationID: Int32) -> [UInt8]
}

extension ApiVersionsResponse: Response {
    static var api: APIKey { .apiVersions }
}

extension MetadataResponse: Response {
    static var api: APIKey { .metadata }
}

extension ProduceResponse: Response {
    static var api: APIKey { .produce }
}

extension InitProducerIdResponse: Response {
    static var api: APIKey { .initProducerId }
}
