import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

/// Batches are compressed outside the producer, and sent in their turn (D12).
@Suite("Compression")
struct CompressionTests {
    private static func scenario(records: Int, partitions: Int = 1) -> Scenario {
        var scenario = Scenario(records: records, partitions: partitions)
        scenario.producer.codec = .gzip
        scenario.producer.batchRecordLimit = 10
        scenario.producer.linger = .milliseconds(5)
        return scenario
    }

    @Test("keeps the order of a partition whichever worker is done first", arguments: 1...20)
    func anyOrder(seed: Int) {
        var scenario = Self.scenario(records: 2000, partitions: 2)
        scenario.seed = UInt64(seed)
        scenario.expectAllDelivered {
            $0.workerCount = 4
            $0.compressionTime = .zero...(.milliseconds(100))
        }
    }

    @Test("sends nothing of a partition before its oldest batch is compressed")
    func oldestFirst() {
        var simulation = Self.scenario(records: 40).start()
        simulation.compressionTime = .milliseconds(50)...(.milliseconds(50))
        simulation.run(until: simulation.now.advanced(by: .milliseconds(45)))
        #expect(simulation.attempts.isEmpty)
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.ackedCount == 40)
        let counts = simulation.attempts.compactMap { $0.identity?.recordCount }
        #expect(counts == [10, 10, 10, 10])
    }

    @Test("lets a batch that lingers be compressed without waiting for more records")
    func linger() {
        var simulation = Self.scenario(records: 3).start()
        simulation.keepsInputOpen = true
        simulation.run(until: simulation.now.advanced(by: .milliseconds(500)))
        #expect(simulation.producer.delivery.ackedCount == 3)
    }

    @Test("does not split a load into small batches while a broker is slow")
    func slowBroker() {
        var scenario = Self.scenario(records: 2000)
        scenario.producer.batchRecordLimit = 1000
        scenario.producer.linger = .zero
        scenario.producer.maxInFlightRequests = 1
        scenario.workload.burst = 10...10
        let simulation = scenario.expectAllDelivered {
            $0.cluster.setLatency(.milliseconds(50), of: 0)
        }
        #expect(simulation.attempts.count < 30, "\(simulation.attempts.count) batches")
    }

    @Test("sends what was closed together in few requests, whichever batch is compressed first")
    func manyPartitions() {
        var scenario = Self.scenario(records: 20_000, partitions: 200)
        scenario.producer.batchRecordLimit = 1000
        scenario.workload.keyCount = 10_000
        let simulation = scenario.expectAllDelivered {
            $0.workerCount = 2
            $0.compressionTime = .microseconds(10)...(.microseconds(50))
        }
        let batches = simulation.attempts.count
        let requests = simulation.producer.delivery.flushes.total
        #expect(batches > 20 * requests, "\(batches) in \(requests)")
    }

    @Test(
        "counts a batch that is compressed when its back-off is over in one turn",
        arguments: Array(stride(from: 300, to: 460, by: 10))
    )
    func backoffUnderCompression(after: Int) {
        var scenario = Self.scenario(records: 400)
        scenario.workload.burst = 10...10
        scenario.workload.gap = .milliseconds(5)...(.milliseconds(5))
        scenario.conditions.latency = .milliseconds(10)...(.milliseconds(10))
        scenario.producer.requestTimeout = .milliseconds(100)
        // Of two batches under way the first has to be split, and the second is lost.
        scenario.expectAllDelivered {
            $0.workerCount = 20
            $0.compressionTime = .milliseconds(60)...(.milliseconds(60))
            $0.schedule(after: .milliseconds(250)) {
                $0.cluster.inject(.refuse(.messageTooLarge), on: "logs", partition: 0)
                $0.cluster.inject(.hang, on: "logs", partition: 0)
            }
            $0.schedule(after: .milliseconds(after)) { $0.standStill(.milliseconds(300)) }
        }
    }

    @Test("waits for the worker when a batch's time runs out under its hands")
    func deadline() {
        var scenario = Self.scenario(records: 25)
        scenario.producer.deliveryTimeout = .seconds(1)
        var simulation = scenario.start()
        simulation.compressionTime = .seconds(3)...(.seconds(3))
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.failedCount == 25)
        #expect(simulation.attempts.isEmpty)
    }

    @Test("waits for the worker when the run is abandoned, and names every record")
    func abandonment() {
        var simulation = Self.scenario(records: 25).start()
        simulation.compressionTime = .seconds(3)...(.seconds(3))
        simulation.schedule(after: .milliseconds(100)) { $0.abandon() }
        simulation.run()
        simulation.expectNoProblem()
        let isFinished = simulation.isFinished
        #expect(isFinished)
        #expect(simulation.producer.delivery.failedCount == 25)
    }

    @Test("compresses the halves of a batch that was too large")
    func split() {
        var scenario = Self.scenario(records: 200)
        scenario.producer.batchRecordLimit = 100
        scenario.workload.valueSize = 100...100
        scenario.cluster.maxMessageBytes = 4000
        scenario.expectAllDelivered {
            $0.workerCount = 3
            $0.compressionTime = .zero...(.milliseconds(20))
        }
    }

    @Test("wants no more records while batches enough wait for slow workers")
    func backlog() {
        var scenario = Self.scenario(records: 4000)
        scenario.producer.batchRecordLimit = 100_000
        scenario.producer.batchSize = 200_000
        scenario.workload.valueSize = 2000...2000
        scenario.workload.burst = 10...10
        var simulation = scenario.start()
        simulation.workerCount = 1
        simulation.compressionTime = .milliseconds(50)...(.milliseconds(50))
        simulation.run(until: simulation.now.advanced(by: .milliseconds(900)))
        // What waits, what the worker has, and what is still open.
        let held = simulation.producer.heldByteCount
        #expect((1_000_000...2_500_000).contains(held), "\(held) bytes of some 8 MB")
        simulation.run()
        simulation.expectNoProblem()
        #expect(simulation.producer.delivery.ackedCount == 4000)
    }
}
