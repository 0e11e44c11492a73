import Dispatch
import EventLoop
import KafkaProducer
import Testing

@MainActor
@Suite("A deadline timer", .timeLimit(.minutes(5)))
struct DeadlineTimerTests {
    private let loop: Loop

    init() throws {
        loop = try Loop()
    }

    @Test("goes off once, not before its deadline, and is disarmed then")
    func deadline() async {
        var times: [Instant] = []
        let timer = DeadlineTimer { [loop] in
            times.append(SystemClock.now)
            loop.wake()
        }
        #expect(timer.deadline == nil)
        let deadline = SystemClock.now.advanced(by: .milliseconds(5))
        timer.arm(at: deadline)
        #expect(timer.deadline == deadline)
        await loop.turn(until: { !times.isEmpty })
        #expect(times[0] >= deadline)
        #expect(timer.deadline == nil)
        // A second one shows that the first came once.
        let second = SystemClock.now.advanced(by: .milliseconds(5))
        timer.arm(at: second)
        await loop.turn(until: { times.count > 1 })
        #expect(times.count == 2)
        #expect(times[1] >= second)
    }

    @Test("goes off at once for a deadline that has passed", arguments: [0, 1, 1_000_000])
    func passed(nanoseconds: UInt64) async {
        var count = 0
        let timer = DeadlineTimer { [loop] in
            count += 1
            loop.wake()
        }
        timer.arm(at: Instant(nanoseconds: nanoseconds))
        await loop.turn(until: { count > 0 })
        #expect(count == 1)
    }

    @Test("keeps quiet when it was disarmed, and keeps only its last deadline")
    func rearmed() async {
        var fired: [Instant] = []
        let timer = DeadlineTimer { [loop] in
            fired.append(SystemClock.now)
            loop.wake()
        }
        timer.arm(at: SystemClock.now)
        timer.arm(at: nil)
        #expect(timer.deadline == nil)
        timer.arm(at: SystemClock.now)
        let later = SystemClock.now.advanced(by: .milliseconds(20))
        timer.arm(at: later)
        await loop.turn(until: { !fired.isEmpty })
        #expect(fired.count == 1)
        #expect(fired[0] >= later)
    }

    @Test("shares its clock with Dispatch")
    func clock() {
        let before = SystemClock.now.nanoseconds
        let dispatch = DispatchTime.now().uptimeNanoseconds
        let after = SystemClock.now.nanoseconds
        #expect(before <= dispatch && dispatch <= after)
        #expect(SystemClock.wallClockMilliseconds > 1_700_000_000_000)
    }
}
