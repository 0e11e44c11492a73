internal import KafkaProtocol

/// One connection to a broker: its state, what is to be written, what is awaited.
///
///     closed ──connect──▶ connecting ──▶ negotiating ──▶ ready
///       ▲                     │               │             │
///       └─────── failure, time-out, idle: didClose ─────────┘
struct Connection {
    enum State: Equatable {
        /// Not connected.
        case closed
        /// The event loop was asked to connect.
        case connecting(deadline: Instant)
        /// ApiVersions is under way; nothing else is sent before its answer.
        case negotiating
        /// Requests can be sent.
        case ready
    }

    var address: BrokerAddress
    /// The broker it belongs to, as an index, or `nil` for the bootstrap connection.
    var broker: Int?
    var generation: UInt32 = 0
    var state = State.closed
    /// When it may be connected again after failures, or `nil` for at once.
    var retryAt: Instant?
    /// Failures in a row.
    var failureCount = 0
    /// Connects in a row that took too long.
    var slowConnectCount = 0

    /// The versions the broker speaks, by API key.
    var versions = ApiVersionsResponse(errorCode: .none, apis: [])
    /// The version of ApiVersions to ask with.
    var negotiationVersion: Int16 = APIKey.apiVersions.versions.upperBound

    /// Requests that were queued and are not answered, in order.
    var inFlight: [InFlightRequest] = []
    /// Bytes to write, in order.
    var outbound = OutboundQueue()
    /// Bytes that were read and do not yet make a whole response.
    var received: [UInt8] = []
    /// Until when the broker asked us to send nothing (KIP-219), or `nil`.
    var throttledUntil: Instant?
    /// When something was last sent or received.
    var lastActivity = Instant(nanoseconds: 0)
    var nextCorrelationID: Int32 = 1

    init(address: BrokerAddress, broker: Int?) {
        self.address = address
        self.broker = broker
    }

    var isReady: Bool { state == .ready }

    /// Whether it is on its way to be ready.
    var isBeingMade: Bool {
        switch state {
        case .connecting, .negotiating: true
        case .closed, .ready: false
        }
    }

    /// The version to use with the broker, or `nil` if there is none that both speak.
    func version(of api: APIKey) -> Int16? { versions.highestVersion(of: api) }
}
