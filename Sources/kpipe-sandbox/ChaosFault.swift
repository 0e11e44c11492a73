/// A kind of thing that goes wrong under `--chaos`, as a seed switches it on or off.
enum ChaosFault: String, CaseIterable {
    /// The connection is reset before the request is looked at.
    case reset
    /// Half of a Produce request is read, and the connection is closed.
    case halfRequest = "half-request"
    /// The connection is closed before the request is looked at.
    case close
    /// The request is carried out, and the connection is closed or reset instead of an answer.
    case lostAnswer = "lost-answer"
    /// Half of the answer is sent, and the connection is closed.
    case halfAnswer = "half-answer"
    /// The answer comes in pieces, with time between them.
    case splitAnswer = "split-answer"
    /// The answer comes late.
    case delay
    /// The request is carried out, and nothing is sent on this connection any more.
    case silence
    /// The answer leaves the partition out.
    case omission
    /// The batch is refused with a code after which it is sent again.
    case refusal
    /// The batch is appended and answered with such a code.
    case appendedRefusal = "appended-refusal"
    /// The batch is refused for good, or with a code that nobody knows.
    case fatalRefusal = "fatal-refusal"
    /// The partition gets another leader.
    case leaderMove = "leader-move"
    /// The broker's metadata stays as it is for a while.
    case staleMetadata = "stale-metadata"
    /// The broker asks for silence.
    case throttle
    /// The broker is killed, with or without other leaders for its partitions, and revived.
    case outage
    /// The broker restarts at once, and knows only the last batch of each producer.
    case restart
    /// The partition forgets all producers.
    case stateLoss = "state-loss"

    /// In how many of a hundred seeds it is left out though the swarm has it: what it does makes
    /// some invariants hold for less.
    var omittedPercent: Int {
        switch self {
        case .stateLoss, .fatalRefusal: 60
        case .reset, .halfRequest, .close, .lostAnswer, .halfAnswer, .splitAnswer, .delay,
            .silence, .omission, .refusal, .appendedRefusal, .leaderMove, .staleMetadata,
            .throttle, .outage, .restart:
            0
        }
    }

    /// Whether it can happen to a request that carries no batch.
    var isOfAnyRequest: Bool {
        switch self {
        case .reset, .close, .lostAnswer, .halfAnswer, .splitAnswer, .delay: true
        case .halfRequest, .silence, .omission, .refusal, .appendedRefusal, .fatalRefusal,
            .leaderMove, .staleMetadata, .throttle, .outage, .restart, .stateLoss:
            false
        }
    }
}
