/// Where some lines end that stand one behind the other in a window.
///
/// Lines are found so many at a time, since what is then done with them is a loop of its own that
/// can keep everything it needs in registers.
///
/// Its memory is its own and not a part of it: on the stack it would be copied, and 1.5 KB are in
/// no cache when a line comes after a while. Who walks along windows keeps one.
package struct LineEnds {
    /// How many there can be; more would leave the first level of the processor's cache.
    package static let capacity = 128

    /// The search notes as many as a block of bytes has, of which some may then be too many.
    private var storage = [Int](repeating: 0, count: 192)

    /// How many there are.
    package private(set) var count = 0

    /// Creates one without any.
    package init() {}

    /// Whether there is none.
    package var isEmpty: Bool { count == 0 }

    /// The index in the window of the delimiter of each line.
    package var indices: Span<Int> {
        @_lifetime(borrow self)
        get { storage.span.extracting(first: count) }
    }

    /// Forgets all but the first ones.
    package mutating func keep(first limit: Int) { count = min(count, limit) }

    /// Forgets the lines from the first one on that is longer than `limit`, if the first of all
    /// begins at `start`.
    mutating func keep(notLongerThan limit: Int, from start: Int) {
        var lineStart = start
        for place in 0..<count {
            guard storage[place] - lineStart <= limit else { return keep(first: place) }
            lineStart = storage[place] + 1
        }
    }

    mutating func append(_ end: Int) {
        storage[count] = end
        count += 1
    }

    /// Where the search writes, from ``count`` on.
    var places: MutableSpan<Int> {
        @_lifetime(&self)
        mutating get { storage.mutableSpan }
    }

    /// Takes what the search wrote.
    mutating func didFind(_ found: Int) { count = min(count + found, Self.capacity) }
}
