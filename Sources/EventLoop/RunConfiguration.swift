package import KafkaProducer
package import RecordFraming
package import RecordIntake
package import RecordRules

/// Everything a run is told before it begins.
package nonisolated struct RunConfiguration: Sendable {
    /// What the producer is told.
    package var producer: ProducerConfiguration
    /// The topic that records go to.
    package var topic: String
    /// What to read, in this order.
    package var inputs: [InputSource.Location]
    /// How inputs are cut into records.
    package var framing: FramingConfiguration
    /// Whether the limit of a record's size is one of its own, not what `max.request.size` leaves.
    package var maxRecordWasSet = false
    /// The key of records for which no other is found, or `nil` (`-k`).
    package var fixedKey: [UInt8]?
    /// Rules that find a key in the value; the first that matches counts (`--key`).
    package var keyRules: [Rule] = []
    /// What a record without a key becomes, or `nil` where that is no question.
    package var keyMissing: KeyMissing?
    /// How many records to offer before the run ends, or `nil` for all (`-c`).
    package var recordLimit: UInt64?
    /// Whether acknowledged records are copied to standard output (`-T`).
    package var tee = false
    /// How long acknowledgements, and a reader of standard output, are waited for at the end.
    package var drainTimeout: Duration = .seconds(30)
    /// Whether it is said what is done (`-v`).
    package var isVerbose = false
    /// Where the producer's random choices come from.
    package var seed: UInt64 = 0

    /// Creates the configuration of a run with everything else as it is by default.
    package init(
        producer: ProducerConfiguration,
        topic: String,
        inputs: [InputSource.Location],
        framing: FramingConfiguration
    ) {
        self.producer = producer
        self.topic = topic
        self.inputs = inputs
        self.framing = framing
    }

    /// What becomes of a record between its bytes and a batch.
    package var intake: IntakeSettings {
        var settings = IntakeSettings(framing: framing)
        settings.fixedKey = fixedKey
        settings.keyRules = keyRules
        settings.keyMissing = keyMissing
        settings.maxRequestSize = maxRecordWasSet ? nil : producer.maxRequestSize
        settings.recordLimit = recordLimit
        settings.keepsLeftOutRanges = tee
        return settings
    }

    /// Whether inputs are looked at for a codec's magic bytes: where they are lines.
    var recognisesCompression: Bool { framing.framing == .delimited(.newline) }

    /// The bytes of input that are held at most: a record of the largest size, and a read behind
    /// it; with `-T` also what waits for its acknowledgement, so half of `buffer.memory`.
    var ringSize: Int {
        let least = framing.windowSize + (1 << 20)
        return tee ? max(least, producer.bufferMemory / 2) : least
    }

    /// What `buffer.memory` leaves for batches.
    var batchMemory: Int {
        max(producer.bufferMemory - ringSize, producer.bufferMemory / 2)
    }
}
