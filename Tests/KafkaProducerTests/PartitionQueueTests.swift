import Testing

@testable import KafkaProducer

/// A partition's batches and the one index that separates those sent from those to send.
@Suite("PartitionQueue")
struct PartitionQueueTests {
    /// A queue with some batches, and their memory.
    private struct Arranged: ~Copyable {
        var memory = BatchMemory(byteCount: 1 << 20, largestBatch: 10_000)
        var queue = PartitionQueue(topic: 0, number: 3)
        var batches: [Int32] = []

        init(count: Int) {
            for _ in 0..<count {
                guard let batch = memory.allocateBatch() else { return }
                batches.append(batch)
                queue.append(batch, in: &memory)
            }
        }

        /// The batches from the head on.
        var order: [Int32] {
            var order: [Int32] = []
            var batch = queue.head
            while batch != noBatch {
                order.append(batch)
                batch = memory[batch].next
            }
            return order
        }
    }

    @Test("keeps batches in the order in which they came")
    func order() {
        let arranged = Arranged(count: 3)
        #expect(arranged.order == arranged.batches)
        #expect(arranged.queue.head == arranged.batches[0])
        #expect(arranged.queue.tail == arranged.batches[2])
        #expect(arranged.queue.nextToSend == arranged.batches[0])
    }

    @Test("sends from the front again after a rewind, and is muted while answers are due")
    func rewind() {
        var arranged = Arranged(count: 3)
        arranged.queue.nextToSend = arranged.batches[2]
        arranged.queue.inFlightCount = 1
        arranged.queue.rewind()
        #expect(arranged.queue.nextToSend == arranged.batches[0])
        #expect(arranged.queue.isMuted)
        #expect(arranged.queue.isRecovering)
        arranged.queue.inFlightCount = 0
        arranged.queue.rewind()
        #expect(!arranged.queue.isMuted)
    }

    @Test("takes a batch out of any place", arguments: 0..<3)
    func remove(place: Int) {
        var arranged = Arranged(count: 3)
        let removed = arranged.batches[place]
        arranged.queue.nextToSend = removed
        arranged.queue.remove(removed, from: &arranged.memory)
        var expected = arranged.batches
        expected.remove(at: place)
        #expect(arranged.order == expected)
        #expect(arranged.queue.head == expected.first)
        #expect(arranged.queue.tail == expected.last)
        let next = place < 2 ? arranged.batches[place + 1] : noBatch
        #expect(arranged.queue.nextToSend == next)
    }

    @Test("is empty after its only batch was taken out, and can be filled again")
    func refill() {
        var arranged = Arranged(count: 1)
        let batch = arranged.batches[0]
        arranged.queue.open = batch
        arranged.queue.remove(batch, from: &arranged.memory)
        #expect(arranged.queue.isEmpty)
        #expect(arranged.queue.tail == noBatch)
        #expect(arranged.queue.open == noBatch)
        #expect(arranged.queue.nextToSend == noBatch)
        arranged.queue.append(batch, in: &arranged.memory)
        #expect(arranged.order == [batch])
        #expect(arranged.queue.nextToSend == batch)
    }

    @Test("puts the second half of a split right behind the first", arguments: 0..<3)
    func insert(place: Int) throws {
        var arranged = Arranged(count: 3)
        let allocated = arranged.memory.allocateBatch()
        let half = try #require(allocated)
        arranged.queue.insert(half, after: arranged.batches[place], in: &arranged.memory)
        var expected = arranged.batches
        expected.insert(half, at: place + 1)
        #expect(arranged.order == expected)
        #expect(arranged.queue.tail == expected.last)
    }
}
