import Foundation
import KafkaProducer
import KafkaProtocol
import KafkaSimulator
import Testing

@Suite("What others have encoded")
struct FixtureTests {
    /// The known answers that KafkaProtocol is tested with, by their names.
    private static func fixtures(_ file: String) throws -> [String: [UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let path = folder.appending(path: "../KafkaProtocolTests/Fixtures/\(file).json")
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: path))
        let entries = try #require(object as? [String: Any])
        return entries.compactMapValues { entry in
            guard let hex = (entry as? [String: Any])?["hex"] as? String else { return nil }
            return stride(from: 0, to: hex.count, by: 2).compactMap { start in
                let from = hex.index(hex.startIndex, offsetBy: start)
                return UInt8(hex[from...].prefix(2), radix: 16)
            }
        }
    }

    @Test("is appended: batches, plain and gzip")
    func batches() throws {
        var client = Dialogue()
        let connection = try client.connect()
        let batches = try Self.fixtures("batches")
        for (name, values) in [
            ("plain_1rec", ["hello"]), ("keyed_header_1rec", ["v1"]),
            ("null_value_tombstone", [nil]), ("empty_key_empty_value", [""]),
            ("idempotent_3rec_none", ["a", "b", "c"]), ("gzip_2rec", nil),
        ] as [(String, [String?]?)] {
            let before = client.values().count
            let bytes = try #require(batches[name])
            let response = try client.produceResponse(bytes, on: connection)
            #expect(response.topics[0].partitions[0].errorCode == .none, "\(name)")
            let appended = client.values()[before...]
            if let values { #expect(Array(appended) == values, "\(name)") }
            if name == "gzip_2rec" { #expect(appended.count == 2) }
        }
        let transactional = try #require(batches["txn_1rec"])
        let response = try client.produceResponse(transactional, on: connection)
        #expect(response.topics[0].partitions[0].errorCode == .invalidTxnState)
    }

    @Test("is appended: batches of each codec of this build, by other producers")
    func compressedBatches() throws {
        let start = String(repeating: "kpipe ", count: 8)
        for (name, bytes) in try Self.fixtures("compressed") {
            // They carry the time at which they were made, far ahead of the simulation's.
            var client = Dialogue { $0.timestampAfterMax = .seconds(1_000_000_000) }
            let connection = try client.connect()
            let code = try client.produceResponse(bytes, on: connection).topics[0].partitions[0]
                .errorCode
            let codec = name.split(separator: "_")[0]
            guard CompressionCodec(name: String(codec))?.isBuiltIn == true else {
                #expect(code == .unsupportedCompressionType, "\(name)")
                continue
            }
            #expect(code == .none, "\(name)")
            #expect(client.values() == [start + "one", start + "two", start + "three"])
        }
    }

    @Test("is answered: a Produce request of each version", arguments: 3...13)
    func requests(_ version: Int) throws {
        var client = Dialogue()
        let id = TopicID(high: 0x0123_4567_89ab_cdef, low: 0x0123_4567_89ab_cdef)
        client.cluster.createTopic(named: "t1", partitionCount: 3, id: id)
        let connection = try client.connect()
        let frame = try #require(try Self.fixtures("frames")["ProduceRequest_v\(version)"])
        guard case .response(let bytes) = client.send(frame, on: connection).action else {
            Issue.record("It is answered.")
            return
        }
        var reader = ByteReader(Array(bytes.dropFirst(4)))
        _ = try ResponseHeader.read(api: .produce, version: Int16(version), &reader)
        let response = try ProduceResponse.decode(&reader, version: Int16(version))
        #expect(response.topics[0].partitions[0].index == 2)
        #expect(response.topics[0].partitions[0].errorCode == .none)
        #expect(client.values(of: "t1", partition: 2) == ["a", "b", "c"])
        #expect(client.cluster.log(of: "t1", partition: 2)?.records.map(\.sequence) == [0, 1, 2])
        #expect(client.violations().isEmpty)
    }
}
