/// Judges from the outside what a producer did to a log: it knows what was offered, what the log
/// holds, and what the producer said.
struct ChaosOracle {
    /// A record as the log holds it.
    struct Logged: Equatable {
        var partition: Int
        var index: Int
    }

    /// A record that the producer named as not acknowledged.
    struct Named: Equatable {
        var index: Int
        var isUnknown: Bool
        var error: String
    }

    /// How many records there are to read.
    var offered: Int
    /// How many the producer says it read.
    var read: Int
    /// How many it says were acknowledged.
    var acked: Int
    var named: [Named]
    var status: Int32
    /// The index of the first record that it says was not acknowledged, or `nil` if all were.
    var firstUnacked: Int?
    /// The signal that ended the reading, or `nil` if none did.
    var signal: Int32?
    /// The log, partition by partition in the order of the offsets.
    var log: [Logged]
    /// The partitions whose brokers lost what they knew of producers: what happens to the batches
    /// that were on their way then nobody can tell apart, and they may be doubled (PROTOCOL.md,
    /// section 10, rule 5).
    var forgetful: Set<Int> = []

    /// Records that are in the log once more than once.
    private(set) var duplicateCount = 0
    /// Records that stand behind a later one.
    private(set) var inversionCount = 0
    /// Records that were acknowledged and are not in the log.
    private(set) var lostCount = 0

    init(
        offered: Int,
        read: Int,
        acked: Int,
        named: [Named] = [],
        status: Int32,
        firstUnacked: Int? = nil,
        log: [Logged]
    ) {
        self.offered = offered
        self.read = read
        self.acked = acked
        self.named = named
        self.status = status
        self.firstUnacked = firstUnacked
        self.log = log
    }

    /// What is wrong, each beginning with its invariant; empty if nothing is.
    mutating func problems() -> [String] {
        let found = readLog()
        return checkAccounts() + checkLog(found) + checkStatus()
    }

    // MARK: The log (I2 to I5)

    /// How often each record is in the log; counts doubles and inversions on the way.
    private mutating func readLog() -> [Int] {
        var found = [Int](repeating: 0, count: offered)
        var last: [Int: Int] = [:]
        for record in log where found.indices.contains(record.index) {
            found[record.index] += 1
            let isForgiven = forgetful.contains(record.partition)
            if found[record.index] > 1 {
                if !isForgiven { duplicateCount += 1 }
                continue
            }
            if record.index < last[record.partition] ?? -1, !isForgiven { inversionCount += 1 }
            last[record.partition] = max(record.index, last[record.partition] ?? -1)
        }
        return found
    }

    private mutating func checkLog(_ found: [Int]) -> [String] {
        var problems: [String] = []
        var outcomes = [Named?](repeating: nil, count: offered)
        for name in named where outcomes.indices.contains(name.index) {
            outcomes[name.index] = name
        }
        for index in 0..<offered {
            if let name = outcomes[index] {
                if !name.isUnknown, found[index] > 0 {
                    problems.append("I5: record \(index) failed and is in the log")
                }
            } else if index < read {
                if found[index] == 0 { lostCount += 1 }
            } else if found[index] > 0 {
                problems.append("I1: record \(index) was not read and is in the log")
            }
        }
        if lostCount > 0 { problems.append("I2: \(lostCount) acknowledged and not in the log") }
        if duplicateCount > 0 { problems.append("I3: \(duplicateCount) doubled") }
        if inversionCount > 0 { problems.append("I4: \(inversionCount) behind a later one") }
        let strangers = log.filter { !(0..<offered).contains($0.index) }.count
        if strangers > 0 { problems.append("I7: \(strangers) in the log that nobody offered") }
        return problems
    }

    // MARK: What was said (I1, I10)

    private func checkAccounts() -> [String] {
        var problems: [String] = []
        let indices = Set(named.map(\.index))
        if indices.count < named.count { problems.append("I1: a record was named twice") }
        if let index = indices.first(where: { !(0..<read).contains($0) }) {
            problems.append("I1: record \(index) was named and not read")
        }
        if acked + named.count != read {
            problems.append("I1: \(read) read, \(acked) acknowledged, \(named.count) named")
        }
        let first = indices.min() ?? (read < offered || signal != nil ? read : nil)
        if firstUnacked != first {
            problems.append(
                "I1: the first unacknowledged is \(first.map { "\($0)" } ?? "none"), "
                    + "not \(firstUnacked.map { "\($0)" } ?? "none")"
            )
        }
        return problems
    }

    private func checkStatus() -> [String] {
        let refusals: Set = ["INVALID_RECORD", "INVALID_TIMESTAMP", "MESSAGE_TOO_LARGE"]
        let expected: Int32
        if named.contains(where: { $0.error == "DATA_LOST" }), !forgetful.isEmpty {
            expected = 76
        } else if named.contains(where: { $0.isUnknown || $0.error == "ABANDONED" }) {
            expected = 75
        } else if named.isEmpty {
            expected = signal.map { 128 + $0 } ?? 0
        } else {
            expected = named.allSatisfy { refusals.contains($0.error) } ? 65 : 69
        }
        if signal != nil, read < offered { return ["I1: \(read) of \(offered) taken were read"] }
        if status == 0, read < offered { return ["I10: status 0 with \(read) of \(offered) read"] }
        return status == expected ? [] : ["I10: status \(status) instead of \(expected)"]
    }
}
