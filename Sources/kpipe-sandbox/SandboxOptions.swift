import KafkaSimulator

/// What the command line of the sandbox says.
struct SandboxOptions {
    /// Why a command line is refused.
    struct UsageError: Error {
        var message: String
    }

    /// A topic that is there from the start.
    struct Topic {
        var name: String
        var partitionCount: Int
    }

    var brokerCount = 1
    var topics: [Topic] = []
    /// The first broker's port, or 0 for any that are free.
    var firstPort: UInt16 = 0
    var createsTopics = true
    var createdPartitionCount = 1
    var prints = false
    var isNull = false
    var maxMessageBytes: Int?
    var profile = BrokerProfile.kafka4_3
    var firstLookUp = FakeClusterConfiguration.FirstLookUp.settled
    var untilEndOfInput = false
    /// What goes wrong by itself, or `nil` if nothing does.
    var chaos: Chaos.Configuration?
    /// Control lines to obey before the first connection.
    var controlLines: [String] = []
    var wantsHelp = false

    /// Reads the arguments behind the program's name.
    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let (name, attached) = Self.split(argument)
            if Self.flags.contains(name) {
                guard attached == nil else {
                    throw UsageError(message: "\(name) takes no value")
                }
                try set(flag: name)
            } else {
                guard let value = attached ?? rest.popFirst() else {
                    throw UsageError(
                        message: "\(argument): no such option, or its value is missing"
                    )
                }
                try set(option: name, to: value)
            }
        }
    }

    private static let flags = [
        "--no-auto-create", "--print", "--null", "--until-eof", "--help", "-h",
    ]

    /// Splits `--name=value`.
    private static func split(_ argument: String) -> (name: String, attached: String?) {
        guard argument.hasPrefix("--"), let sign = argument.firstIndex(of: "=") else {
            return (argument, nil)
        }
        return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }

    private mutating func set(flag: String) throws(UsageError) {
        switch flag {
        case "--no-auto-create": createsTopics = false
        case "--print": prints = true
        case "--null": isNull = true
        case "--until-eof": untilEndOfInput = true
        default: wantsHelp = true
        }
        if prints && isNull {
            throw UsageError(message: "--null decodes nothing that --print could print")
        }
    }

    private mutating func set(option: String, to value: String) throws(UsageError) {
        switch option {
        case "--brokers": brokerCount = try Self.number(value, 1...1000, option)
        case "--topic": topics.append(try Self.topic(value))
        case "--port": firstPort = UInt16(try Self.number(value, 0...65535, option))
        case "--partitions": createdPartitionCount = try Self.number(value, 1...100_000, option)
        case "--max-message-bytes":
            maxMessageBytes = try Self.number(value, 1...Int(Int32.max), option)
        case "--profile":
            guard let known = BrokerProfile.all.first(where: { $0.name == value }) else {
                throw UsageError(message: "--profile \(value): not known; see --help")
            }
            profile = known
        case "--first-look-up":
            switch value {
            case "settled": firstLookUp = .settled
            case "5": firstLookUp = .leaderNotAvailable
            case "3": firstLookUp = .unknownTopic
            default: throw UsageError(message: "--first-look-up \(value): settled, 5 or 3")
            }
        case "--chaos": chaos = try Self.chaos(value)
        case "--do": controlLines.append(value)
        default: throw UsageError(message: "\(option): no such option; see --help")
        }
    }

    private static func number(
        _ text: String,
        _ range: ClosedRange<Int>,
        _ option: String
    ) throws(UsageError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                message: "\(option) \(text): a number from \(range.lowerBound) to "
                    + "\(range.upperBound) is expected"
            )
        }
        return number
    }

    private static func chaos(_ text: String) throws(UsageError) -> Chaos.Configuration {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let seed = UInt64(parts[0]), parts.count <= 3 else {
            throw UsageError(message: "--chaos \(text): SEED[:RATE[:KIND,...]] is expected")
        }
        var chaos = Chaos.Configuration(seed: seed)
        if parts.count > 1 { chaos.rate = try number(parts[1], 0...100, "--chaos") }
        guard parts.count > 2 else { return chaos }
        chaos.kinds = []
        for name in parts[2].split(separator: ",") {
            guard let kind = ChaosFault(rawValue: String(name)) else {
                throw UsageError(message: "--chaos: no such kind, \(name); see --help")
            }
            chaos.kinds.append(kind)
        }
        return chaos
    }

    private static func topic(_ text: String) throws(UsageError) -> Topic {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first, parts.count <= 2, FakeTopic.isValid(name: String(name))
        else { throw UsageError(message: "--topic \(text): NAME or NAME:PARTITIONS is expected") }
        let count = parts.count == 1 ? 1 : try number(String(parts[1]), 1...100_000, "--topic")
        return Topic(name: String(name), partitionCount: count)
    }
}
