import EventLoop
import Glibc
import Testing

@Suite("An input ring", .timeLimit(.minutes(5)))
struct InputRingTests {
    private let capacity = 4096

    /// Does what a read of these bytes does.
    private func read(_ bytes: [UInt8], into ring: inout InputRing) {
        let window = ring.reserve(upTo: bytes.count)
        bytes.withUnsafeBytes { window.bytes.copyMemory(from: $0) }
        ring.commit(bytes.count)
    }

    private func readable(_ ring: borrowing InputRing) -> [UInt8] {
        ring.readable.withUnsafeBytes { Array($0) }
    }

    @Test("rounds its capacity up to whole pages")
    func rounding() throws {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        #expect(try InputRing(capacity: 1).capacity == page)
        #expect(try InputRing(capacity: page).capacity == page)
        #expect(try InputRing(capacity: page + 1).capacity == 2 * page)
    }

    @Test("gives back what was read, in one piece, from wherever in the memory it begins")
    func everyFront() throws {
        var ring = try InputRing(capacity: capacity)
        let bytes = pattern(capacity - 1)
        // The byte that stays retained keeps the ring from starting again at its front.
        read([0], into: &ring)
        ring.consume(1)
        for front in 1...2 * capacity {
            #expect(ring.writableCount == capacity - 1)
            read(bytes, into: &ring)
            #expect(ring.writableCount == 0)
            guard readable(ring) == bytes else {
                Issue.record("wrong bytes at \(front)")
                return
            }
            ring.consume(capacity - 1)
            ring.release(upTo: ring.consumed - 1)
            // On to the next front.
            read([1], into: &ring)
            ring.consume(1)
            ring.release(upTo: ring.consumed - 1)
        }
        #expect(ring.end == 1 + UInt64(2 * capacity * capacity))
    }

    @Test("holds the same bytes as an array after any mix of its operations", arguments: 1...8)
    func model(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        var ring = try InputRing(capacity: capacity)
        var all: [UInt8] = []
        for _ in 0..<3000 {
            switch random.next() % 4 {
            case 0 where ring.writableCount > 0:
                let limit = Int(random.next() % 1500) + 1
                let bytes = pattern(min(limit, ring.writableCount), from: Int(seed) + all.count)
                let count = Int(random.next() % UInt64(bytes.count + 1))
                let window = ring.reserve(upTo: limit)
                #expect(window.count == bytes.count)
                bytes.withUnsafeBytes { window.bytes.copyMemory(from: $0) }
                // What happens while a read is under way, and one that is cut short.
                ring.consume(Int(random.next() % UInt64(ring.readableCount + 1)))
                ring.release(upTo: ring.consumed)
                ring.commit(count)
                all += bytes.prefix(count)
            case 1:
                ring.consume(Int(random.next() % UInt64(ring.readableCount + 1)))
            case 2:
                let count = random.next() % UInt64(ring.retainedCount + 1)
                ring.release(upTo: ring.released + count)
            default:
                ring.consume(ring.readableCount - min(ring.readableCount, 40))
                ring.release(upTo: ring.consumed)
            }
            try #require(readable(ring) == Array(all[Int(ring.consumed)...]))
            try #require(ring.end == UInt64(all.count))
        }
    }

    @Test(
        "starts again at its front when all is released, behind an unfinished record, at a page",
        arguments: [1, 100, 1999, 4096]
    )
    func restart(unfinishedCount: Int) throws {
        var ring = try InputRing(capacity: 4 * capacity)
        read(pattern(unfinishedCount), into: &ring)
        var starts: Set<UnsafeMutableRawPointer> = []
        for _ in 0..<50 {
            let unfinished = readable(ring)
            let window = ring.reserve(upTo: 5000)
            let start = try #require(window.bytes.baseAddress)
            #expect(Int(bitPattern: start) % 4096 == 0)
            starts.insert(start)
            pattern(5000).withUnsafeBytes { window.bytes.copyMemory(from: $0) }
            ring.commit(5000)
            #expect(readable(ring) == unfinished + pattern(5000))
            let front = ring.readable.withUnsafeBytes { $0.baseAddress }
            #expect(front == UnsafeRawPointer(start - unfinishedCount))
            ring.consume(ring.readableCount - unfinishedCount)
            ring.release(upTo: ring.consumed)
        }
        #expect(starts.count == 1)
    }

    @Test("leaves everything in its place while a read is under way or bytes are retained")
    func noRestart() throws {
        var ring = try InputRing(capacity: 2 * capacity)
        read(pattern(1000), into: &ring)
        let window = ring.reserve(upTo: 10)
        let start = try #require(ring.readable.withUnsafeBytes { $0.baseAddress })
        ring.consume(1000)
        ring.release(upTo: 1000)
        window.bytes.copyMemory(from: UnsafeRawBufferPointer(start: start, count: 10))
        ring.commit(10)
        #expect(readable(ring) == pattern(10))
        ring.consume(5)
        read([7], into: &ring)
        #expect(ring.readable.withUnsafeBytes { $0.baseAddress } == start + 1005)
    }

    @Test(
        "takes no unfinished record along that runs over the seam",
        arguments: [1, 63, 64, 65, 1999]
    )
    func restartOverSeam(overSeam: Int) throws {
        var ring = try InputRing(capacity: capacity)
        read(pattern(capacity - 10), into: &ring)
        ring.consume(capacity - 2000)
        // A retained byte keeps the record in its place while more of it is read.
        ring.release(upTo: ring.consumed - 1)
        read(pattern(10 + overSeam, from: capacity - 10), into: &ring)
        ring.release(upTo: ring.consumed)
        let record = readable(ring)
        _ = ring.reserve(upTo: 1)
        #expect(readable(ring) == record)
    }

    @Test("hands out retained bytes as pieces, each contiguous over the seam too")
    func pieces() throws {
        var ring = try InputRing(capacity: capacity)
        read([0], into: &ring)
        ring.consume(1)
        read(pattern(4000, from: 1), into: &ring)
        ring.consume(4000)
        ring.release(upTo: 3999)
        read(pattern(1000, from: 4001), into: &ring)
        ring.consume(900)
        let pieces = ring.pieces([4000..<4200, 4200..<4200, 4300..<4901])
        #expect(pieces.byteCount == 801)
        #expect(
            pieces.buffers.map { Array($0) } == [
                pattern(200, from: 4000), [], pattern(601, from: 4300),
            ]
        )
    }

    @Test("refuses a second read while one is under way")
    func secondReservation() async {
        await #expect(processExitsWith: .failure) {
            var ring = try InputRing(capacity: 1)
            _ = ring.reserve(upTo: 1)
            _ = ring.reserve(upTo: 1)
        }
    }

    @Test("refuses to release what was not consumed")
    func earlyRelease() async {
        await #expect(processExitsWith: .failure) {
            var ring = try InputRing(capacity: 1)
            _ = ring.reserve(upTo: 1)
            ring.commit(1)
            ring.release(upTo: 1)
        }
    }
}

/// A small generator with a seed, so that a failing run can be repeated.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
