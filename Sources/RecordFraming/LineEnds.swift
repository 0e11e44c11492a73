/// Where some lines end that stand one behind the other in a window.
///
/// Lines are found so many at a time, since what is then done with them is a loop of its own that
/// can keep everything it needs in registers. It is a value on the stack: nothing is allocated.
package struct LineEnds: ~Copyable {
    /// How many there can be; more would leave the first level of the processor's cache.
    package static let capacity = 128

    private var storage = InlineArray<128, Int>(repeating: 0)

    /// How many there are.
    package private(set) var count = 0

    /// Creates one without any.
    package init() {}

    /// Whether there is none.
    package var isEmpty: Bool { count == 0 }

    /// Whether there can be no more.
    var isFull: Bool { count == Self.capacity }

    /// The index in the window of the delimiter of each line.
    package var indices: Span<Int> {
        @_lifetime(borrow self)
        borrowing get { storage.span.extracting(first: count) }
    }

    /// Forgets all but the first ones.
    package mutating func keep(first limit: Int) { count = min(count, limit) }

    mutating func append(_ end: Int) {
        storage[count] = end
        count += 1
    }
}
