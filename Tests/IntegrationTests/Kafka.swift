import Glibc
import Testing

/// The real Kafka that the environment names, seen through other people's programs.
///
/// `KAFKA_PLAINTEXT` holds its addresses. `KAFKA_TOOL` and `KAFKA_DIR`, where they are set, name a
/// script that breaks the cluster and reads its logs, and the cluster's folder.
enum Kafka {
    /// The bootstrap addresses, or `nil` where there is no Kafka to test against.
    static let brokers = environment("KAFKA_PLAINTEXT")
    /// Whether the cluster can be broken and its logs read.
    static let hasTool = environment("KAFKA_TOOL") != nil && environment("KAFKA_DIR") != nil

    /// How many brokers it has, as far as the environment says.
    static let brokerCount = environment("KAFKA_BROKERS").flatMap { Int($0) } ?? 1

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A topic's name that no test has used before.
    static func newTopic(_ purpose: String) -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return "kpipe-\(purpose)-\(now.tv_sec)-\(now.tv_nsec)"
    }

    /// A record as it stands in a topic.
    struct Record: Equatable {
        let partition: Int
        let offset: Int
        let timestamp: Int
        let key: [UInt8]?
        let value: [UInt8]?

        /// The value as text; a null one as `nil`.
        var text: String? { value.map { String(decoding: $0, as: UTF8.self) } }
        /// The key as text; a null one as `nil`.
        var keyText: String? { key.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// All records of a topic, in the order of their partitions and offsets, read by kcat.
    static func read(_ topic: String) -> [Record] {
        let kcat = ChildProcess([
            "kcat", "-C", "-b", brokers ?? "", "-t", topic, "-o", "beginning", "-e", "-q",
            "-f", "%p %o %T %K %S %k%s",
        ])
        let outcome = kcat.finish()
        #expect(outcome.status == 0, "kcat: \(outcome.errors)")
        var rest = outcome.output[...]
        var records: [Record] = []
        while !rest.isEmpty {
            let head = (0..<5).map { _ in number(&rest) }
            let key = bytes(head[3], &rest)
            records.append(
                Record(
                    partition: head[0],
                    offset: head[1],
                    timestamp: head[2],
                    key: key,
                    value: bytes(head[4], &rest)
                )
            )
        }
        return records.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
    }

    /// Produces lines of keys and values by kcat, with further options.
    static func produceByKcat(_ lines: String, to topic: String, _ options: [String]) {
        let input = TemporaryFile(lines)
        let kcat = ChildProcess(
            ["kcat", "-P", "-b", brokers ?? "", "-t", topic] + options,
            input: .file(input.path)
        )
        let outcome = kcat.finish()
        #expect(outcome.status == 0, "kcat: \(outcome.errors)")
    }

    /// Runs the script that breaks and reads the cluster.
    @discardableResult
    static func tool(_ command: String, _ arguments: String...) -> String {
        let folder = environment("KAFKA_DIR") ?? ""
        let tool = ChildProcess(
            [environment("KAFKA_TOOL") ?? "", command, folder] + arguments,
            seconds: 120
        )
        let outcome = tool.finish()
        #expect(outcome.status == 0, "\(command): \(outcome.errors)")
        return String(decoding: outcome.output, as: UTF8.self)
    }

    /// A record batch in a partition's log, as the broker reads it.
    struct LoggedBatch {
        /// The fields by their names: `producerId`, `baseSequence`, `compresscodec`, ...
        let fields: [String: String]

        /// The field as a number; -2, which no field has, if there is none.
        func number(_ name: String) -> Int { fields[name].flatMap { Int($0) } ?? -2 }
    }

    /// The record batches in a partition's log, read by Kafka's own tool.
    static func logged(_ topic: String, partition: Int) -> [LoggedBatch] {
        tool("dump", "\(topic)-\(partition)").split(separator: "\n")
            .filter { $0.hasPrefix("baseOffset: ") }
            .map { line in
                let words = line.split(separator: " ").map(String.init)
                var fields: [String: String] = [:]
                for (name, value) in zip(words, words.dropFirst()) where name.hasSuffix(":") {
                    fields[String(name.dropLast())] = value
                }
                return LoggedBatch(fields: fields)
            }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int {
        let digits = rest.prefix { $0 != UInt8(ascii: " ") }
        rest = rest.dropFirst(digits.count + 1)
        return Int(String(decoding: digits, as: UTF8.self)) ?? -2
    }

    private static func bytes(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard count >= 0 else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
