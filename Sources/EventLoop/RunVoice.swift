package import KafkaProducer

/// Turns what happens into the bytes of standard error; the words are the command's.
package struct RunVoice {
    /// A record that failed, as its line names it.
    package struct FailedRecordLine {
        /// Which record it is.
        package var position: RecordPlace
        /// All its raw bytes, prefixes and delimiter included.
        package var size: Int
        /// The topic it was meant for.
        package var topic: String
        /// Its partition, or `nil` if none was chosen yet.
        package var partition: Int32?
        /// Why it failed.
        package var failure: Failure
        /// Whether it may be in the log.
        package var outcome: Outcome
        /// How many requests carried it.
        package var attempts: Int32
    }

    /// Appends the line of a failed record with its key and value, `nil` for null.
    package var recordFailed:
        (FailedRecordLine, _ key: Span<UInt8>?, _ value: Span<UInt8>?, inout [UInt8]) -> Void
    /// Appends a notice.
    package var notice: (Notice, inout [UInt8]) -> Void
    /// Appends the line of an input that cannot be read to its end.
    package var inputFailed: (_ input: Int, InputSource.Failure, inout [UInt8]) -> Void
    /// Appends the line of an input that is refused, since it is compressed with this codec.
    package var inputRefused: (_ input: Int, _ codec: String, inout [UInt8]) -> Void
    /// Appends the line of an output that cannot be written.
    package var outputFailed: (_ descriptor: Int32, Errno?, inout [UInt8]) -> Void
    /// Appends the line of an end that came before the end of the input.
    package var stopped: (Failure, inout [UInt8]) -> Void
    /// Appends the summary, if it is wanted.
    package var summary: (RunSummary, inout [UInt8]) -> Void

    /// Gives each occasion its words.
    package init(
        recordFailed:
            @escaping (
                FailedRecordLine, Span<UInt8>?, Span<UInt8>?, inout [UInt8]
            ) -> Void,
        notice: @escaping (Notice, inout [UInt8]) -> Void,
        inputFailed: @escaping (Int, InputSource.Failure, inout [UInt8]) -> Void,
        inputRefused: @escaping (Int, String, inout [UInt8]) -> Void,
        outputFailed: @escaping (Int32, Errno?, inout [UInt8]) -> Void,
        stopped: @escaping (Failure, inout [UInt8]) -> Void,
        summary: @escaping (RunSummary, inout [UInt8]) -> Void
    ) {
        self.recordFailed = recordFailed
        self.notice = notice
        self.inputFailed = inputFailed
        self.inputRefused = inputRefused
        self.outputFailed = outputFailed
        self.stopped = stopped
        self.summary = summary
    }
}

/// What a run has come to, at its end or so far.
package nonisolated struct RunSummary: Sendable {
    /// Records that were framed, skipped ones included.
    package var readCount: UInt64 = 0
    /// Records that were acknowledged.
    package var ackedCount: UInt64 = 0
    /// Records that are certainly not in the log.
    package var failedCount: UInt64 = 0
    /// Records that may be in the log.
    package var unknownCount: UInt64 = 0
    /// Records that were left out as asked.
    package var skippedCount: UInt64 = 0
    /// Raw bytes of the records that were framed.
    package var byteCount: UInt64 = 0
    /// How long the run has taken.
    package var elapsed: Duration = .zero
    /// The first record neither acknowledged nor skipped, or the first byte not read as a record;
    /// `nil` when everything was.
    package var firstUnacked: RecordPlace?
    /// Whether the run goes on.
    package var isFinal = false

    /// What ended records, or the run, unsuccessfully.
    package var failureClasses: [FailureClass] = []
    /// Whether an input could not be opened.
    package var openFailed = false
    /// Whether reading an input, or writing an output, failed.
    package var transferFailed = false
    /// The signal that ended the reading, or `nil`.
    package var signal: Int32?
    /// Whether the whole input was read, or as much of it as was asked for.
    package var readEverything = false
}
