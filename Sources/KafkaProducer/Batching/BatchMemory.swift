internal import CProcessor

/// The one owner of records' memory: `buffer.memory` bytes, cut into chunks, and the batches.
///
///     chunk:   | records →            ← origins |
///                        ^ write        ^ wall
///
/// A batch is a list of chunks. Its records grow from the front of each chunk, as the bytes that go
/// to the broker; the place each record came from grows from the back, as a few bytes of varint
/// differences (D8, D9). Chunks never move, so a request points straight at them.
///
/// Invariants of the unsafe parts: a chunk index in a batch or in the free list is below
/// `chunkCount` and stands in one place only; `writeOffset` and `wallOffset` of an open batch lie
/// in its last chunk, in this order; a batch index comes from ``allocateBatch()``.
@safe
package struct BatchMemory: ~Copyable {
    /// What is known of a chunk that its batch no longer writes to.
    struct Chunk {
        /// The next chunk of the batch, or of the free list.
        var next = noChunk
        /// Bytes of records, from the chunk's start.
        var recordsEnd: Int32 = 0
        /// Where the origins begin; they reach to the chunk's end.
        var originsStart: Int32 = 0
    }

    let chunkSize: Int
    let chunkCount: Int
    let base: UnsafeMutableRawPointer
    let chunks: UnsafeMutablePointer<Chunk>
    let batches: UnsafeMutablePointer<ProducerBatch>

    /// Whether a chunk of records is summed when it is full; if not, they all are at the end.
    let sumsFullChunks: Bool

    private var freeChunk = noChunk
    private(set) var freeChunkCount = 0
    private var freeBatch = noBatch

    /// Chunks that records may not take: they are for splitting a batch (D8).
    let reservedChunkCount: Int

    /// Batches that exist.
    private(set) var batchCount = 0

    /// Reserves the memory; its pages are touched when they are first used.
    ///
    /// - Parameters:
    ///   - byteCount: `buffer.memory` or what is left of it, in bytes.
    ///   - largestBatch: The most bytes one batch can have.
    ///   - sumsFullChunks: Whether to sum a chunk when it is full; not if other bytes are sent.
    package init(byteCount: Int, largestBatch: Int, sumsFullChunks: Bool = true) {
        precondition(byteCount > 0 && largestBatch > 0)
        self.sumsFullChunks = sumsFullChunks
        chunkSize = Self.chunkSize(for: byteCount)
        reservedChunkCount = largestBatch / (chunkSize / 2) + 3
        chunkCount = max(byteCount / chunkSize, reservedChunkCount * 2)
        let size = chunkCount * chunkSize
        let isLarge = size >= Self.largeMemory
        unsafe base = .allocate(
            byteCount: size,
            alignment: isLarge ? Self.largePageSize : 4096
        )
        // Records are written in thousands of places in turn: more than there are small pages whose
        // addresses the processor remembers.
        if isLarge { unsafe processor_prefer_large_pages(base, size) }
        unsafe chunks = .allocate(capacity: chunkCount)
        unsafe batches = .allocate(capacity: chunkCount)
        for index in (0..<chunkCount).reversed() {
            unsafe chunks[index] = Chunk(next: freeChunk)
            unsafe batches.advanced(by: index).initialize(to: ProducerBatch())
            unsafe batches[index].next = freeBatch
            freeChunk = Int32(index)
            freeBatch = Int32(index)
        }
        freeChunkCount = chunkCount
    }

    deinit {
        unsafe batches.deinitialize(count: chunkCount)
        unsafe batches.deallocate()
        unsafe chunks.deallocate()
        unsafe base.deallocate()
    }

    /// What a large page of the processor has, in bytes.
    private static let largePageSize = 2 << 20

    /// From this size on, in bytes, memory is asked for in large pages.
    private static let largeMemory = 16 << 20

    /// A 2,048th of the memory, within 4 to 64 KiB, a power of two (D8).
    private static func chunkSize(for byteCount: Int) -> Int {
        var size = 4096
        while size < 65536 && size * 2048 < byteCount { size *= 2 }
        return size
    }

    /// How many chunks records may still take.
    var availableChunkCount: Int { max(0, freeChunkCount - reservedChunkCount) }

    /// Bytes of chunks in use, the bound of which is `buffer.memory`.
    package var usedByteCount: Int { (chunkCount - freeChunkCount) * chunkSize }

    /// A batch's counters.
    ///
    /// - Precondition: `index` is a batch that exists.
    subscript(index: Int32) -> ProducerBatch {
        @inline(__always)
        unsafeAddress {
            precondition(index >= 0 && Int(index) < chunkCount)
            return unsafe UnsafePointer(batches + Int(index))
        }
        @inline(__always)
        unsafeMutableAddress {
            precondition(index >= 0 && Int(index) < chunkCount)
            return unsafe batches + Int(index)
        }
    }

    /// A new, empty batch with its first chunk, or `nil` if there is no memory.
    ///
    /// `usesReserve` says whether the chunks kept for splits may be taken.
    mutating func allocateBatch(usesReserve: Bool = false) -> Int32? {
        guard usesReserve ? freeChunkCount > 0 : availableChunkCount > 0 else { return nil }
        guard freeBatch != noBatch else { return nil }
        let index = freeBatch
        freeBatch = self[index].next
        self[index] = ProducerBatch()
        batchCount += 1
        restart(index)
        return index
    }

    /// Makes a batch without chunks empty, and gives it its first chunk.
    ///
    /// - Precondition: A chunk is free.
    mutating func restart(_ index: Int32) {
        beginChunk(of: index)
        self[index].writeOffset += recordBatchHeaderSize
        self[index].byteCount = recordBatchHeaderSize
        self[index].recordCount = 0
        self[index].headOffset = -1
        self[index].isCompressed = false
        self[index].compression = .none
    }

    /// Gives a batch and its chunks back.
    mutating func release(_ index: Int32) {
        releaseChunks(of: index)
        self[index] = ProducerBatch()
        self[index].next = freeBatch
        freeBatch = index
        batchCount -= 1
        assert(batchCount >= 0)
    }

    /// How many chunks a batch has.
    func chunkCount(of index: Int32) -> Int {
        var count = 0
        var chunk = self[index].firstChunk
        while chunk != noChunk {
            count += 1
            chunk = unsafe chunks[Int(chunk)].next
        }
        return count
    }

    /// Gives a batch's chunks back and keeps its counters.
    mutating func releaseChunks(of index: Int32) {
        var chunk = self[index].firstChunk
        while chunk != noChunk {
            let next = unsafe chunks[Int(chunk)].next
            #if Mutants
            // Whoever still sends what was given back is to be seen.
            let start = unsafe base + Int(chunk) * chunkSize
            unsafe start.initializeMemory(as: UInt8.self, repeating: 0xdb, count: chunkSize)
            #endif
            unsafe chunks[Int(chunk)].next = freeChunk
            freeChunk = chunk
            freeChunkCount += 1
            chunk = next
        }
        self[index].firstChunk = noChunk
        self[index].lastChunk = noChunk
    }

    /// Ends the batch's last chunk, if any, and begins the next.
    ///
    /// - Precondition: A chunk is free.
    mutating func beginChunk(of index: Int32) {
        precondition(freeChunk != noChunk)
        let chunk = freeChunk
        freeChunk = unsafe chunks[Int(chunk)].next
        freeChunkCount -= 1
        unsafe chunks[Int(chunk)] = Chunk()
        if self[index].lastChunk == noChunk {
            self[index].firstChunk = chunk
            self[index].finishedChecksum = 0
        } else {
            endChunk(of: index)
            // Now, while its bytes are in the first level of the processor's cache.
            if sumsFullChunks { self[index].finishedChecksum = recordsChecksum(of: index) }
            unsafe chunks[Int(self[index].lastChunk)].next = chunk
        }
        self[index].lastChunk = chunk
        self[index].writeOffset = Int(chunk) * chunkSize
        self[index].wallOffset = (Int(chunk) + 1) * chunkSize
    }

    /// Notes where records and origins end in the batch's last chunk.
    func endChunk(of index: Int32) {
        let batch = self[index]
        let start = Int(batch.lastChunk) * chunkSize
        unsafe chunks[Int(batch.lastChunk)].recordsEnd = Int32(batch.writeOffset - start)
        unsafe chunks[Int(batch.lastChunk)].originsStart = Int32(batch.wallOffset - start)
    }
}
