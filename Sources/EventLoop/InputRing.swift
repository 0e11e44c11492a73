/// The bytes that were read and are not done with: a ring in which any window is contiguous.
///
/// Positions count the bytes of the whole run, over all inputs, and only grow:
///
///     positions:   0 .......| retained | readable |  writable  |
///                           ^ released ^ consumed ^ end        ^ released + capacity
///
/// Reading moves ``end``, the pump moves ``consumed`` behind each record, and whoever still needs
/// a record's bytes (`-T` writes them out after the acknowledgement) holds back ``released``.
///
/// Its contract: ``reserve(upTo:)`` and ``commit(_:)`` come in pairs, one pair at a time, and what
/// was taken as ``pieces(_:)`` is released after it was written. The memory itself is kept by
/// windows and pieces too, so no misuse reaches memory that is not ours.
@safe
package nonisolated struct InputRing: ~Copyable {
    /// What is moved at most to bring the ring back to its front, in bytes; see `restart()`.
    ///
    /// The capacity is no less.
    private static let page = 4096

    private let memory: MirroredMemory

    /// Below this position nothing is needed any more.
    package private(set) var released: UInt64 = 0

    /// The position of the first byte that is not part of a finished record.
    package private(set) var consumed: UInt64 = 0

    /// The position behind the last byte that was read.
    package private(set) var end: UInt64 = 0

    /// Where in the memory `released` lies, below the capacity.
    private var front = 0

    /// How many bytes behind `end` a read under way may write, or `nil` if none is.
    private var reservedCount: Int?

    /// Creates a ring of at least this many bytes, rounded up to whole pages.
    ///
    /// - Throws: What the system said: it has no address space, descriptor or memory for it.
    package init(capacity: Int) throws(Errno) {
        memory = try MirroredMemory(capacity: capacity)
    }

    /// How many bytes the ring holds at most.
    package var capacity: Int { memory.capacity }

    /// How many bytes can be read into it now.
    package var writableCount: Int { capacity - Int(end - released) }

    /// How many bytes wait to be consumed.
    package var readableCount: Int { Int(end - consumed) }

    /// How many bytes were consumed and are not released.
    package var retainedCount: Int { Int(consumed - released) }

    // MARK: A byte's way: read, consumed, released

    /// Sets free bytes, of which there must be one, apart for a read.
    package mutating func reserve(upTo limit: Int) -> Window {
        precondition(reservedCount == nil, "One read is under way at a time.")
        precondition(limit > 0 && writableCount > 0)
        restart()
        let count = min(limit, writableCount)
        reservedCount = count
        return Window(memory: memory, index: index(of: end), count: count)
    }

    /// Takes what a read wrote at the front of the window that was reserved for it.
    package mutating func commit(_ count: Int) {
        guard let limit = reservedCount else { preconditionFailure("Nothing was reserved.") }
        precondition(count >= 0 && count <= limit)
        reservedCount = nil
        end += UInt64(count)
    }

    /// The bytes that wait to be consumed.
    package var readable: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            let window = unsafe memory.window(at: index(of: consumed), count: readableCount)
            return unsafe _overrideLifetime(window.bindMemory(to: UInt8.self).span, borrowing: self)
        }
    }

    /// Passes over bytes at the front of ``readable``; they stay in the ring until released.
    package mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= readableCount)
        consumed += UInt64(count)
    }

    /// Gives back every byte below a position, which is at most ``consumed``.
    package mutating func release(upTo position: UInt64) {
        precondition(position >= released && position <= consumed)
        front = index(of: position)
        released = position
    }

    /// Consumed bytes that were not released, to be written out from where they are.
    package func pieces(_ ranges: [Range<UInt64>]) -> Pieces {
        Pieces(
            memory: memory,
            windows: ranges.map { range in
                precondition(range.lowerBound >= released && range.upperBound <= consumed)
                return (index: index(of: range.lowerBound), count: range.count)
            }
        )
    }

    /// Where in the memory a position lies, below the capacity.
    private func index(of position: UInt64) -> Int {
        assert(position >= released && position <= released + UInt64(capacity))
        let index = front + Int(position - released)
        return index < capacity ? index : index - capacity
    }

    /// Goes on at the front of the memory where that is cheap, so that a small working set stays
    /// in the processor's cache instead of travelling through the whole ring.
    ///
    /// Only what nobody else can be looking at is moved: an unfinished record, no read under way.
    /// It ends where a page does, so that the read begins at one: AMD's processors copy four to ten
    /// times as slowly out of the page cache to where a page began up to 31 bytes before.
    private mutating func restart() {
        let count = readableCount
        let isAloneInMemory = released == consumed && reservedCount == nil
        // What runs over the seam begins at the front already, and would overwrite itself.
        guard isAloneInMemory, count <= Self.page, front + count <= capacity else { return }
        let start = count == 0 ? 0 : Self.page - count
        guard front != start else { return }
        if count > 0 {
            unsafe memory.window(at: start, count: count).copyMemory(
                from: UnsafeRawBufferPointer(memory.window(at: front, count: count))
            )
        }
        front = start
    }
}

extension InputRing {
    /// A part of the ring that one read may fill; it may be used on another thread.
    @safe
    package nonisolated struct Window: @unchecked Sendable {
        // Unchecked because the ring hands the bytes to nobody else until they are committed.

        fileprivate let memory: MirroredMemory
        fileprivate let index: Int

        /// How many bytes the read may write.
        package let count: Int

        /// The memory to write to, from its front.
        @unsafe package var bytes: UnsafeMutableRawBufferPointer {
            unsafe memory.window(at: index, count: count)
        }
    }

    /// Parts of the ring that may be written out on another thread.
    @safe
    package nonisolated struct Pieces: @unchecked Sendable {
        // Unchecked because bytes that were read do not change until they are released.

        fileprivate let memory: MirroredMemory
        fileprivate let windows: [(index: Int, count: Int)]

        /// How many bytes the pieces have in all.
        package var byteCount: Int { windows.reduce(0) { $0 + $1.count } }

        /// The memory of each piece, in order.
        @unsafe package var buffers: [UnsafeRawBufferPointer] {
            unsafe windows.map {
                unsafe UnsafeRawBufferPointer(memory.window(at: $0.index, count: $0.count))
            }
        }
    }
}
