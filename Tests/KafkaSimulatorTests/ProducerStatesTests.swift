import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

@Suite("What a partition remembers of producers")
struct ProducerStatesTests {
    var states = ProducerStates()
    let now = Instant(nanoseconds: 0)

    private func batch(
        _ sequence: Int32,
        count: Int32 = 1,
        epoch: Int16 = 0,
        producer: Int64 = 7
    ) -> ProducerStates.Batch {
        .init(
            producerID: producer,
            producerEpoch: epoch,
            baseSequence: sequence,
            recordCount: count
        )
    }

    private mutating func append(_ batches: ProducerStates.Batch...) {
        for (offset, batch) in batches.enumerated() {
            #expect(states.verdict(on: batch) == .accepted)
            states.didAppend(batch, at: Int64(offset), now: now)
        }
    }

    @Test("takes any first sequence of a producer it does not know")
    mutating func anyFirstSequence() {
        #expect(states.verdict(on: batch(0)) == .accepted)
        #expect(states.verdict(on: batch(41)) == .accepted)
    }

    @Test("takes the next sequence, and refuses a gap and a step back")
    mutating func nextSequence() {
        append(batch(0, count: 3))
        #expect(states.verdict(on: batch(3)) == .accepted)
        #expect(states.verdict(on: batch(4)) == .refused(.outOfOrderSequenceNumber))
        #expect(states.verdict(on: batch(2)) == .refused(.outOfOrderSequenceNumber))
    }

    @Test("recognises the last five batches, by their first and last sequence")
    mutating func duplicates() {
        append(batch(0), batch(1), batch(2), batch(3), batch(4))
        for sequence in 0..<Int32(5) {
            #expect(
                states.verdict(on: batch(sequence)) == .duplicate(baseOffset: Int64(sequence))
            )
        }
        #expect(states.verdict(on: batch(0, count: 2)) == .refused(.outOfOrderSequenceNumber))
        append(batch(5))
        #expect(states.verdict(on: batch(0)) == .refused(.outOfOrderSequenceNumber))
        #expect(states.verdict(on: batch(1)) == .duplicate(baseOffset: 1))
    }

    @Test("recognises only the last batch after a restart")
    mutating func restart() {
        append(batch(0), batch(1), batch(2), batch(3), batch(4), batch(5))
        states.forgetAllButLastBatches()
        for sequence in 0..<Int32(5) {
            #expect(
                states.verdict(on: batch(sequence)) == .refused(.outOfOrderSequenceNumber)
            )
        }
        #expect(states.verdict(on: batch(5)) == .duplicate(baseOffset: 5))
        #expect(states.verdict(on: batch(6)) == .accepted)
    }

    @Test("refuses an older epoch, and takes a newer one from sequence 0 alone")
    mutating func epochs() {
        append(batch(0, epoch: 3))
        #expect(states.verdict(on: batch(1, epoch: 2)) == .refused(.invalidProducerEpoch))
        #expect(states.verdict(on: batch(1, epoch: 4)) == .refused(.outOfOrderSequenceNumber))
        append(batch(0, epoch: 4))
        #expect(states.verdict(on: batch(0, epoch: 4)) == .duplicate(baseOffset: 0))
        #expect(states.verdict(on: batch(1, epoch: 3)) == .refused(.invalidProducerEpoch))
        #expect(states.verdict(on: batch(0, epoch: 3)) == .refused(.invalidProducerEpoch))
    }

    @Test("counts from 2147483647 on to 0, between batches and inside one")
    mutating func wrap() {
        append(batch(.max - 1, count: 2), batch(0))
        states.forgetEverything()
        append(batch(.max, count: 3), batch(2))
        #expect(batch(.max, count: 3).lastSequence == 1)
        #expect(states.verdict(on: batch(.max, count: 3)) == .duplicate(baseOffset: 0))
    }

    @Test("keeps producers apart, and forgets each when it was idle for long enough")
    mutating func producers() {
        append(batch(0, producer: 7))
        let later = now.advanced(by: .seconds(60))
        states.didAppend(batch(9, producer: 8), at: 1, now: later)
        #expect(states.verdict(on: batch(10, producer: 8)) == .accepted)
        #expect(states.verdict(on: batch(10, producer: 7)) == .refused(.outOfOrderSequenceNumber))
        states.expire(olderThan: .seconds(90), now: now.advanced(by: .seconds(100)))
        #expect(!states.remembers(7))
        #expect(states.remembers(8))
        #expect(states.verdict(on: batch(10, producer: 7)) == .accepted)
    }
}
