/// What a failure means for the run; the command turns it into an exit status.
package enum FailureClass: Sendable {
    /// The record was refused for what it is.
    case recordRefused
    /// Brokers or the topic could not be had in time.
    case unavailable
    /// Whether the record was written cannot be known, or it was given up.
    case indefinite
    /// The broker broke the protocol or lost acknowledged records.
    case protocolBroken
    /// Authentication or authorization was refused.
    case denied
    /// The broker does not accept what it was configured or asked to do.
    case misconfigured
    /// The topic's name is not one that can be produced to.
    case usage
    /// The broker says that we sent nonsense.
    case bug
}
