/// How the records of a batch are compressed, by its number in the batch's attributes.
package enum CompressionCodec: Int8, CaseIterable, Sendable {
    /// Not at all.
    case none = 0

    /// As one gzip member (RFC 1952).
    case gzip = 1

    /// As Snappy.
    case snappy = 2

    /// As one LZ4 frame.
    case lz4 = 3

    /// As Zstandard.
    case zstd = 4

    /// Kafka's name of the codec.
    package var name: String {
        switch self {
        case .none: "none"
        case .gzip: "gzip"
        case .snappy: "snappy"
        case .lz4: "lz4"
        case .zstd: "zstd"
        }
    }

    /// The codec of a name, or `nil` if there is none.
    package init?(name: String) {
        guard let codec = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = codec
    }

    /// Whether this build can compress with it.
    package var isBuiltIn: Bool { packageToInstall == nil }

    /// What Debian calls the library a build needs to have the codec, or `nil` if it is built in.
    package var packageToInstall: String? {
        switch self {
        case .none, .gzip: nil
        case .snappy: "libsnappy-dev"
        case .lz4: "liblz4-dev"
        case .zstd: "libzstd-dev"
        }
    }
}
