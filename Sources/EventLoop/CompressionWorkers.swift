import CLinux
import Dispatch
internal import KafkaProducer

/// Compresses batches off the loop, one at a time for each processor and one more (D12).
///
/// A worker has a compressor and its memory, and one batch at a time. It reads the records where
/// they lie; what comes of them is copied back by the loop, the only owner of state.
///
/// A worker that is done waits for the loop, which may be at work on records. So there is one more
/// than processors, which goes on with its own batch meanwhile; without it, two processors were
/// idle a fifth of the time. Still more take each other's place in the processors' caches.
final class CompressionWorkers {
    /// One worker, which is on the loop or on its queue, and never on both.
    private nonisolated final class Worker: @unchecked Sendable {
        /// Serial, so that Dispatch has a thread for it whatever other queues wait for.
        let queue = DispatchQueue(label: "kpipe.compression")
        private var compressor: BatchCompressor

        init(_ compressor: consuming BatchCompressor) { self.compressor = compressor }

        func compress(_ job: CompressionJob) { compressor.compress(job) }

        func deliver(_ job: CompressionJob, to producer: inout Producer, now: Instant) {
            Self.deliver(job, of: compressor, to: &producer, now: now)
        }

        /// Apart, so that the compressor is borrowed for as long as its output is.
        private static func deliver(
            _ job: CompressionJob,
            of compressor: borrowing BatchCompressor,
            to producer: inout Producer,
            now: Instant
        ) {
            producer.didCompress(job, compressor.output, now: now)
        }
    }

    private let configuration: ProducerConfiguration
    private let limit: Int
    private var workerCount = 0
    private var idle: [Worker] = []
    private var finished: [(Worker, CompressionJob)] = []
    private let wake: () -> Void

    /// Creates workers as they are first needed.
    ///
    /// - Parameters:
    ///   - configuration: Names the codec, its level, and how large batches are.
    ///   - wake: Runs a turn, when a batch is compressed.
    init(_ configuration: ProducerConfiguration, wake: @escaping () -> Void) {
        self.configuration = configuration
        self.wake = wake
        limit = max(1, Int(linux_processor_count())) + 1
    }

    /// Brings back what is compressed: a fact of the turn that follows.
    func deliver(to producer: inout Producer, now: Instant) {
        for (worker, job) in finished {
            worker.deliver(job, to: &producer, now: now)
            idle.append(worker)
        }
        finished.removeAll(keepingCapacity: true)
    }

    /// Gives idle workers what waits to be compressed.
    func takeJobs(from producer: inout Producer) {
        while producer.hasCompressionJob, let worker = nextWorker(),
            let job = producer.pollCompression()
        {
            worker.queue.async {
                worker.compress(job)
                MainQueue.async { self.didCompress(job, by: worker) }
            }
        }
    }

    /// An idle worker, or a new one while there may be more.
    private func nextWorker() -> Worker? {
        if let worker = idle.popLast() { return worker }
        guard workerCount < limit, let compressor = BatchCompressor(configuration) else {
            return nil
        }
        workerCount += 1
        return Worker(compressor)
    }

    private func didCompress(_ job: CompressionJob, by worker: Worker) {
        finished.append((worker, job))
        wake()
    }
}
