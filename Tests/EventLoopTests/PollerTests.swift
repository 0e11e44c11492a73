import Dispatch
import EventLoop
import Glibc
import Testing

/// What stays ready is removed at the end of a test, or Dispatch would turn for ever.
@MainActor
@Suite("A poller", .timeLimit(.minutes(5)))
struct PollerTests {
    @Test("runs a turn after it delivered what happened")
    func turn() async throws {
        let loop = try Loop()
        let pipe = Pipe()
        var events: [Poller.Events] = []
        let token = try loop.poller.add(pipe.reader, .readable) { events.append($0) }
        loop.poller.poll()
        #expect(events == [])
        pipe.write([1])
        await loop.turn(until: { !events.isEmpty })
        #expect(events.first == .readable)
        loop.poller.remove(token)
    }

    @Test("reports what was not acted upon again")
    func levelTriggered() throws {
        let poller = try Poller()
        let pipe = Pipe()
        var count = 0
        _ = try poller.add(pipe.reader, .readable) { _ in count += 1 }
        pipe.write([1])
        for round in 1...3 {
            poller.poll()
            #expect(count == round)
        }
        _ = pipe.read(upTo: 1)
        poller.poll()
        #expect(count == 3)
    }

    @Test("waits for what is not ready yet, no longer than it is told")
    func waits() throws {
        let poller = try Poller()
        let pipe = Pipe()
        var count = 0
        let token = try poller.add(pipe.reader, .readable) { _ in count += 1 }
        #expect(!poller.poll(waiting: 1))
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { pipe.write([1]) }
        while !poller.poll(waiting: 50_000) {
            // What other tests hand to the main queue ends a wait too, and nothing else does.
            try #require(MainQueue.hasWork)
        }
        #expect(count == 1)
        poller.remove(token)
    }

    @Test("ends a wait when another thread hands work to the main queue, which it leaves there")
    func workEndsWait() async throws {
        let poller = try Poller()
        let start = ContinuousClock.now
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) {
                MainQueue.async { continuation.resume() }
            }
            while !MainQueue.hasWork { poller.poll(waiting: -1) }
        }
        #expect(start.duration(to: .now) < .seconds(60))
        // It rang for that wait, and says nothing to the next.
        #expect(!poller.poll())
    }

    @Test("does not begin to wait while the main queue has work")
    func workComesFirst() async throws {
        let poller = try Poller()
        await withCheckedContinuation { continuation in
            MainQueue.async { continuation.resume() }
            #expect(MainQueue.hasWork)
            #expect(!poller.poll(waiting: -1))
        }
    }

    @Test("ends a wait at a signal, so that nobody waits for longer than was said")
    func signalEndsWait() throws {
        let poller = try Poller()
        _ = signal(SIGWINCH) { _ in }
        // A thread of Dispatch's blocks what it can.
        var (wanted, before) = (sigset_t(), sigset_t())
        sigemptyset(&wanted)
        sigaddset(&wanted, SIGWINCH)
        pthread_sigmask(SIG_UNBLOCK, &wanted, &before)
        defer {
            pthread_sigmask(SIG_SETMASK, &before, nil)
            _ = signal(SIGWINCH, SIG_DFL)
        }
        let thread = pthread_self()
        for delay in [20, 40] {
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(delay)) {
                pthread_kill(thread, SIGWINCH)
            }
        }
        let start = ContinuousClock.now
        #expect(!poller.poll(waiting: 300_000))
        #expect(start.duration(to: .now) < .seconds(200))
    }

    @Test("says nothing while there is no interest, not even of a hang-up")
    func noInterest() throws {
        let poller = try Poller()
        let pipe = Pipe()
        var events: [Poller.Events] = []
        let token = try poller.add(pipe.reader, .readable) { events.append($0) }
        try poller.setInterest(of: token, [])
        pipe.closeWriter()
        poller.poll()
        #expect(events == [])
        try poller.setInterest(of: token, .readable)
        poller.poll()
        #expect(events == [.hangUp])
        poller.remove(token)
    }

    @Test("never delivers a closed descriptor's event to the next owner of its number and place")
    func reuse() throws {
        let poller = try Poller()
        let pipes = [Pipe(), Pipe()]
        var tokens: [Poller.Token] = []
        var delivered: [Int] = []
        var wronglyDelivered = 0
        for (index, pipe) in pipes.enumerated() {
            let token = try poller.add(pipe.reader, .readable) { _ in
                delivered.append(index)
                // The other's event was collected in the same call. Its number and place go to
                // a descriptor that is not readable.
                let other = 1 - index
                poller.remove(tokens[other])
                let silent = Pipe()
                #expect(dup2(silent.reader, pipes[other].reader) >= 0)
                let heir = try? poller.add(pipes[other].reader, .readable) { _ in
                    wronglyDelivered += 1
                }
                #expect(heir != nil && heir != tokens[other])
            }
            tokens.append(token)
        }
        for pipe in pipes { pipe.write([1]) }
        poller.poll()
        #expect(delivered.count == 1)
        #expect(wronglyDelivered == 0)
        poller.remove(tokens[delivered[0]])
    }

    @Test("tells what epoll refuses", arguments: ["/dev/null", "/etc/passwd", "/"])
    func refusal(path: String) throws {
        let poller = try Poller()
        let descriptor = open(path, O_RDONLY)
        #expect(throws: Errno.notPermitted) { try poller.add(descriptor, .readable) { _ in } }
    }

    @Test("tells that a descriptor is not open")
    func notOpen() throws {
        let poller = try Poller()
        #expect(throws: Errno.badDescriptor) { try poller.add(1_000_000, .readable) { _ in } }
    }

    @Test("delivers all of more events than it collects at once, and counts that as one look")
    func manyEvents() throws {
        let poller = try Poller()
        var ready: Set<Int> = []
        var tokens: [Poller.Token] = []
        let pipes = (0..<100).map { _ in Pipe() }
        for (index, pipe) in pipes.enumerated() {
            tokens.append(try poller.add(pipe.reader, .readable) { _ in ready.insert(index) })
            pipe.write([1])
        }
        poller.poll()
        #expect(ready.count == 64)
        #expect(poller.pollCount == 0)
        for (index, pipe) in pipes.enumerated() where ready.contains(index) {
            _ = pipe.read(upTo: 1)
        }
        poller.poll()
        #expect(ready.count == 100)
        #expect(poller.pollCount == 1)
        for token in tokens { poller.remove(token) }
    }
}
