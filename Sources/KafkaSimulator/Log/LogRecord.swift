/// A record as it stands in a partition's log.
package struct LogRecord: Hashable, Sendable {
    /// A header of a record.
    package struct Header: Hashable, Sendable {
        /// The name, UTF-8.
        package var key: [UInt8]
        /// The value, or `nil` if it is null.
        package var value: [UInt8]?

        /// Creates a header.
        package init(key: [UInt8], value: [UInt8]?) {
            self.key = key
            self.value = value
        }
    }

    /// The record's place in its partition.
    package var offset: Int64
    /// The time the producer gave it, in milliseconds since 1970.
    package var timestamp: Int64
    /// The key, or `nil` if it is null; also `nil` where the log keeps no payloads.
    package var key: [UInt8]?
    /// The value, or `nil` if it is null; also `nil` where the log keeps no payloads.
    package var value: [UInt8]?
    /// The headers, in order; empty where the log keeps no payloads.
    package var headers: [Header]
    /// The producer id, or -1 if the producer was not idempotent.
    package var producerID: Int64
    /// The producer's epoch, or -1 if the producer was not idempotent.
    package var producerEpoch: Int16
    /// The record's sequence number, or -1 if the producer was not idempotent.
    package var sequence: Int32
}
