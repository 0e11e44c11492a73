/// How many requests with records were sent, by what enabled the send arm.
package struct FlushCounts: Equatable, Sendable {
    /// A batch or a request was full, or a batch waited to be sent again.
    package private(set) var batchFull = 0
    /// `linger.ms` had passed.
    package private(set) var lingerExpired = 0
    /// The input had nothing to read.
    package private(set) var inputIdle = 0
    /// No chunk was free.
    package private(set) var memoryPressure = 0
    /// No more records come.
    package private(set) var draining = 0

    /// All of them.
    package var total: Int {
        batchFull + lingerExpired + inputIdle + memoryPressure + draining
    }

    mutating func count(_ trigger: FlushTrigger) {
        switch trigger {
        case .batchFull: batchFull += 1
        case .lingerExpired: lingerExpired += 1
        case .inputIdle: inputIdle += 1
        case .memoryPressure: memoryPressure += 1
        case .draining: draining += 1
        }
    }
}
