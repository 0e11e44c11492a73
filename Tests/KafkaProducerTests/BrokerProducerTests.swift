import Testing

@testable import KafkaProducer

/// The send arm: what enables it, and what time alone does to it.
@Suite("BrokerProducer")
struct BrokerProducerTests {
    private static let now = Instant(nanoseconds: 1_000_000_000)

    private var broker: BrokerProducer
    private var circumstances = BrokerProducer.Circumstances(
        now: now,
        linger: .milliseconds(5),
        canSend: true,
        compressedRequest: 500_000,
        nothingInFlight: true,
        inputIsIdle: false,
        memoryIsShort: false,
        isDraining: false
    )

    init() {
        broker = BrokerProducer(nodeID: 1, connection: 0)
        broker.isStale = false
    }

    @Test("has nothing to do without batches, whatever the circumstances")
    func empty() {
        forEachWorld { circumstances in
            #expect(broker.flushTrigger(circumstances) == nil)
            #expect(broker.deadline(circumstances) == nil)
        }
    }

    @Test("lingers from the first append, and then sends")
    mutating func lingers() {
        broker.oldestAppend = Self.now
        #expect(broker.flushTrigger(circumstances) == nil)
        #expect(broker.deadline(circumstances) == Self.now.advanced(by: .milliseconds(5)))
        circumstances.now = Self.now.advanced(by: .milliseconds(5))
        #expect(broker.flushTrigger(circumstances) == .lingerExpired)
        #expect(broker.deadline(circumstances) == nil)
    }

    @Test("sends a full batch at once")
    mutating func full() {
        broker.oldestAppend = Self.now
        broker.ready.closedByteCount = 1
        #expect(broker.flushTrigger(circumstances) == .batchFull)
    }

    @Test("sends a request's worth of batches none of which is full, unless they are small")
    mutating func fullRequest() {
        broker.oldestAppend = Self.now
        broker.ready = BrokerProducer.ReadyBatches(countedAt: 0, count: 4, byteCount: 786_432)
        #expect(broker.flushTrigger(circumstances) == nil)
        circumstances.fullRequest = 786_432
        #expect(broker.flushTrigger(circumstances) == .batchFull)
        circumstances.fullRequest = 786_433
        #expect(broker.flushTrigger(circumstances) == nil)
        circumstances.fullRequest = 786_432
        for count in [1, 100] {
            broker.ready.count = count
            #expect(broker.flushTrigger(circumstances) == nil)
        }
        #expect(broker.deadline(circumstances) != nil)
    }

    @Test("lets compressed batches wait for those being compressed, until they are worth a request")
    mutating func compressing() {
        broker.compressingCount = 1
        broker.ready.closedByteCount = 499_999
        #expect(broker.flushTrigger(circumstances) == nil)
        #expect(broker.deadline(circumstances) == nil)
        // An open batch does not wait for them.
        broker.oldestAppend = Self.now
        #expect(broker.deadline(circumstances) == Self.now.advanced(by: .milliseconds(5)))
        broker.ready.closedByteCount = 500_000
        #expect(broker.flushTrigger(circumstances) == .batchFull)
        broker.ready.closedByteCount = 1
        broker.compressingCount = 0
        #expect(broker.flushTrigger(circumstances) == .batchFull)
    }

    @Test("keeps the send arm disabled while every request it may send is unanswered")
    mutating func busy() {
        broker.oldestAppend = Self.now
        broker.ready.closedByteCount = 1
        circumstances.canSend = false
        #expect(broker.flushTrigger(circumstances) == nil)
        #expect(broker.deadline(circumstances) == nil)
    }

    @Test("sends what there is when the input is idle and nothing is in flight")
    mutating func idleInput() {
        broker.oldestAppend = Self.now
        circumstances.inputIsIdle = true
        #expect(broker.flushTrigger(circumstances) == .inputIdle)
        circumstances.nothingInFlight = false
        #expect(broker.flushTrigger(circumstances) == nil)
        #expect(broker.deadline(circumstances) != nil)
    }

    @Test("does not linger without memory or at the end of the input")
    mutating func hurries() {
        broker.oldestAppend = Self.now
        circumstances.memoryIsShort = true
        #expect(broker.flushTrigger(circumstances) == .memoryPressure)
        circumstances.memoryIsShort = false
        circumstances.isDraining = true
        #expect(broker.flushTrigger(circumstances) == .draining)
    }

    @Test("never waits while it can send, and never forgets a batch that it can send")
    mutating func everyWorld() {
        for bits in 1..<8 {
            broker.oldestAppend = bits & 1 != 0 ? Self.now : nil
            broker.ready.closedByteCount = bits & 2 != 0 ? 1 : 0
            broker.compressingCount = bits & 4 != 0 ? 1 : 0
            // What is compressed next wakes the loop.
            let isWoken = broker.oldestAppend == nil && broker.compressingCount > 0
            forEachWorld { circumstances in
                let trigger = broker.flushTrigger(circumstances)
                let deadline = broker.deadline(circumstances)
                if trigger != nil { #expect(deadline == nil) }
                if circumstances.canSend, !isWoken, trigger == nil { #expect(deadline != nil) }
                if let deadline { #expect(deadline > circumstances.now) }
            }
        }
    }

    /// Every combination of what decides.
    private func forEachWorld(_ body: (BrokerProducer.Circumstances) -> Void) {
        for bits in 0..<32 {
            for milliseconds in [0, 4, 5, 100] {
                var circumstances = circumstances
                circumstances.now = Self.now.advanced(by: .milliseconds(milliseconds))
                circumstances.canSend = bits & 1 != 0
                circumstances.nothingInFlight = bits & 2 != 0
                circumstances.inputIsIdle = bits & 4 != 0
                circumstances.memoryIsShort = bits & 8 != 0
                circumstances.isDraining = bits & 16 != 0
                body(circumstances)
            }
        }
    }
}
