import KafkaProducer
import KafkaProtocol

/// A request whose header was read, and where it came from.
struct FakeRequest {
    let frame: [UInt8]
    let api: APIKey
    let version: Int16
    let correlationID: Int32
    let broker: Int32
    let connection: FakeConnectionID
    let now: Instant

    /// What it is called when something is wrong with it.
    var name: String { "\(api.name) v\(version)" }

    /// Whether a client honours the silence that an answer of this version asks for (KIP-219).
    ///
    /// Where it does not, the broker keeps the silence itself by answering late.
    var honoursThrottle: Bool {
        switch api {
        case .produce, .metadata: version >= 6
        case .initProducerId: version >= 1
        case .apiVersions: version >= 2
        }
    }
}
