import KafkaProtocol

/// One partition's batch in a Produce request, before anyone looked into it.
struct BatchDelivery {
    /// The topic's name; empty where the request names topics by id.
    var topicName: String
    /// The topic's id; zero where the request names topics by name.
    var topicID: TopicID
    var partition: Int32
    var acks: Int16
    /// Where in the request the batch is.
    var bytes: Range<Int>
}
