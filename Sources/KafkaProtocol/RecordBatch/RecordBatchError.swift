/// Why a record batch is none that a broker accepts from a producer.
package enum RecordBatchError: Error, Equatable, Sendable {
    /// The header or a record does not decode.
    case malformed(WireError)

    /// The batch is not as large as it says.
    case wrongSize(claimed: Int, actual: Int)

    /// The layout is another version's.
    case wrongMagic(Int8)

    /// The checksum is not that of the bytes.
    case wrongChecksum(claimed: UInt32, actual: UInt32)

    /// A field of the header has a value that no producer may send.
    case wrongHeader(field: String, value: Int64)

    /// There is no such codec.
    case unknownCodec(Int16)

    /// This build cannot decompress the codec.
    case codecNotBuiltIn(CompressionCodec)

    /// The records do not decompress.
    case notDecompressed(CompressionError)

    /// A field of the record with a number has a value that it may not have.
    case wrongRecord(index: Int32, field: String, value: Int64)

    /// The code with which a broker refuses such a batch.
    package var errorCode: ErrorCode {
        switch self {
        case .wrongSize, .wrongChecksum, .notDecompressed: .corruptMessage
        case .malformed, .wrongMagic, .wrongHeader, .wrongRecord: .invalidRecord
        case .unknownCodec, .codecNotBuiltIn: .unsupportedCompressionType
        }
    }
}
