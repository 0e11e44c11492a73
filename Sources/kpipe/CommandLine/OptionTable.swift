/// Every option of kpipe, in the order in which help and manual show them.
///
/// An option that is not built yet is here too: it is recognised, and refused in words, because an
/// option that is ignored loses data.
nonisolated package enum OptionTable {
    /// The options, by section.
    package static let options: [Option] =
        destination + framing + keys + headers + output + configuration + loading + others

    /// The option of a name.
    package static func option(_ name: OptionName) -> Option {
        guard let option = options.first(where: { $0.name == name }) else {
            preconditionFailure("Each option name has its row in the table.")
        }
        return option
    }

    static let destination: [Option] = [
        Option(
            .brokers,
            .destination,
            letter: "b",
            "brokers",
            "bootstrap-server",
            argument: .required("HOST[:PORT],..."),
            help: "The brokers to ask first. IPv6 addresses stand in brackets.",
            manual: """
                One broker that answers is enough, since it names all others. The port is 9092 if \
                none is given; an IPv6 address is written `[::1]:9092`. Without this option the \
                property `bootstrap.servers` counts.
                """,
            defaultValue: "localhost:9092"
        ),
        Option(
            .topic,
            .destination,
            letter: "t",
            "topic",
            argument: .required("TOPIC"),
            help: "The topic."
        ),
        Option(
            .partition,
            .destination,
            letter: "p",
            "partition",
            argument: .required("N"),
            help: "Always this partition; -1 lets the partitioner choose.",
            defaultValue: "-1"
        ),
        Option(
            .partitioner,
            .destination,
            "partitioner",
            argument: .required("NAME"),
            help: "How a key chooses its partition: murmur2, crc32, fnv1a, random, roundrobin.",
            manual: """
                `murmur2` is Java's: the same key goes to the same partition as from every Java \
                application. `crc32` is librdkafka's consistent_random, kcat's default, to which \
                an empty key is none. `fnv1a` is Sarama's. Records without a key stay on one \
                partition until `batch.size` bytes went there, then go to another.
                """,
            defaultValue: "murmur2"
        ),
        Option(
            .compression,
            .destination,
            letter: "z",
            "compression",
            argument: .required("CODEC[:LEVEL]"),
            help: "Compress batches: none, gzip, snappy, lz4 or zstd.",
            manual: """
                The levels are 1 to 9 for `gzip`, 1 to 12 for `lz4`, 1 to 22 for `zstd`, from the \
                fastest to the smallest; their defaults are 6, 1 and 3. `snappy` has none. A \
                kpipe refuses a codec that is not built into it; `--version` lists those that are.
                """,
            defaultValue: "none"
        ),
        Option(
            .list,
            .destination,
            letter: "L",
            "list",
            help: "Print the brokers and the topic's partitions.",
            availability: .notBuilt(instead: "use kcat -L")
        ),
        Option(
            .createTopic,
            .destination,
            "create-topic",
            argument: .optional("PARTITIONS[:REPLICATION]"),
            help: "Create the topic if it is missing.",
            availability: .notBuilt(
                instead: "create the topic first, or let the brokers create it"
            )
        ),
    ]

    static let configuration: [Option] = [
        Option(
            .property,
            .configuration,
            letter: "X",
            argument: .required("NAME=VALUE"),
            help: """
                Set a property, by Java's or librdkafka's name. -X list describes them \
                all, -X dump prints those in force.
                """,
            manual: "May be repeated. See PROPERTIES."
        ),
        Option(
            .configurationFile,
            .configuration,
            letter: "F",
            argument: .required("FILE"),
            help: "Read properties from FILE, a kcat.conf or client.properties; none for no file.",
            manual: "See FILES for the syntax.",
            defaultValue: "$KPIPE_CONFIG, else ~/.config/kpipe.conf"
        ),
    ]

    static let loading: [Option] = [
        Option(
            .job,
            .loading,
            "job",
            argument: .required("NAME"),
            help: "Load the inputs exactly once, resumable.",
            availability: .notBuilt(
                instead: "without it, no record is duplicated within a run"
            )
        ),
        Option(
            .commitInterval,
            .loading,
            "commit-interval",
            argument: .required("SECONDS"),
            help: "How often a transaction is committed.",
            availability: .notBuilt(instead: nil)
        ),
        Option(
            .commitBytes,
            .loading,
            "commit-bytes",
            argument: .required("BYTES"),
            help: "After how many bytes a transaction is committed.",
            availability: .notBuilt(instead: nil)
        ),
    ]
}
