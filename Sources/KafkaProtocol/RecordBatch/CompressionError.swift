/// Bytes that are not what a codec makes of records of a size we accept.
package enum CompressionError: Error, Hashable, Sendable {
    /// The bytes are not the codec's, or were damaged.
    case damaged

    /// The bytes end before they should; not every codec can tell this from damage.
    case truncated

    /// There are bytes behind the end.
    case trailingBytes

    /// What is compressed is larger than the limit.
    case tooLarge(limit: Int)

    /// This build does not have the codec.
    case notBuiltIn(CompressionCodec)
}
