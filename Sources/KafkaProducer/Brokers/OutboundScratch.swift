/// The bytes of requests that are not records, one buffer a connection.
///
/// Request headers have to stay where they are until the kernel has taken them, while the batches
/// they go around stay in their chunks. A buffer only grows while its connection has something to
/// write, and starts over when it has not; pieces name offsets, so growing may move it.
///
/// Invariant: `counts[i] <= capacities[i]`, the size of the allocation at `buffers[i]`.
@safe
struct OutboundScratch: ~Copyable {
    /// The most segments one write gets; more would not make the copy into the kernel any cheaper.
    static let segmentLimit = 64

    private var buffers: [UnsafeMutableRawPointer] = unsafe []
    private var capacities: [Int] = []
    private var counts: [Int] = []
    private let segments: UnsafeMutablePointer<OutboundSegment>

    init() { unsafe segments = .allocate(capacity: Self.segmentLimit) }

    deinit {
        unsafe buffers.forEach { unsafe $0.deallocate() }
        unsafe segments.deallocate()
    }

    /// Keeps bytes for a connection.
    ///
    /// - Returns: Where they begin in the connection's scratch.
    mutating func append(_ bytes: [UInt8], for connection: Int) -> Int {
        while capacities.count <= connection {
            unsafe buffers.append(.allocate(byteCount: 1024, alignment: 16))
            capacities.append(1024)
            counts.append(0)
        }
        let start = counts[connection]
        let needed = start + bytes.count
        if needed > capacities[connection] {
            let larger = max(needed, capacities[connection] * 2)
            let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
            unsafe moved.copyMemory(from: buffers[connection], byteCount: start)
            unsafe buffers[connection].deallocate()
            unsafe buffers[connection] = moved
            capacities[connection] = larger
        }
        unsafe bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress else { return }
            unsafe (buffers[connection] + start).copyMemory(from: from, byteCount: source.count)
        }
        counts[connection] = needed
        return start
    }

    /// Forgets a connection's bytes: all are written, or the connection is gone.
    mutating func removeAll(for connection: Int) {
        guard connection < counts.count else { return }
        counts[connection] = 0
    }

    /// Gives the first pieces of a queue as memory segments.
    func withSegments<Result>(
        of queue: OutboundQueue,
        for connection: Int,
        in memory: borrowing BatchMemory,
        _ body: (UnsafeBufferPointer<OutboundSegment>) -> Result
    ) -> Result {
        var count = 0
        for piece in queue.remaining.prefix(Self.segmentLimit) {
            let start =
                unsafe piece.isScratch
                ? UnsafeRawPointer(buffers[connection]) : UnsafeRawPointer(memory.base)
            unsafe segments[count] = OutboundSegment(base: start + piece.offset, count: piece.count)
            count += 1
        }
        return unsafe body(UnsafeBufferPointer(start: segments, count: count))
    }
}
