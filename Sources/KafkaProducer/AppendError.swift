/// Why ``Producer/append(topic:key:value:origin:timestamp:now:)`` refuses a record.
package enum AppendError: Error, Equatable {
    /// A batch of this record alone, uncompressed, is larger than `max.request.size`.
    case recordTooLarge(byteCount: Int, limit: Int)

    /// The partition that was asked for is not one of the topic's.
    case noSuchPartition(Int32, partitionCount: Int)

    /// The topic cannot be produced to; the failure says why.
    case topicFailed(Failure)
}
