import CLinux
import Dispatch
internal import KafkaProducer
internal import Synchronization

/// Compresses batches off the loop, on one worker for each processor (D12).
///
/// A worker has a compressor, and reads a batch's records where they lie; what comes of them is
/// copied back by the loop, the only owner of state. When a worker is done the loop may be at work
/// on records, or wait for a processor, so it gives each worker its next batches before that.
final class CompressionWorkers {
    /// One worker, whose compressor is used on its queue alone.
    nonisolated final class Worker: @unchecked Sendable {
        /// Serial, so that Dispatch has a thread for it whatever other queues wait for.
        let queue = DispatchQueue(label: "kpipe.compression")
        private let isAbandoned = Atomic<Bool>(false)
        private var compressor: BatchCompressor

        init(_ compressor: consuming BatchCompressor) { self.compressor = compressor }

        /// Lets nothing more be compressed but the batch at hand, from any thread.
        func abandon() { isAbandoned.store(true, ordering: .relaxed) }

        func makeResult() -> Result { Result(compressor.makeResult()) }

        func compress(_ job: CompressionJob, into result: Result) {
            guard !isAbandoned.load(ordering: .relaxed) else { return result.records.removeAll() }
            compressor.compress(job)
            compressor.exchangeResult(for: &result.records)
        }
    }

    /// Memory for what comes of a batch: on the loop, or with the batch on a worker's queue.
    nonisolated final class Result: @unchecked Sendable {
        var records: CompressedRecords

        init(_ records: consuming CompressedRecords) { self.records = records }

        func deliver(_ job: CompressionJob, to producer: inout Producer, now: Instant) {
            Self.deliver(job, records, to: &producer, now: now)
        }

        /// Apart, so that the records are borrowed for as long as their bytes are.
        private static func deliver(
            _ job: CompressionJob,
            _ records: borrowing CompressedRecords,
            to producer: inout Producer,
            now: Instant
        ) {
            producer.didCompress(job, records.bytes, now: now)
        }
    }

    /// A worker, and the memory for the results of as many batches as it may have.
    private struct Place {
        let worker: Worker
        var free: [Result]
    }

    /// How many batches a worker may have: the one that it compresses, and the next ones.
    ///
    /// With two, lz4's workers had nothing to do for an eighth of the time: a batch takes them less
    /// than the loop may wait for a processor.
    private static let depth = 4

    private let configuration: ProducerConfiguration
    private let limit: Int
    private var places: [Place] = []
    private var finished: [(place: Int, result: Result, job: CompressionJob)] = []
    private let wake: () -> Void

    /// Creates workers as they are first needed.
    ///
    /// - Parameters:
    ///   - configuration: Names the codec, its level, and how large batches are.
    ///   - wake: Runs a turn, when a batch is compressed.
    init(_ configuration: ProducerConfiguration, wake: @escaping () -> Void) {
        self.configuration = configuration
        self.wake = wake
        limit = max(1, Int(linux_processor_count()))
    }

    /// Brings back what is compressed: a fact of the turn that follows.
    func deliver(to producer: inout Producer, now: Instant) {
        guard !finished.isEmpty else { return }
        for (place, result, job) in finished {
            result.deliver(job, to: &producer, now: now)
            places[place].free.append(result)
        }
        finished.removeAll(keepingCapacity: true)
    }

    /// Gives workers what waits to be compressed.
    ///
    /// - Returns: Whether anything was given, so that records may be wanted again.
    func takeJobs(from producer: inout Producer) -> Bool {
        var tookAny = false
        while producer.hasCompressionJob, let place = nextPlace(),
            let result = places[place].free.popLast(),
            let job = producer.pollCompression()
        {
            let worker = places[place].worker
            worker.queue.async {
                worker.compress(job, into: result)
                MainQueue.async { self.didCompress(job, result, at: place) }
            }
            tookAny = true
        }
        return tookAny
    }

    /// Compresses no more, for a run that is abandoned: what was given out comes back at once, as
    /// if it could not be made smaller.
    func abandon() {
        for place in places { place.worker.abandon() }
    }

    /// The place of the worker with the fewest batches: an idle one, a new one while there may be
    /// more, or one that can take another.
    private func nextPlace() -> Int? {
        let best = places.indices.max { places[$0].free.count < places[$1].free.count }
        if let best, places[best].free.count == Self.depth { return best }
        if places.count < limit, let compressor = BatchCompressor(configuration) {
            let worker = Worker(compressor)
            let free = (0..<Self.depth).map { _ in worker.makeResult() }
            places.append(Place(worker: worker, free: free))
            return places.count - 1
        }
        return best
    }

    private func didCompress(_ job: CompressionJob, _ result: Result, at place: Int) {
        finished.append((place, result, job))
        wake()
    }
}
