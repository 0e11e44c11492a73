import Testing

/// The oracle refuses what it has to refuse.
@Suite("The oracle of chaos")
struct ChaosOracleTests {
    private static func log(_ indices: [Int]) -> [ChaosOracle.Logged] {
        indices.map { ChaosOracle.Logged(partition: $0 % 2, index: $0) }
    }

    /// Four records, all delivered.
    private static let good = ChaosOracle(
        offered: 4,
        read: 4,
        acked: 4,
        status: 0,
        log: log([0, 2, 1, 3])
    )

    private static func invariants(_ change: (inout ChaosOracle) -> Void) -> [String] {
        var oracle = good
        change(&oracle)
        return oracle.problems().map { String($0.prefix { $0 != ":" }) }
    }

    @Test("accepts what was delivered once, in order")
    func good() {
        #expect(Self.invariants { _ in } == [])
    }

    @Test("accepts what was named, in the log or not if its outcome is unknown")
    func named() {
        for log in [[0, 2, 1], [0, 2, 1, 3]] {
            let found = Self.invariants {
                $0.acked = 3
                $0.named = [.init(index: 3, isUnknown: true, error: "DELIVERY_TIMEOUT")]
                $0.firstUnacked = 3
                $0.status = 75
                $0.log = Self.log(log)
            }
            #expect(found == [])
        }
    }

    @Test("refuses a loss, a double, an inversion, a stranger")
    func log() {
        #expect(Self.invariants { $0.log = Self.log([0, 2, 1]) } == ["I2"])
        #expect(Self.invariants { $0.log = Self.log([0, 2, 1, 3, 1]) } == ["I3"])
        #expect(Self.invariants { $0.log = Self.log([2, 0, 1, 3]) } == ["I4"])
        #expect(Self.invariants { $0.log = Self.log([0, 2, 1, 3, 4]) } == ["I7"])
    }

    @Test("forgives doubles and inversions of a partition that lost its producers, no loss")
    func forgetful() {
        let found = Self.invariants {
            $0.forgetful = [1]
            $0.log = Self.log([0, 2, 3, 1, 3])
        }
        #expect(found == [])
        let other = Self.invariants {
            $0.forgetful = [1]
            $0.log = Self.log([2, 0, 1, 3])
        }
        #expect(other == ["I4"])
        let lost = Self.invariants {
            $0.forgetful = [1]
            $0.log = Self.log([0, 2, 3])
        }
        #expect(lost == ["I2"])
    }

    @Test("refuses a failure that is in the log, and one that nobody read")
    func failures() {
        let inLog = Self.invariants {
            $0.acked = 3
            $0.named = [.init(index: 3, isUnknown: false, error: "INVALID_RECORD")]
            $0.firstUnacked = 3
            $0.status = 65
        }
        #expect(inLog == ["I5"])
        let unread = Self.invariants {
            $0.read = 3
            $0.acked = 2
            $0.named = [.init(index: 3, isUnknown: false, error: "DELIVERY_TIMEOUT")]
            $0.firstUnacked = 3
            $0.status = 69
            $0.log = Self.log([0, 2, 1])
        }
        #expect(unread == ["I1"])
    }

    @Test("refuses accounts that do not add up, and a status that is not true")
    func accounts() {
        #expect(Self.invariants { $0.acked = 3 } == ["I1"])
        #expect(Self.invariants { $0.firstUnacked = 1 } == ["I1"])
        #expect(Self.invariants { $0.status = 75 } == ["I10"])
        let silent = Self.invariants {
            $0.read = 3
            $0.acked = 3
            $0.firstUnacked = 3
            $0.log = Self.log([0, 2, 1])
        }
        #expect(silent == ["I10"])
    }
}
