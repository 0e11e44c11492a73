package import KafkaProducer

nonisolated extension PartitionerKind {
    /// The names of `--partitioner`.
    static let names = ["murmur2", "crc32", "fnv1a", "random", "roundrobin"]

    /// The name of `--partitioner`.
    package var name: String {
        switch self {
        case .murmur2: "murmur2"
        case .crc32: "crc32"
        case .fnv1a: "fnv1a"
        case .random: "random"
        case .roundRobin: "roundrobin"
        }
    }

    /// The partitioner of a name in small letters, or `nil` if there is none.
    ///
    /// The names are ours, librdkafka's, and those of Java's classes. librdkafka has pairs that
    /// differ in what becomes of records without a key, which here is the same for all.
    package init?(name: String) {
        let javaPackage = "org.apache.kafka.clients.producer."
        switch name {
        case "murmur2", "murmur2_random", javaPackage + "internals.defaultpartitioner":
            self = .murmur2
        case "crc32", "consistent", "consistent_random": self = .crc32
        case "fnv1a", "fnv1a_random": self = .fnv1a
        case "random": self = .random
        case "roundrobin", javaPackage + "roundrobinpartitioner": self = .roundRobin
        default: return nil
        }
    }
}
