/// A closed batch's records, for whoever compresses them, on whatever thread.
///
/// It points into ``BatchMemory``. That is sound because the batch is closed and under way: nothing
/// writes to its records, and no chunk of it is given back, until
/// ``Producer/didCompress(_:_:now:)`` was told of this job; and chunks never move. So a job is not
/// to outlive its producer.
@safe
package struct CompressionJob: @unchecked Sendable {
    /// The batch, as an index.
    let batch: Int32
    /// The records, in as many pieces as they lie in.
    private let pieces: [UnsafeRawBufferPointer]

    /// Looks up where the records of a batch lie.
    init(_ memory: borrowing BatchMemory, _ batch: Int32) {
        self.batch = batch
        var found = unsafe [UnsafeRawBufferPointer]()
        memory.forEachRecordsPiece(of: batch) { piece in
            unsafe piece.withUnsafeBytes { unsafe found.append($0) }
        }
        unsafe pieces = found
    }

    /// Visits the pieces of the records in order.
    func forEachPiece(_ body: (Span<UInt8>) -> Void) {
        for index in unsafe pieces.indices {
            let bytes = unsafe pieces[index].bindMemory(to: UInt8.self)
            body(unsafe bytes.span)
        }
    }
}
