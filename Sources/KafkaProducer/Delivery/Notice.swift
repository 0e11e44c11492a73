/// Something a person may want to know while the run goes on; nothing has failed by it.
package struct Notice: Equatable, Sendable {
    /// A word that does not change, for programs.
    package let name: String
    /// One sentence, for people.
    package let message: String

    /// Creates a notice.
    package init(name: String, message: String) {
        self.name = name
        self.message = message
    }

    static func waitingForBrokers(_ addresses: [BrokerAddress], _ cause: String?) -> Self {
        let list = addresses.map(\.description).joined(separator: ", ")
        let reason = cause.map { ": \($0)" } ?? ""
        return Self(
            name: "waiting_for_brokers",
            message: "waiting for a broker at \(list)\(reason); trying on (-b names others)"
        )
    }

    static func waitingForTopic(_ name: String, _ code: String) -> Self {
        Self(
            name: "waiting_for_topic",
            message: "waiting for the topic \(name): the broker answered \(code)"
        )
    }

    static func topicCreated(_ name: String, partitionCount: Int) -> Self {
        Self(
            name: "topic_created",
            message: "the broker created the topic \(name) with \(partitionCount) "
                + "partition\(partitionCount == 1 ? "" : "s"); "
                + "-X allow.auto.create.topics=false prevents that"
        )
    }

    static func partitionsGrew(_ name: String, from: Int, to: Int) -> Self {
        Self(
            name: "partitions_grew",
            message: "the topic \(name) now has \(to) partitions; this run goes on with the first "
                + "\(from), so that keys stay where they are"
        )
    }

    static func leaderLookupsPaused(_ name: String, partition: Int32) -> Self {
        Self(
            name: "leader_unknown",
            message: "partition \(partition) of \(name) has no leader; its records wait, and the "
                + "next look-up is in ten seconds at the latest"
        )
    }

    static func leaderMoved(_ name: String, partition: Int32, to node: Int32, more: Int) -> Self {
        let others = more > 0 ? ", and \(more) more partitions to theirs" : ""
        return Self(
            name: "leader_moved",
            message: "partition \(partition) of \(name) moved to broker \(node)\(others)"
        )
    }

    static func brokerLost(_ address: BrokerAddress, _ cause: String) -> Self {
        Self(name: "broker_lost", message: "lost the connection to \(address): \(cause)")
    }

    static func retrying(_ topic: String, partition: Int32, _ code: String) -> Self {
        Self(
            name: "retrying",
            message: "partition \(partition) of \(topic) answered \(code); trying again"
        )
    }

    static func topicRecreated(_ message: String) -> Self {
        Self(name: "topic_recreated", message: message)
    }

    static func dataLost(_ message: String) -> Self { Self(name: "data_lost", message: message) }
}
