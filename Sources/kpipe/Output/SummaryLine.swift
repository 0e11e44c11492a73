/// The account of a run.
nonisolated package struct SummaryLine: Equatable, Sendable {
    /// Records that were read, skipped ones too.
    package var read: UInt64

    /// Records the brokers have.
    package var acked: UInt64

    /// Records they certainly have not.
    package var failed: UInt64

    /// Records they may have.
    package var unknown: UInt64

    /// Records that were left out as asked.
    package var skipped: UInt64

    /// Raw bytes of the records that were read.
    package var bytes: UInt64

    /// How long the run took.
    package var duration: Duration

    /// The first record neither acknowledged nor skipped, else the first byte not read as a
    /// record, or `nil` when everything was acknowledged.
    package var firstUnacked: InputPosition?

    /// Whether acknowledgements come from the socket and not from a broker (`acks=0`).
    package var isUnconfirmed: Bool

    /// Creates a summary.
    package init(
        read: UInt64,
        acked: UInt64,
        failed: UInt64,
        unknown: UInt64,
        skipped: UInt64,
        bytes: UInt64,
        duration: Duration,
        firstUnacked: InputPosition?,
        isUnconfirmed: Bool
    ) {
        self.read = read
        self.acked = acked
        self.failed = failed
        self.unknown = unknown
        self.skipped = skipped
        self.bytes = bytes
        self.duration = duration
        self.firstUnacked = firstUnacked
        self.isUnconfirmed = isUnconfirmed
    }
}
