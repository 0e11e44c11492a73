/// What a broker does about a request.
package struct FakeReply: Hashable, Sendable {
    /// The bytes, or what happens instead.
    package enum Action: Hashable, Sendable {
        /// Nothing is sent: the request wants no answer, or the answer was lost.
        case none
        /// A whole answer, with its size in front.
        case response([UInt8])
        /// The connection is closed, for this reason.
        case close(reason: String)
    }

    /// A leader that an answer names.
    package struct NamedLeader: Hashable, Sendable {
        /// The topic's place in ``FakeCluster/topics``.
        package var topic: Int
        /// The partition's index.
        package var partition: Int32
        /// The broker, or -1 if there is none.
        package var broker: Int32
        /// How often the leader changed, or -1 where the answer does not say.
        package var epoch: Int32
    }

    /// What is sent.
    package var action: Action
    /// How long the broker waits before it acts.
    ///
    /// Answers of one connection keep the order of their requests: one that waits holds back
    /// those behind it.
    package var delay: Duration = .zero
    /// How long the client has to be silent on this connection after it read the answer (KIP-219),
    /// or zero if it need not or its version does not ask for it.
    package var silence: Duration = .zero

    /// The leaders that the answer names, if the configuration says that they are reported.
    package var leaders: [NamedLeader] = []

    /// Nothing at all.
    static let nothing = Self(action: .none)
}
