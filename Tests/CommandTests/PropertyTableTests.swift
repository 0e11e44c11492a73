import KafkaProducer
import KafkaProtocol
import Testing
import kpipe

@Suite("The table of properties")
@MainActor
struct PropertyTableTests {
    @Test("has one row for every property, and no spelling twice")
    func rows() {
        let names = PropertyTable.properties.map(\.name)
        #expect(names.count == PropertyName.allCases.count)
        #expect(Set(names) == Set(PropertyName.allCases))
        let spellings = PropertyTable.spellings
        #expect(Set(spellings).count == spellings.count)
    }

    @Test("knows both spellings of everything in the contract")
    func contract() {
        let names = """
            acks request.required.acks enable.idempotence linger.ms queue.buffering.max.ms \
            batch.size batch.num.messages buffer.memory max.request.size message.max.bytes \
            max.in.flight.requests.per.connection delivery.timeout.ms message.timeout.ms \
            request.timeout.ms retries message.send.max.retries retry.backoff.ms \
            retry.backoff.max.ms compression.type compression.codec compression.level \
            compression.gzip.level compression.lz4.level compression.zstd.level partitioner \
            allow.auto.create.topics metadata.max.age.ms client.id security.protocol \
            bootstrap.servers metadata.broker.list
            """.split(separator: " ")
        for name in names {
            guard case .property = PropertyTable.meaning(of: String(name)) else {
                Issue.record("\(name) is unknown")
                continue
            }
        }
        #expect(
            PropertyTable.meaning(of: "topic.message.timeout.ms") == .property(.deliveryTimeout)
        )
        #expect(PropertyTable.meaning(of: "topic.client.id") == .unknown)
        #expect(PropertyTable.meaning(of: "topic.metadata.refresh.interval.ms") == .foreign)
        #expect(PropertyTable.meaning(of: "ssl.ca.location") == .notBuilt("security is"))
        #expect(
            PropertyTable.meaning(of: "transaction.timeout.ms") == .notBuilt("transactions are")
        )
        #expect(PropertyTable.meaning(of: "group.id") == .foreign)
    }

    @Test("has defaults that are values, and those of the producer")
    func defaults() throws {
        let producer = try Typed.producer()
        let plain = ProducerConfiguration()
        #expect(producer.bootstrap == plain.bootstrap)
        #expect(producer.clientID == plain.clientID)
        #expect(producer.acks == plain.acks)
        #expect(producer.idempotence == plain.idempotence)
        #expect(producer.linger == plain.linger)
        #expect(producer.flushesWhenInputIsIdle == plain.flushesWhenInputIsIdle)
        #expect(producer.batchSize == plain.batchSize)
        #expect(producer.batchRecordLimit == plain.batchRecordLimit)
        #expect(producer.bufferMemory == plain.bufferMemory)
        #expect(producer.maxRequestSize == plain.maxRequestSize)
        #expect(producer.maxInFlightRequests == plain.maxInFlightRequests)
        #expect(producer.deliveryTimeout == plain.deliveryTimeout)
        #expect(producer.requestTimeout == plain.requestTimeout)
        #expect(producer.retries == plain.retries)
        #expect(producer.retryBackoff == plain.retryBackoff)
        #expect(producer.retryBackoffMax == plain.retryBackoffMax)
        #expect(producer.codec == plain.codec)
        #expect(producer.compressionLevel == plain.compressionLevel)
        #expect(producer.partitioner == plain.partitioner)
        #expect(producer.allowsAutoTopicCreation == plain.allowsAutoTopicCreation)
        #expect(producer.metadataMaxAge == plain.metadataMaxAge)
    }

    @Test("takes values in every form, and words in any case")
    func values() throws {
        let producer = try Typed.producer(
            "-Xacks=ALL",
            "-Xenable.idempotence=False",
            "-Xlinger.ms=0.25",
            "-Xbatch.size=1",
            "-Xbatch.num.messages=7",
            "-Xretries=2147483647",
            "-Xdelivery.timeout.ms=0",
            "-Xcompression.codec=GZIP",
            "-Xcompression.level=9",
            "-Xpartitioner=Consistent_Random",
            "-Xallow.auto.create.topics=0",
            "-Xclient.id="
        )
        #expect(producer.acks == .all)
        #expect(!producer.idempotence)
        #expect(producer.linger == .microseconds(250))
        #expect(!producer.flushesWhenInputIsIdle)
        #expect(producer.batchSize == 1)
        #expect(producer.batchRecordLimit == 7)
        #expect(producer.retries == nil)
        #expect(producer.deliveryTimeout == nil)
        #expect(producer.codec == .gzip)
        #expect(producer.compressionLevel == 9)
        #expect(producer.partitioner == .crc32)
        #expect(!producer.allowsAutoTopicCreation)
        #expect(producer.clientID == "")
    }

    @Test("refuses values outside their range, as configuration everywhere")
    func badValues() {
        let words = [
            "acks=2", "acks=", "enable.idempotence=yes", "linger.ms=-1", "linger.ms=5ms",
            "batch.size=0", "batch.size=1e6", "batch.num.messages=0", "retries=-1",
            "max.in.flight=0", "max.request.size=999", "max.request.size=1000000001",
            "request.timeout.ms=0", "metadata.max.age.ms=0", "partitioner=md5",
            "compression.type=brotli", "compression.level=23", "compression.zstd.level=x",
            "allow.auto.create.topics=maybe",
            "bootstrap.servers=", "bootstrap.servers=a:b", "delivery.timeout.ms=99999999999999999",
        ]
        for word in words {
            #expect(Typed.refusal("-X\(word)")?.status == .configuration, "\(word)")
        }
        #expect(Typed.refusal("-Xcompression.level=12", "-zgzip")?.status == .configuration)
        #expect(Typed.refusal("-Xcompression.level=12") == nil, "Without a codec it means nothing.")
    }

    @Test("says how to get a codec that is not built in")
    func codecs() {
        for (codec, package) in [
            (CompressionCodec.snappy, "libsnappy-dev"), (.lz4, "liblz4-dev"),
            (.zstd, "libzstd-dev"),
        ] {
            #expect(codec.packageToInstall == package)
            let file = Typed.environment(files: ["/f": "compression.codec=\(codec.name)"])
            let option = Typed.refusal("-z", codec.name)
            let property = Typed.refusal("-Xcompression.type=\(codec.name)")
            let line = Typed.refusal("-F/f", in: file)
            if codec.isBuiltIn {
                #expect(option == nil && property == nil && line == nil)
                continue
            }
            #expect(option?.status == .usage)
            #expect(property?.status == .configuration)
            #expect(line?.status == .configuration)
            for error in [option, property, line] {
                let message = error?.message ?? ""
                #expect(message.contains("\(codec.name) is not built into this kpipe"))
                #expect(message.contains("install \(package) and build it again"))
            }
        }
        #expect(
            Typed.refusal("-zbrotli")?.message
                == "--compression brotli: expected none, gzip, snappy, lz4 or zstd"
        )
    }

    @Test("gives each codec the levels it has", arguments: CompressionCodec.builtIn)
    func levels(codec: CompressionCodec) throws {
        #expect(try Typed.producer("-z", codec.name).codec == codec)
        #expect(try Typed.producer("-z", codec.name).compressionLevel == nil)
        guard let levels = codec.levels else {
            if codec == .snappy {
                #expect(
                    Typed.refusal("-z", "snappy:1")
                        == .usage("--compression 1: snappy has no levels")
                )
            }
            let producer = try Typed.producer("-z", codec.name, "-Xcompression.level=9")
            #expect(producer.compressionLevel == nil, "Of another codec's level nothing is said.")
            return
        }
        for level in levels {
            #expect(
                try Typed.producer("-z", "\(codec.name):\(level)").compressionLevel == level
            )
        }
        for level in [0, levels.upperBound + 1, -2] {
            #expect(Typed.refusal("-z", "\(codec.name):\(level)")?.status == .usage, "\(level)")
        }
        let own = "-Xcompression.\(codec.name).level=2"
        #expect(try Typed.producer("-z", codec.name, own).compressionLevel == 2)
        #expect(
            try Typed.producer("-z", codec.name, "-Xcompression.level=3", own).compressionLevel
                == 2
        )
        #expect(try Typed.producer("-z", "\(codec.name):3", own).compressionLevel == 3)
        let dump = try Typed.action("-z", "\(codec.name):3", "-Xdump")
        guard case .print(let text) = dump else { throw Typed.NotProducing() }
        #expect(text.contains("compression.\(codec.name).level=3\n"))
        let others = CompressionCodec.allCases.filter { $0 != codec && $0.levels != nil }
        for other in others {
            let producer = try Typed.producer(
                "-z",
                codec.name,
                "-Xcompression.\(other.name).level=2"
            )
            #expect(producer.compressionLevel == nil, "It is \(other.name)'s.")
        }
    }

    @Test("turns idempotence off where it cannot be, and refuses it where it was asked for")
    func idempotence() throws {
        for word in ["acks=1", "acks=0", "retries=0", "max.in.flight=6"] {
            #expect(try !Typed.producer("-X\(word)").idempotence, "\(word)")
            #expect(try !Typed.producer("-X\(word)", "-Xenable.idempotence=false").idempotence)
            let error = Typed.refusal("-X\(word)", "-Xenable.idempotence=true")
            #expect(error?.status == .configuration, "\(word)")
        }
        #expect(try Typed.producer("-Xretries=1", "-Xmax.in.flight=5").idempotence)
    }

    @Test("gives memory to four of the largest requests")
    func bufferMemory() throws {
        #expect(try Typed.producer("-Xmax.request.size=8388608").bufferMemory == 33_554_432)
        #expect(try Typed.producer("-Xmax.request.size=8388609").bufferMemory == 33_554_436)
        #expect(try Typed.producer("-Xbuffer.memory=4194304").bufferMemory == 4_194_304)
        #expect(Typed.refusal("-Xbuffer.memory=4194303")?.status == .configuration)
    }

    @Test("ends a request before the records in it")
    func requestTimeout() throws {
        #expect(
            try Typed.producer("-Xdelivery.timeout.ms=1000").requestTimeout == .milliseconds(995)
        )
        #expect(
            try Typed.producer("-Xdelivery.timeout.ms=1000", "-Xlinger.ms=2000").requestTimeout
                == .seconds(1)
        )
        #expect(try Typed.producer("-Xdelivery.timeout.ms=0").requestTimeout == .seconds(30))
    }

    @Test("backs off no longer than the maximum that was set, and else as long as was set")
    func backoff() throws {
        let long = try Typed.producer("-Xretry.backoff.ms=3000")
        #expect(long.retryBackoff == .seconds(3) && long.retryBackoffMax == .seconds(3))
        let bounded = try Typed.producer("-Xretry.backoff.ms=3000", "-Xretry.backoff.max.ms=50")
        #expect(bounded.retryBackoff == .milliseconds(50))
        #expect(bounded.retryBackoffMax == .milliseconds(50))
    }

    @Test("turns flushing at idle input off where linger was set above 0")
    func linger() throws {
        #expect(try Typed.producer().flushesWhenInputIsIdle)
        #expect(try Typed.producer("-Xlinger.ms=0").flushesWhenInputIsIdle)
        #expect(try !Typed.producer("-Xlinger.ms=5").flushesWhenInputIsIdle)
    }

    @Test("takes brokers with and without ports, IPv6 in brackets, and blanks between them")
    func brokers() throws {
        #expect(
            try Typed.producer("-b", "a, b:1 ,,[::1],[fe80::1%eth0]:65535,10.0.0.1:2").bootstrap
                == [
                    BrokerAddress(host: "a", port: 9092), BrokerAddress(host: "b", port: 1),
                    BrokerAddress(host: "::1", port: 9092),
                    BrokerAddress(host: "fe80::1%eth0", port: 65535),
                    BrokerAddress(host: "10.0.0.1", port: 2),
                ]
        )
        for text in [
            "", ",", "::1", "a:", "a:0", "a:65536", "a:+1", "[::1", "[::1]x", "[]:1", ":1", "a b",
            "ssl://a:1",
        ] {
            #expect(Typed.refusal("-b", text)?.status == .usage, "\(text)")
        }
    }

    @Test("knows the partitioners of librdkafka and Java")
    func partitioners() throws {
        let names: [(String, PartitionerKind)] = [
            ("murmur2", .murmur2), ("murmur2_random", .murmur2), ("crc32", .crc32),
            ("consistent", .crc32), ("fnv1a", .fnv1a), ("fnv1a_random", .fnv1a),
            ("random", .random), ("roundrobin", .roundRobin),
            ("org.apache.kafka.clients.producer.RoundRobinPartitioner", .roundRobin),
            ("org.apache.kafka.clients.producer.internals.DefaultPartitioner", .murmur2),
        ]
        for (name, kind) in names {
            #expect(try Typed.producer("--partitioner", name).partitioner == kind, "\(name)")
            #expect(try Typed.producer("-Xpartitioner=\(name)").partitioner == kind, "\(name)")
        }
    }

    @Test("finds the nearest name, and none where none is near")
    func suggestions() {
        let names = ["linger.ms", "batch.size", "acks"]
        #expect(Spelling.nearest(to: "LINGER.MS", among: names) == "linger.ms")
        #expect(Spelling.nearest(to: "ack", among: names) == "acks")
        #expect(Spelling.nearest(to: "xyz", among: names) == nil)
        #expect(Spelling.nearest(to: "", among: names) == nil)
        #expect(Spelling.nearest(to: String(repeating: "a", count: 5000), among: names) == nil)
    }
}
