import KafkaProducer
import KafkaProtocol

/// Faults of which one makes the other matter, and which seldom meet by chance.
extension Simulation {
    /// Loses several answers of a partition and restarts its leader, which then knows the last of
    /// those batches alone.
    mutating func forgetUnanswered(_ random: inout SplitMix64) {
        let topic = anyTopic(&random)
        guard let partitions = cluster.topic(named: topic)?.partitions else { return }
        let partition = random.below(partitions.count)
        let leader = partitions[partition].leader
        guard leader >= 0 else { return }
        cluster.inject(
            .appendThenFail(.requestTimedOut),
            on: topic,
            partition: Int32(partition),
            count: 2 + random.below(4)
        )
        schedule(after: .milliseconds(random.below(150))) {
            guard $0.healedAt == nil, $0.cluster.brokers[Int(leader)].isAvailable else { return }
            $0.cluster.restart(broker: leader)
        }
    }

    /// Moves leaders of which a broker with stale metadata does not know.
    mutating func moveBehindTheBack(of broker: Int32, _ random: inout SplitMix64) {
        let topic = anyTopic(&random)
        guard let partitions = cluster.topic(named: topic)?.partitions else { return }
        for (partition, state) in partitions.enumerated() where state.leader != broker {
            cluster.moveLeader(of: topic, partition: Int32(partition), to: anyBroker(&random))
        }
        followLogs()
    }
}
