import KafkaProducer

/// Retention that overtakes a client: what it sends again was appended, and is there no more.
extension Simulation {
    /// Loses the answer to the next batch of a partition, and its records soon after.
    mutating func loseAnswerAndRecords(of topic: String, _ partition: Int32) {
        guard let log = cluster.log(of: topic, partition: partition) else { return }
        cluster.inject(.appendThenDisconnect, on: topic, partition: partition)
        deleteRecords(of: topic, partition, beyond: log.endOffset)
    }

    /// Deletes all records of a partition once something was appended.
    private mutating func deleteRecords(of topic: String, _ partition: Int32, beyond end: Int64) {
        guard healedAt == nil, let log = cluster.log(of: topic, partition: partition) else {
            return
        }
        guard log.endOffset > end else {
            schedule(after: .milliseconds(10)) {
                $0.deleteRecords(of: topic, partition, beyond: end)
            }
            return
        }
        cluster.deleteRecords(of: topic, partition: partition, before: log.endOffset)
        followLogs()
    }
}
