import KafkaProtocol

/// A record batch as a test wants it, right or wrong.
///
/// It is encoded here, byte by byte after docs/PROTOCOL.md section 5, and with a checksum of its
/// own, so that neither the producer's encoder nor the simulator's decoder is tested by itself.
struct SampleBatch {
    struct Record {
        var key: [UInt8]?
        var value: [UInt8]?
        var headers: [(key: [UInt8]?, value: [UInt8]?)] = []
        var timestampDelta: Int64 = 0
        var offsetDelta: Int32?
        var attributes: UInt8 = 0
        /// How much the length says too much.
        var excess: Int64 = 0

        init(_ value: String? = "v", key: String? = nil) {
            self.key = key.map { Array($0.utf8) }
            self.value = value.map { Array($0.utf8) }
        }
    }

    var baseOffset: Int64 = 0
    var magic: Int8 = 2
    var attributes: Int16 = 0
    var lastOffsetDelta: Int32?
    var baseTimestamp: Int64 = 1_700_000_000_000
    var maxTimestamp: Int64?
    var producerID: Int64 = -1
    var producerEpoch: Int16 = -1
    var baseSequence: Int32 = -1
    var recordCount: Int32?
    var records: [Record]
    /// What stands where the records would, or `nil` for the records.
    var payload: [UInt8]?
    /// What is wrong with the checksum.
    var checksumError: UInt32 = 0
    /// What is wrong with the length.
    var lengthError: Int32 = 0

    /// A batch of records that hold nothing but a `v`.
    init(count: Int = 1) {
        records = Array(repeating: Record(), count: count)
    }

    /// A batch of an idempotent producer.
    init(producer: Int64 = 4000, epoch: Int16 = 0, sequence: Int32, count: Int = 1) {
        self.init(count: count)
        producerID = producer
        producerEpoch = epoch
        baseSequence = sequence
    }

    /// A batch of records that are not all alike.
    init(records: [Record]) {
        self.records = records
    }

    /// The batch with something changed.
    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    /// The whole batch.
    var bytes: [UInt8] {
        let body = payload ?? records.enumerated().flatMap { encode($1, at: Int32($0)) }
        let count = recordCount ?? Int32(records.count)
        let largest = records.map { baseTimestamp &+ $0.timestampDelta }.max() ?? baseTimestamp
        var covered: [UInt8] = []
        covered += big(attributes)
        covered += big(lastOffsetDelta ?? count &- 1)
        covered += big(baseTimestamp)
        covered += big(maxTimestamp ?? largest)
        covered += big(producerID)
        covered += big(producerEpoch)
        covered += big(baseSequence)
        covered += big(count)
        covered += body
        var bytes = big(baseOffset)
        bytes += big(Int32(covered.count + 9) &+ lengthError)
        bytes += big(Int32(-1))
        bytes += big(magic)
        bytes += big(Self.crc32c(covered) ^ checksumError)
        return bytes + covered
    }

    private func encode(_ record: Record, at index: Int32) -> [UInt8] {
        var body: [UInt8] = [record.attributes]
        body += Self.varint(record.timestampDelta)
        body += Self.varint(Int64(record.offsetDelta ?? index))
        body += Self.counted(record.key)
        body += Self.counted(record.value)
        body += Self.varint(Int64(record.headers.count))
        for header in record.headers {
            body += Self.counted(header.key) + Self.counted(header.value)
        }
        return Self.varint(Int64(body.count) + record.excess) + body
    }

    private func big<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
        stride(from: Integer.bitWidth - 8, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: value >> Integer($0))
        }
    }

    private static func counted(_ bytes: [UInt8]?) -> [UInt8] {
        guard let bytes else { return varint(-1) }
        return varint(Int64(bytes.count)) + bytes
    }

    private static func varint(_ value: Int64) -> [UInt8] {
        var rest = UInt64(bitPattern: value &<< 1 ^ value >> 63)
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
        }
        return ~sum
    }
}
