import EventLoop
import Glibc
import Testing

@MainActor
@Suite("An output stream", .timeLimit(.minutes(5)))
struct OutputStreamTests {
    private let loop: Loop

    init() throws {
        loop = try Loop()
        Signals.ignoreBrokenPipes()
    }

    private func stream(_ descriptor: Int32, isClosed: Bool = false) -> OutputStream {
        OutputStream(descriptor, isClosed: isClosed) { [loop] in loop.wake() }
    }

    @Test("writes what is appended, in order")
    func order() async {
        let pipe = Pipe()
        let stream = stream(pipe.writer)
        #expect(stream.isDrained)
        for index in 0..<100 { stream.append { $0.append(UInt8(index)) } }
        #expect(!stream.isDrained)
        await loop.turn(until: { stream.isDrained })
        #expect(pipe.read(upTo: 1000) == Array(0..<100))
        #expect(stream.failure == nil)
    }

    @Test("says that it has no room while a slow reader keeps it, and loses nothing")
    func slowReader() async {
        let pipe = Pipe()
        let stream = stream(pipe.writer)
        var written: [UInt8] = []
        // Until a pipe full, a request that waits and the gathered bytes are there.
        while stream.acceptsMore {
            let line = pattern(1000, from: written.count)
            stream.append { $0 += line }
            written += line
            await Task.yield()
        }
        #expect(written.count >= OutputStream.requestSize)
        #expect(written.count < 4 * OutputStream.requestSize)
        #expect(await pipe.collect(written.count) == written)
        await loop.turn(until: { stream.isDrained })
        #expect(stream.acceptsMore)
    }

    @Test("writes a few of the ring's bytes to a pipe at once, and what has no room off the loop")
    func piecesAtOnce() async throws {
        let pipe = Pipe()
        let stream = stream(pipe.writer)
        var ring = try InputRing(capacity: 65_536)
        _ = ring.reserve(upTo: 60_000)
        ring.commit(60_000)
        ring.consume(60_000)
        stream.write(ring.pieces([0..<3000, 3000..<4000]))
        #expect(stream.isDrained)
        #expect(stream.writtenCount == 1)
        #expect(await pipe.collect(4000).count == 4000)
        stream.write(ring.pieces([0..<60_000]))
        #expect(!stream.isDrained)
        await loop.turn(until: { stream.isDrained })
        // What is left of the pipe takes no more than a part of this.
        stream.write(ring.pieces([0..<4000]))
        stream.append { $0.append(1) }
        #expect(await pipe.collect(60_000 + 4000 + 1).count == 64_001)
        await loop.turn(until: { stream.isDrained })
        #expect(stream.failure == nil)
    }

    @Test("takes a line that is longer than its room")
    func longLine() async {
        let directory = TemporaryDirectory()
        let path = directory.file("output", [])
        let stream = stream(open(path, O_WRONLY))
        let line = pattern(500_000)
        stream.append { $0 += line }
        await loop.turn(until: { stream.isDrained })
        #expect(read(open(path, O_RDONLY), upTo: 600_000) == line)
        directory.remove(path)
    }

    @Test("fails when its reader is gone, and drops what comes after")
    func brokenPipe() async {
        let pipe = Pipe()
        pipe.closeReader()
        let stream = stream(pipe.writer)
        stream.append { $0.append(1) }
        stream.append { $0.append(2) }
        await loop.turn(until: { stream.failure != nil })
        #expect(stream.failure == .brokenPipe)
        #expect(stream.isDrained && !stream.acceptsMore)
        stream.append { $0.append(3) }
        #expect(stream.isDrained)
    }

    @Test("fails when the disk is full")
    func fullDisk() async {
        let stream = stream(open("/dev/full", O_WRONLY))
        stream.append { $0.append(1) }
        await loop.turn(until: { stream.isDrained })
        #expect(stream.failure?.name == "ENOSPC")
    }

    @Test("that was closed fails when there is something to write, and not before")
    func closed() {
        let stream = stream(1, isClosed: true)
        stream.append { _ in }
        #expect(stream.failure == nil && stream.acceptsMore)
        stream.append { $0.append(1) }
        #expect(stream.failure == .badDescriptor)
        #expect(stream.isDrained && !stream.acceptsMore)
    }

    @Test("waits where somebody has set O_NONBLOCK, and leaves that alone")
    func nonBlocking() async {
        let pipe = Pipe()
        #expect(fcntl(pipe.writer, F_SETFL, O_NONBLOCK) == 0)
        let flags = fcntl(pipe.writer, F_GETFL)
        let stream = stream(pipe.writer)
        let bytes = pattern(300_000)
        stream.append { $0 += bytes }
        #expect(await pipe.collect(bytes.count) == bytes)
        await loop.turn(until: { stream.isDrained })
        #expect(stream.failure == nil)
        #expect(fcntl(pipe.writer, F_GETFL) == flags)
    }

    @Test("writes pieces of a ring, more of them than the system takes at once")
    func pieces() async throws {
        var ring = try InputRing(capacity: 65_536)
        let window = ring.reserve(upTo: 20_000)
        pattern(20_000).withUnsafeBytes { window.bytes.copyMemory(from: $0) }
        ring.commit(20_000)
        ring.consume(20_000)
        let pipe = Pipe()
        let stream = stream(pipe.writer)
        // Every other five bytes, with an empty one in front of each.
        let ranges = (0..<2000).flatMap { index -> [Range<UInt64>] in
            let start = UInt64(index * 10)
            return [start..<start, start..<start + 5]
        }
        stream.write(ring.pieces(ranges))
        await loop.turn(until: { stream.isDrained })
        let expected = pattern(20_000).enumerated().filter { $0.offset % 10 < 5 }.map(\.element)
        #expect(pipe.read(upTo: 65_536) == expected)
        // Nothing at all is drained at once.
        stream.write(ring.pieces([]))
        #expect(stream.isDrained)
    }
}
