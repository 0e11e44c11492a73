/// A piece of memory to write to a socket: the same layout as `struct iovec`.
@unsafe package struct OutboundSegment {
    /// Where the bytes begin.
    package var base: UnsafeRawPointer?
    /// How many there are.
    package var count: Int
}
