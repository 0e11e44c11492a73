/// Where a record came from, in numbers that grow along the whole input.
///
/// The core does not know files: the event loop turns an ordinal and a position back into an
/// input's name, a record number and a byte offset.
package struct RecordOrigin: Hashable, Sendable {
    /// How many records were framed before it, over all inputs.
    package var ordinal: UInt64

    /// How many raw bytes of input stand before it, over all inputs.
    package var position: UInt64

    /// Its own raw bytes: prefix, key and delimiter included.
    package var size: Int

    /// Creates an origin.
    package init(ordinal: UInt64, position: UInt64, size: Int) {
        self.ordinal = ordinal
        self.position = position
        self.size = size
    }
}
