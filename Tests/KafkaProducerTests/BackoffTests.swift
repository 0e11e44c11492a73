import Testing

@testable import KafkaProducer

/// Delays that grow, look-ups that pause, and partitions that stay for a while.
@Suite("Back-offs and choices")
struct BackoffTests {
    private var random = SplitMix64(seed: 7)

    @Test("doubles from the base to the limit, a fifth more or less")
    mutating func doubles() {
        let delays = [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1000), (99, 1000)]
        for (failures, milliseconds) in delays {
            var seen: Set<Duration> = []
            for _ in 0..<200 {
                let delay = Backoff.delay(
                    failureCount: failures,
                    base: .milliseconds(100),
                    limit: .seconds(1),
                    random: &random
                )
                #expect(delay >= .milliseconds(milliseconds) * 8 / 10)
                #expect(delay <= .milliseconds(milliseconds) * 12 / 10)
                seen.insert(delay)
            }
            #expect(seen.count > 50)
        }
    }

    @Test("opens after three failed look-ups in a row, for ten seconds, and lets one probe through")
    func breaker() {
        var lookups = LeaderLookups()
        let now = Instant(nanoseconds: 0)
        for _ in 0..<2 {
            let opened = lookups.didFail(now: now, remaining: nil, mayOpen: true)
            #expect(!opened)
            #expect(lookups.allows(now: now))
        }
        let opened = lookups.didFail(now: now, remaining: nil, mayOpen: true)
        #expect(opened)
        #expect(!lookups.allows(now: now.advanced(by: .milliseconds(9999))))
        let probe = now.advanced(by: .seconds(10))
        #expect(lookups.allows(now: probe))
        // The probe fails: it stays open, and that is not said again.
        let again = lookups.didFail(now: probe, remaining: nil, mayOpen: true)
        #expect(!again)
        #expect(!lookups.allows(now: probe.advanced(by: .seconds(9))))
    }

    @Test("does not open while a topic is young, and closes with a success")
    func breakerCloses() {
        var lookups = LeaderLookups()
        let now = Instant(nanoseconds: 0)
        for _ in 0..<5 {
            let opened = lookups.didFail(now: now, remaining: nil, mayOpen: false)
            #expect(!opened)
        }
        let opened = lookups.didFail(now: now, remaining: nil, mayOpen: true)
        #expect(opened)
        lookups.reset()
        #expect(lookups.allows(now: now))
        #expect(lookups.failureCount == 0)
    }

    @Test("pauses no longer than half of what is left to the deadline, and at least a little")
    func breakerIsShort() {
        for (remaining, pause) in [(4000, 2000), (100, 100), (-50, 100), (60_000, 10_000)] {
            var lookups = LeaderLookups()
            for _ in 0..<3 {
                _ = lookups.didFail(
                    now: Instant(nanoseconds: 0),
                    remaining: .milliseconds(remaining),
                    mayOpen: true
                )
            }
            let expected = Instant(nanoseconds: 0).advanced(by: .milliseconds(pause))
            #expect(lookups.openUntil == expected)
        }
    }

    @Test("keeps records without a key on a partition until enough bytes went there")
    func sticky() {
        var sticky = StickyPartition()
        #expect(sticky.current == -1)
        sticky.move(to: 4)
        sticky.didAppend(60)
        #expect(!sticky.isDue(100))
        sticky.didAppend(40)
        #expect(sticky.isDue(100))
        sticky.move(to: 2)
        #expect(sticky.current == 2)
        #expect(!sticky.isDue(100))
    }
}
