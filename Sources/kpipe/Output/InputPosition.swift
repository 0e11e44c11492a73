/// A place in the inputs.
nonisolated package struct InputPosition: Equatable, Sendable {
    /// The name of the input, as raw bytes; `-` is standard input.
    package var input: [UInt8]

    /// The number of the record in its input, from 1.
    package var record: UInt64

    /// The offset of its first raw byte in its input.
    package var offset: UInt64

    /// Creates a position.
    package init(input: [UInt8], record: UInt64, offset: UInt64) {
        self.input = input
        self.record = record
        self.offset = offset
    }
}
