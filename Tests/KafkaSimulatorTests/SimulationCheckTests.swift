import KafkaProducer
import Testing

@testable import KafkaSimulator

/// What only a whole run can be held to: each check is shown a run that it has to complain of.
@Suite("The checks of a run")
struct SimulationCheckTests {
    /// A run without faults whose records were all delivered, up to its end.
    private static func finished() -> Simulation {
        var cluster = FakeCluster(FakeClusterConfiguration(brokerCount: 1))
        cluster.createTopic(named: "logs", partitionCount: 2)
        var producer = ProducerConfiguration()
        producer.bootstrap = [BrokerAddress(host: "fake", port: 9092)]
        var simulation = Simulation(
            seed: 1,
            cluster: cluster,
            producer: producer,
            workload: Workload(recordCount: 200)
        )
        simulation.run()
        return simulation
    }

    private static func problems(_ change: (inout Simulation) -> Void) -> [String] {
        var simulation = finished()
        #expect(simulation.problems == [])
        #expect(simulation.isFinished == true)
        change(&simulation)
        return simulation.problems
    }

    @Test("find nothing in a run in which nothing is wrong")
    func nothing() {
        #expect(Self.problems { $0.checkEverything() } == [])
    }

    @Test("find a record that was acknowledged and is in no log (I2)")
    func loss() {
        let problems = Self.problems {
            $0.ledger.append(.taken, timestamp: 0)
            $0.checkEverything()
        }
        #expect(problems.contains { $0.contains(" s: I2: record 200 was acknowledged") })
    }

    @Test("find more memory held than there is (I9)")
    func memory() {
        let problems = Self.problems {
            $0.checkMemory(held: 1 << 40)
        }
        #expect(problems.contains { $0.contains(" s: I9: ") })
    }

    @Test("find records unknown where nothing was ambiguous (I6)")
    func needlesslyUnknown() {
        let problems = Self.problems {
            $0.ledger.append(.unknown, timestamp: 0)
            $0.checkEverything()
        }
        #expect(problems.contains { $0.contains(" s: I6: records are unknown") })
    }

    @Test("find turns without a cause (I11)")
    func turns() {
        let problems = Self.problems {
            $0.turnCount = 1 << 24
            $0.checkTurn()
        }
        #expect(problems.contains { $0.contains(" s: I11: ") })
    }
}
