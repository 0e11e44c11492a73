import Glibc
import KafkaProtocol

/// The golden bytes in the folder `Fixtures`.
///
/// They are the project's vectors: written by a schema codec of its own, from Kafka's own message
/// schemas, and decoded and encoded again, byte for byte, by kafka-python 3.0.12.
enum Fixtures {
    /// Whole requests (correlation id 1, client id `kpipe`) and bodies of responses.
    static let frames = JSON(file("frames.json"))

    /// Whole record batches, checksums and variable-length integers.
    static let batches = JSON(file("batches.json"))

    /// Whole record batches of each codec, by other producers.
    static let compressed = JSON(file("compressed.json"))

    /// The identity that the topic of the fixtures has.
    static let topicID = TopicID(high: 0x0123_4567_89ab_cdef, low: 0x0123_4567_89ab_cdef)

    /// The bytes of a request, its size included.
    static func request(_ api: APIKey, _ version: Int16) -> [UInt8] {
        bytes(hex: frames["\(api.name)Request_v\(version)"]["hex"].text)
    }

    /// The bytes of a response, behind its header.
    static func responseBody(_ api: APIKey, _ version: Int16) -> [UInt8] {
        bytes(hex: frames["\(api.name)Response_v\(version)"]["hex"].text)
    }

    /// The bytes of a record batch.
    static func batch(_ name: String) -> [UInt8] {
        bytes(hex: batches[name]["hex"].text)
    }

    /// The bytes that hexadecimal digits, with or without `0x`, stand for.
    static func bytes(hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        precondition(digits.count % 2 == 0)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    private static func file(_ name: String) -> [UInt8] {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/Fixtures/\(name)"
        guard let stream = fopen(path, "r") else { preconditionFailure("no \(path)") }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        while true {
            let byte = fgetc(stream)
            guard byte != EOF else { return bytes }
            bytes.append(UInt8(byte))
        }
    }
}

extension APIKey {
    /// The versions we speak and have golden bytes of: all but Metadata 2 and 3, which stand
    /// between what librdkafka's mock cluster sends and version 4.
    var eachVersion: [Int16] { versions.filter { self != .metadata || $0 >= 4 } }
}
