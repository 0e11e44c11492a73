import Testing

@testable import KafkaProducer

/// Which batch is compressed next, and how much waits.
@Suite("Compression backlog")
struct CompressionBacklogTests {
    @Test("gives waiting batches out oldest first, also past those that ended meanwhile")
    func backlogOrder() {
        var backlog = CompressionBacklog()
        var next: Int32 = 0
        var expected: [Int32] = []
        // It is never empty, as behind a fast input.
        for round in 0..<1000 {
            for _ in 0..<(round < 10 ? 4 : 2) {
                backlog.append(next, byteCount: Int(next))
                expected.append(next)
                next += 1
            }
            let ended = expected.remove(at: expected.count / 2)
            backlog.remove(ended, byteCount: Int(ended))
            let first = expected.removeFirst()
            #expect(backlog.first == first)
            backlog.removeFirst(byteCount: Int(first))
            #expect(backlog.byteCount == expected.reduce(0) { $0 + Int($1) })
        }
        while let first = backlog.first {
            #expect(first == expected.removeFirst())
            backlog.removeFirst(byteCount: Int(first))
        }
        #expect(expected.isEmpty)
        #expect(backlog.byteCount == 0)
    }
}
