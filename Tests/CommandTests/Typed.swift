import KafkaProducer

import kpipe

/// Command lines and machines, as tests write them.
enum Typed {
    /// The arguments of a command line; the name of the program is put before them.
    static func arguments(_ words: [String]) -> [[UInt8]] {
        (["kpipe"] + words).map { Array($0.utf8) }
    }

    /// A machine with these variables and files, and no others.
    static func environment(
        _ variables: [String] = [],
        files: [String: String] = [:]
    ) -> Environment {
        Environment(variables: variables.map { Array($0.utf8) }) { path in
            switch files[String(decoding: path, as: UTF8.self)] {
            case "unreadable": .unreadable("Permission denied")
            case let text?: .bytes(Array(text.utf8))
            case nil: .absent
            }
        }
    }

    /// What a command line means.
    @MainActor
    static func action(
        _ words: String...,
        in environment: Environment = environment()
    ) throws(CommandError) -> CommandLineAction {
        try CommandLineAction(arguments(words), in: environment)
    }

    /// What a command line for `-t logs` and some more words means.
    @MainActor
    static func configuration(
        _ words: String...,
        in environment: Environment = environment()
    ) throws -> CommandConfiguration {
        let action = try CommandLineAction(arguments(["-t", "logs"] + words), in: environment)
        guard case .produce(let configuration) = action else { throw NotProducing() }
        return configuration
    }

    /// The producer's part of what a command line means.
    @MainActor
    static func producer(
        _ words: String...,
        in environment: Environment = environment()
    ) throws -> ProducerConfiguration {
        let action = try CommandLineAction(arguments(["-t", "logs"] + words), in: environment)
        guard case .produce(let configuration) = action else { throw NotProducing() }
        return configuration.producer
    }

    /// The error that a command line for `-t logs` and some more words ends with, or `nil`.
    @MainActor
    static func refusal(
        _ words: String...,
        in environment: Environment = environment()
    ) -> CommandError? {
        do throws(CommandError) {
            _ = try CommandLineAction(arguments(["-t", "logs"] + words), in: environment)
            return nil
        } catch {
            return error
        }
    }

    /// A command line that was to produce asked for something else.
    struct NotProducing: Error {}
}
