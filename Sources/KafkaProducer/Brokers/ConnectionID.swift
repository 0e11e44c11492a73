/// Names a connection, and which of its lives: a late fact about an earlier one is passed over.
package struct ConnectionID: Hashable, Sendable {
    /// The connection's place in the producer's table.
    package let index: Int

    /// How often this place had been connected before.
    package let generation: UInt32

    /// Creates a name.
    package init(index: Int, generation: UInt32) {
        self.index = index
        self.generation = generation
    }
}
