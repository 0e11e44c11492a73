import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// What a simulated run is made of; tests change a part of it and run it.
struct Scenario {
    var seed: UInt64 = 1
    var cluster: FakeClusterConfiguration
    var producer = ProducerConfiguration()
    var workload: Workload
    var conditions = NetworkConditions()
    /// Partitions of each topic of the workload.
    var partitionCount = 1
    /// Whether the topics exist at the start.
    var hasTopics = true

    init(records: Int = 100, brokers: Int = 1, partitions: Int = 1) {
        cluster = FakeClusterConfiguration(brokerCount: brokers)
        workload = Workload(recordCount: records)
        partitionCount = partitions
        producer.bootstrap = cluster.endpoints.map {
            BrokerAddress(host: $0.host, port: UInt16($0.port))
        }
    }

    /// The simulation at its first instant.
    ///
    /// `isTracing` says whether what happens is recorded.
    func start(isTracing: Bool = false) -> Simulation {
        var fake = FakeCluster(cluster)
        if hasTopics {
            for topic in workload.topics {
                fake.createTopic(named: topic, partitionCount: partitionCount)
            }
        }
        var simulation = Simulation(
            seed: seed,
            cluster: fake,
            producer: producer,
            workload: workload,
            conditions: conditions
        )
        simulation.isTracing = isTracing
        return simulation
    }

    /// Runs to the end and expects every record acknowledged, and nothing wrong.
    ///
    /// - Returns: The simulation at its end.
    @discardableResult
    func expectAllDelivered(
        limit: Duration = .seconds(600),
        sourceLocation: SourceLocation = #_sourceLocation,
        _ prepare: (inout Simulation) -> Void = { _ in }
    ) -> Simulation {
        var simulation = start()
        prepare(&simulation)
        simulation.run(limit: limit)
        if !simulation.problems.isEmpty {
            // Once more, to show what led to it.
            simulation = start(isTracing: true)
            prepare(&simulation)
            simulation.run(limit: limit)
        }
        simulation.expectNoProblem(sourceLocation)
        #expect(
            simulation.producer.delivery.ackedCount == UInt64(workload.recordCount),
            sourceLocation: sourceLocation
        )
        #expect(simulation.failures.isEmpty, sourceLocation: sourceLocation)
        return simulation
    }
}

extension Simulation {
    /// Expects that no checker found anything, and shows what led to it otherwise.
    func expectNoProblem(_ sourceLocation: SourceLocation = #_sourceLocation) {
        guard !problems.isEmpty else { return }
        let end = trace.suffix(60).joined(separator: "\n")
        Issue.record(
            "\(problems.prefix(5).joined(separator: "\n"))\n\(end)",
            sourceLocation: sourceLocation
        )
    }
}
