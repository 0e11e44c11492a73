/// The properties of Kafka's clients that kpipe does not have.
///
/// Vendors hand out one file for all clients, so a file holds names that mean nothing to a
/// producer. They are known here in order to tell them from mistakes.
nonisolated package enum ForeignProperties {
    /// What is missing from this kpipe that a property is about, with its verb, or `nil` if
    /// nothing is.
    ///
    /// A connection that somebody wanted encrypted must not go out in plain text because the name
    /// is spelt in a way we do not know, so everything under `ssl.` and `sasl.` is taken for known.
    static func missingFeature(behind spelling: String) -> String? {
        if securityPrefixes.contains(where: { spelling.hasPrefix($0) }) { return "security is" }
        if security.contains(spelling) { return "security is" }
        return spelling.hasPrefix("transaction") ? "transactions are" : nil
    }

    /// Whether a spelling is a property of other clients.
    static func contain(_ spelling: String) -> Bool {
        names.contains(spelling) || prefixes.contains { spelling.hasPrefix($0) }
    }

    private static let securityPrefixes = ["ssl.", "sasl.", "https."]

    private static let security: Set<String> = [
        "enable.ssl.certificate.verification", "enable.sasl.oauthbearer.unsecure.jwt",
        "security.providers",
    ]

    /// Families of names: of consumers, of serializers, and of the inner workings of a client.
    private static let prefixes = [
        "admin.", "api.version.", "auto.", "basic.auth.", "bearer.auth.", "broker.", "confluent.",
        "consumer.", "fetch.", "group.", "log.", "metric.", "metrics.", "offset.", "queued.",
        "reconnect.backoff.", "rest.", "schema.registry.", "socket.", "test.mock.",
        "topic.metadata.",
    ]

    private static let names: Set<String> = [
        // Java's, of all clients and of producers.
        "bootstrap.controllers", "client.dns.lookup", "client.rack", "config.providers",
        "connections.max.idle.ms", "default.api.timeout.ms", "enable.metrics.push",
        "interceptor.classes", "key.serializer", "max.block.ms", "metadata.max.idle.ms",
        "metadata.recovery.rebootstrap.trigger.ms", "metadata.recovery.strategy",
        "partitioner.adaptive.partitioning.enable", "partitioner.availability.timeout.ms",
        "receive.buffer.bytes", "send.buffer.bytes", "value.serializer",

        // Java's, of consumers.
        "check.crcs", "enable.auto.commit", "exclude.internal.topics", "heartbeat.interval.ms",
        "isolation.level", "key.deserializer", "max.partition.fetch.bytes",
        "max.poll.interval.ms", "max.poll.records", "partition.assignment.strategy",
        "session.timeout.ms", "value.deserializer",

        // librdkafka's.
        "builtin.features", "client.software.name", "client.software.version",
        "consume.callback.max.messages",
        "coordinator.query.interval.ms", "debug", "delivery.report.only.error",
        "enable.auto.offset.store", "enable.gapless.guarantee", "enable.partition.eof",
        "enable.random.seed", "enabled_events", "internal.termination.signal", "log_level",
        "max.in.flight.topics", "message.copy.max.bytes", "metadata.request.timeout.ms",
        "msg_order_cmp", "plugin.library.paths", "produce.offset.report",
        "queue.buffering.backpressure.threshold", "queue.buffering.max.kbytes",
        "queue.buffering.max.messages", "queuing.strategy", "receive.message.max.bytes",
        "statistics.interval.ms", "sticky.partitioning.linger.ms", "topic.blacklist",
    ]
}
