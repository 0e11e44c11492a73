import KafkaProducer
import KafkaProtocol

/// The workers that compress batches, each in its own time.
extension Simulation {
    /// Gives workers what waits, as many batches as they may have.
    ///
    /// The records are compressed at once, since they may not change meanwhile, and come back when
    /// the worker is done.
    mutating func compressBatches() {
        while compressingCount < workerCount, let job = producer.pollCompression() {
            guard var compressor = compressor.take() else {
                preconditionFailure("Without a codec nothing is compressed.")
            }
            var records: [UInt8]?
            compressor.compress(job)
            if let output = compressor.output {
                records = unsafe output.withUnsafeBufferPointer { unsafe Array($0) }
            }
            self.compressor = consume compressor
            compressingCount += 1
            events.add(
                .compressed(job, records),
                at: now.advanced(by: draw(compressionTime))
            )
        }
    }

    /// A worker is done.
    mutating func didCompress(_ job: CompressionJob, _ records: [UInt8]?) {
        compressingCount -= 1
        if let records {
            producer.didCompress(job, records.span, now: now)
        } else {
            producer.didCompress(job, nil, now: now)
        }
    }
}
