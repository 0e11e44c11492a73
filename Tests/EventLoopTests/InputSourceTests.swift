import EventLoop
import Glibc
import Testing

@MainActor
@Suite("An input", .timeLimit(.minutes(5)))
struct InputSourceTests {
    // MARK: Files in memory

    @Test("of a file is read at once as far as the file is in memory")
    func fileInMemory() async throws {
        let path = "/dev/shm/kpipe-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let bytes = pattern(100_000)
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
        write(descriptor, bytes)
        let reading = try Reading(.path(Array(path.utf8)))
        await reading.loop.turn(until: { reading.source.state == .ready })
        // Without a turn in between, so nothing can have come from another thread.
        while reading.readOnce() { reading.take() }
        #expect(reading.bytes == bytes)
        #expect(reading.source.state == .ended)
        close(descriptor)
        unlink(path)
    }

    // MARK: Pipes

    @Test("of a pipe loses nothing that was written before a hang-up")
    func hangUp() async throws {
        let pipe = Pipe()
        let bytes = pattern(60_000)
        pipe.write(bytes)
        pipe.closeWriter()
        let reading = try Reading(.inherited(pipe.reader), capacity: 4096)
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == bytes)
    }

    @Test("of a pipe gets what comes while it waits")
    func trickle() async throws {
        let pipe = Pipe()
        let reading = try Reading(.inherited(pipe.reader))
        for round in 1...5 {
            pipe.write(pattern(10))
            await reading.read(count: 10 * round)
        }
        #expect(reading.source.state == .waiting)
        pipe.closeWriter()
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == (0..<5).flatMap { _ in pattern(10) })
    }

    @Test("leaves the flags of an inherited pipe alone, does not close it, and enlarges it")
    func inheritedPipe() async throws {
        let pipe = Pipe()
        let flags = fcntl(pipe.reader, F_GETFL)
        let reading = try Reading(.inherited(pipe.reader))
        pipe.write([1])
        await reading.read(count: 1)
        #expect(fcntl(pipe.reader, F_GETFL) == flags)
        // F_GETPIPE_SZ; a machine whose users have used up their share gives less.
        #expect(fcntl(pipe.reader, 1032) >= 262_144)
        reading.source.stop()
        #expect(fcntl(pipe.reader, F_GETFL) == flags)
        pipe.write([2])
        #expect(pipe.read(upTo: 1) == [2])
    }

    @Test("of a pipe is idle when a look after the last read found nothing")
    func idle() async throws {
        let loop = try Loop()
        let pipe = Pipe()
        let reading = try Reading(.inherited(pipe.reader), loop: loop)
        #expect(!reading.source.isIdle)  // It is being opened.
        await loop.turn(until: { reading.source.isIdle })
        pipe.write([1, 2])
        #expect(reading.source.isIdle)  // Nobody has looked yet.
        loop.poller.poll()
        #expect(!reading.source.isIdle)
        #expect(reading.source.state == .ready)
        #expect(reading.readOnce())
        #expect(!reading.source.isIdle)  // There may be more.
        loop.poller.poll()
        #expect(reading.source.isIdle)
        reading.source.stop()
        #expect(!reading.source.isIdle)
        #expect(reading.source.state == .ended)
    }

    @Test("of a pipe is not waited for while the ring is full, and goes on after that")
    func fullRing() async throws {
        let loop = try Loop()
        let pipe = Pipe()
        let reading = try Reading(.inherited(pipe.reader), capacity: 4096, loop: loop)
        let bytes = pattern(10_000)
        pipe.write(bytes)
        pipe.closeWriter()
        await loop.turn(until: {
            reading.readOnce()
            return reading.ring.writableCount == 0
        })
        #expect(!reading.readOnce())
        loop.poller.poll()
        #expect(reading.source.state == .waiting)
        #expect(!reading.source.isIdle)
        reading.take()
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == bytes)
    }

    @Test("survives another reader that was quicker")
    func otherReader() async throws {
        let loop = try Loop()
        let pipe = Pipe()
        let reading = try Reading(.inherited(pipe.reader), loop: loop)
        await loop.turn(until: { reading.source.isIdle })
        pipe.write([1])
        loop.poller.poll()
        #expect(reading.source.state == .ready)
        #expect(pipe.read(upTo: 1) == [1])
        #expect(!reading.readOnce())  // It would wait here for ever.
        #expect(reading.source.state == .waiting)
        pipe.write([2])
        await reading.read(count: 1)
        #expect(reading.bytes == [2])
        reading.source.stop()
    }

    @Test("of a socket ends when the other side does")
    func socket() async throws {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let reading = try Reading(.inherited(ends[0]))
        write(ends[1], [1, 2, 3])
        await reading.read(count: 3)
        close(ends[1])
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == [1, 2, 3])
    }

    @Test("of a terminal gets its lines, and ends at control-D")
    func terminal() async throws {
        // What posix_openpt, unlockpt and ptsname do, which the Glibc module does not have.
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var locked: Int32 = 0
        var number: Int32 = -1
        try #require(ioctl(master, 0x4004_5431, &locked) == 0)  // TIOCSPTLCK
        try #require(ioctl(master, 0x8004_5430, &number) == 0)  // TIOCGPTN
        let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        let reading = try Reading(.inherited(terminal))
        let lines = Array("one\ntwo\n".utf8)
        write(master, lines)
        await reading.read(count: lines.count)
        write(master, [4])
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == lines)
        close(terminal)
        close(master)
    }

    // MARK: FIFOs

    @Test("of a FIFO waits for its first writer, and ends with its last")
    func fifo() async throws {
        let directory = TemporaryDirectory()
        let path = directory.fifo("fifo")
        let loop = try Loop()
        let reading = try Reading(.path(Array(path.utf8)), loop: loop)
        await loop.turn(until: {
            reading.readOnce()
            return reading.source.isIdle
        })
        #expect(reading.source.state == .waiting)
        let writer = open(path, O_WRONLY)
        write(writer, [1, 2])
        await reading.read(count: 2)
        #expect(reading.source.state == .waiting)
        close(writer)
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == [1, 2])
        directory.remove(path)
    }

    @Test("of a FIFO whose writer writes nothing is empty")
    func emptyFifo() async throws {
        let directory = TemporaryDirectory()
        let path = directory.fifo("fifo")
        let loop = try Loop()
        let reading = try Reading(.path(Array(path.utf8)), loop: loop)
        await loop.turn(until: { reading.source.isIdle })
        close(open(path, O_WRONLY))
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == [])
        directory.remove(path)
    }

    // MARK: Files

    @Test(
        "of a file gets all of it, through a small ring as through a large one",
        arguments: [4096, 65_536, 4_194_304]
    )
    func file(capacity: Int) async throws {
        let directory = TemporaryDirectory()
        let bytes = pattern(1_500_001)
        let path = directory.file("file", bytes)
        let reading = try Reading(.path(Array(path.utf8)), capacity: capacity)
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == bytes)
        #expect(!reading.source.isIdle)
        directory.remove(path)
    }

    @Test("of a file knows how much of it is left")
    func remaining() async throws {
        let directory = TemporaryDirectory()
        let path = directory.file("file", pattern(10_000))
        let reading = try Reading(.path(Array(path.utf8)), capacity: 4096)
        await reading.loop.turn(until: {
            reading.readOnce()
            return reading.ring.readableCount > 0
        })
        #expect(reading.source.startPosition == 0)
        #expect(reading.source.remainingBytes(from: 0) == 10_000)
        #expect(reading.source.remainingBytes(from: 9_999) == 1)
        #expect(reading.source.remainingBytes(from: 10_000) == 0)
        // Beyond the end there is nothing to say.
        #expect(reading.source.remainingBytes(from: 10_001) == nil)
        _ = await reading.readToEnd()
        directory.remove(path)
    }

    @Test("of an inherited file begins where it stands and leaves it at its end")
    func inheritedFile() async throws {
        let directory = TemporaryDirectory()
        let bytes = pattern(100_000)
        let path = directory.file("file", bytes)
        let descriptor = open(path, O_RDONLY)
        lseek(descriptor, 1000, SEEK_SET)
        let reading = try Reading(.inherited(descriptor))
        await reading.read(count: 1)
        #expect(reading.source.remainingBytes(from: 0) == 99_000)
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == Array(bytes[1000...]))
        #expect(lseek(descriptor, 0, SEEK_CUR) == 100_000)
        directory.remove(path)
    }

    @Test("of an inherited file is left where it is wanted, whatever was read ahead")
    func seek() async throws {
        let directory = TemporaryDirectory()
        let path = directory.file("file", pattern(500_000))
        let descriptor = open(path, O_RDONLY)
        lseek(descriptor, 10, SEEK_SET)
        let reading = try Reading(.inherited(descriptor))
        await reading.loop.turn(until: { reading.readOnce() })
        #expect(reading.ring.readableCount > 123)
        #expect(lseek(descriptor, 0, SEEK_CUR) == 10)
        try reading.source.seek(to: 123)
        reading.source.stop()
        #expect(await reading.readToEnd() == .ended)
        #expect(lseek(descriptor, 0, SEEK_CUR) == 133)
        directory.remove(path)
    }

    @Test("gets what is appended to a file while it is read")
    func appended() async throws {
        let directory = TemporaryDirectory()
        let path = directory.file("file", pattern(5_000))
        let reading = try Reading(.path(Array(path.utf8)), capacity: 4096)
        await reading.loop.turn(until: {
            reading.readOnce()
            return reading.ring.writableCount == 0
        })
        let descriptor = open(path, O_WRONLY | O_APPEND)
        write(descriptor, pattern(1_000, from: 5_000))
        close(descriptor)
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == pattern(6_000))
        directory.remove(path)
    }

    @Test("that follows another goes on in the same ring")
    func twoFiles() async throws {
        let directory = TemporaryDirectory()
        let first = directory.file("first", pattern(3_000))
        let second = directory.file("second", pattern(2_000, from: 7))
        let loop = try Loop()
        let reading = try Reading(.path(Array(first.utf8)), capacity: 4096, loop: loop)
        #expect(await reading.readToEnd() == .ended)
        let next = InputSource(.path(Array(second.utf8)), poller: loop.poller) { loop.wake() }
        await loop.turn(until: {
            while next.read(into: &reading.ring) {}
            return next.state == .ended
        })
        #expect(next.startPosition == 3_000)
        reading.take()
        #expect(reading.bytes == pattern(3_000) + pattern(2_000, from: 7))
        directory.remove(first, second)
    }

    // MARK: What else there is

    @Test("of /dev/null ends at once")
    func null() async throws {
        let reading = try Reading(.inherited(open("/dev/null", O_RDONLY)))
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes == [])
    }

    @Test("of /dev/zero is read no further than the ring has room, and stops when told to")
    func zero() async throws {
        let reading = try Reading(.path(Array("/dev/zero".utf8)), capacity: 4096)
        await reading.loop.turn(until: {
            reading.readOnce()
            return reading.ring.writableCount == 0
        })
        #expect(reading.source.remainingBytes(from: 0) == nil)
        reading.take()
        #expect(!reading.readOnce())  // The next request is under way.
        reading.source.stop()
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes.count == 4096)
        #expect(reading.ring.end == 4096)
    }

    @Test("that was told to stop before it was open ends")
    func stopWhileOpening() async throws {
        let reading = try Reading(.path(Array("/dev/zero".utf8)))
        reading.source.stop()
        #expect(await reading.readToEnd() == .ended)
    }

    @Test("of a /proc file is read although it says that it is empty")
    func proc() async throws {
        let reading = try Reading(.path(Array("/proc/self/status".utf8)))
        #expect(await reading.readToEnd() == .ended)
        #expect(reading.bytes.starts(with: Array("Name:".utf8)))
    }

    @Test("that was closed cannot be opened")
    func closed() async throws {
        let reading = try Reading(.closed)
        #expect(await reading.readToEnd() == .failed(.open(.badDescriptor)))
    }

    @Test("whose descriptor is not open cannot be opened")
    func notOpen() async throws {
        let reading = try Reading(.inherited(1_000_000))
        #expect(await reading.readToEnd() == .failed(.open(.badDescriptor)))
    }

    @Test("that does not exist cannot be opened")
    func missing() async throws {
        let reading = try Reading(.path(Array("/nowhere/at/all".utf8)))
        #expect(await reading.readToEnd() == .failed(.open(.noSuchFile)))
    }

    @Test("that is a directory cannot be opened, by name or inherited")
    func directory() async throws {
        let named = try Reading(.path(Array("/tmp".utf8)))
        #expect(await named.readToEnd() == .failed(.open(.isDirectory)))
        let inherited = try Reading(.inherited(open("/tmp", O_RDONLY)))
        #expect(await inherited.readToEnd() == .failed(.open(.isDirectory)))
        #expect(Errno.isDirectory.name == "EISDIR")
        #expect(Errno.isDirectory.text == "Is a directory")
    }

    @Test("that cannot be read fails", arguments: [O_WRONLY])
    func unreadable(flags: Int32) async throws {
        let directory = TemporaryDirectory()
        let path = directory.file("file", [1])
        let file = try Reading(.inherited(open(path, flags)))
        #expect(await file.readToEnd() == .failed(.read(.badDescriptor)))
        let pipe = Pipe()
        pipe.closeReader()
        let wrongEnd = try Reading(.inherited(pipe.writer))
        #expect(await wrongEnd.readToEnd() == .failed(.read(.badDescriptor)))
        directory.remove(path)
    }
}
