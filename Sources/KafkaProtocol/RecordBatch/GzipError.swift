/// Bytes that are not one gzip member of a size we accept.
package enum GzipError: Error, Hashable, Sendable {
    /// The bytes are not gzip, or were damaged.
    case notGzip

    /// The bytes end before the member does.
    case truncated

    /// There are bytes behind the member.
    case trailingBytes

    /// What is compressed is larger than the limit.
    case tooLarge(limit: Int)
}
