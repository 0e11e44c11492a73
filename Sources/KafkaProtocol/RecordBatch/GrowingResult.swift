/// Memory for a result whose size is known only once it is there.
@safe
enum GrowingResult {
    /// What became of a try to write the result.
    enum Attempt {
        /// It is there, in so many bytes.
        case complete(Int)
        /// It needs more memory.
        case tooSmall
        /// There is none.
        case failed(CompressionError)
    }

    /// Tries again with more memory until the result fits.
    ///
    /// - Parameters:
    ///   - expected: The size that the result will probably have, whoever says so.
    ///   - limit: The largest result to accept, in bytes.
    ///   - attempt: Writes the result into the memory, which is its for the length of the call.
    /// - Returns: The result.
    /// - Throws: `tooLarge` beyond the limit, or the error of the attempt.
    static func fill(
        expected: Int,
        limit: Int,
        _ attempt: (UnsafeMutableRawBufferPointer) -> Attempt
    ) throws(CompressionError) -> [UInt8] {
        precondition(limit >= 0)
        var capacity = min(max(expected, 256), limit)
        while true {
            var failure: CompressionError?
            var isComplete = false
            let result = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
                let bounded = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(memory)[..<capacity]
                )
                switch unsafe attempt(bounded) {
                case .complete(let size):
                    count = size
                    isComplete = true
                case .tooSmall: break
                case .failed(let error): failure = error
                }
            }
            if let failure { throw failure }
            if isComplete { return result }
            guard capacity < limit else { throw .tooLarge(limit: limit) }
            capacity = capacity > limit / 4 ? limit : capacity * 4
        }
    }
}
