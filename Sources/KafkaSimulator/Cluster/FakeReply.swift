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

    /// Nothing at all.
    static let nothing = Self(action: .none)
}
