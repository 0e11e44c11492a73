import Dispatch

/// Work that waits for programs, on threads of its own: the tests' own are as many as there are
/// processors, and one that waits is one fewer for the others.
enum Threads {
    /// Does something for each number, so many at a time, and returns the results in order.
    static func map<Result: Sendable>(
        _ numbers: Range<Int>,
        width: Int,
        _ body: @escaping @Sendable (Int) -> Result
    ) async -> [Result] {
        await withTaskGroup(of: (Int, Result).self) { group in
            var results: [Int: Result] = [:]
            var next = numbers.lowerBound
            while results.count < numbers.count {
                while next < numbers.upperBound, next - numbers.lowerBound < results.count + width {
                    let number = next
                    group.addTask { (number, await run { body(number) }) }
                    next += 1
                }
                if let (number, result) = await group.next() { results[number] = result }
            }
            return numbers.compactMap { results[$0] }
        }
    }

    /// Does something on a thread of its own.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "waiting").async { continuation.resume(returning: body()) }
        }
    }
}
