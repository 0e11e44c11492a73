import KafkaProtocol

/// A broker of the cluster: its address and its present condition.
package struct FakeBroker: Sendable {
    /// The node id, from 0.
    package let id: Int32
    /// Where clients reach it, as metadata says.
    package internal(set) var host: String
    /// Where clients reach it, as metadata says.
    package internal(set) var port: Int32
    /// The versions it speaks.
    package internal(set) var profile: BrokerProfile
    /// Whether it takes connections.
    package internal(set) var isAvailable = true
    /// How long it waits before each answer.
    package internal(set) var latency: Duration = .zero

    /// How many milliseconds of silence its next answers ask for, one element an answer.
    var throttles: [Int32] = []
    /// The codes that answer its next InitProducerId requests.
    var initProducerIDFaults: [ErrorCode] = []
    /// The codes that stand over its next Metadata answers (v13+).
    var metadataFaults: [ErrorCode] = []
    /// The topics as they were when its metadata became stale, or `nil` while it is up to date.
    var frozenTopics: [MetadataResponse.Topic]?

    /// Creates a broker in good condition.
    init(id: Int32, endpoint: FakeClusterConfiguration.Endpoint, profile: BrokerProfile) {
        self.id = id
        host = endpoint.host
        port = endpoint.port
        self.profile = profile
    }
}
