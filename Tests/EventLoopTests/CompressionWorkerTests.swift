import KafkaProtocol
import Testing

@testable import EventLoop
@testable import KafkaProducer

/// What a worker does with the batches that it was given.
@Suite("Compression workers")
struct CompressionWorkerTests {
    /// A batch of records that can be made smaller.
    private static func fill(_ memory: inout BatchMemory) throws -> Int32 {
        let allocated = memory.allocateBatch()
        let batch = try #require(allocated)
        memory[batch].byteLimit = 100_000
        let value = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
        for ordinal in 0..<20 {
            let result = memory.append(
                to: batch,
                key: nil,
                value: value.span,
                timestamp: 0,
                origin: RecordOrigin(ordinal: UInt64(ordinal), position: 0, size: 1000)
            )
            try #require(result == .appended)
        }
        memory.endChunk(of: batch)
        return batch
    }

    @Test("compress nothing more once the run is abandoned, and forget what they had")
    func abandonment() throws {
        var configuration = ProducerConfiguration()
        configuration.codec = .gzip
        guard let compressor = BatchCompressor(configuration) else {
            Issue.record("gzip is built in.")
            return
        }
        let worker = CompressionWorkers.Worker(compressor)
        let result = worker.makeResult()
        var memory = BatchMemory(byteCount: 1 << 20, largestBatch: 100_000)
        let batch = try Self.fill(&memory)
        let job = CompressionJob(memory, batch)
        worker.compress(job, into: result)
        let sizeBefore = result.records.bytes?.count ?? 0
        #expect((1...1000).contains(sizeBefore))
        worker.abandon()
        worker.compress(job, into: result)
        let sizeAfter = result.records.bytes?.count
        #expect(sizeAfter == nil)
        memory.release(batch)
    }
}
