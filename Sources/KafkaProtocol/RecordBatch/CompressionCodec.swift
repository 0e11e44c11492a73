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

    /// The codecs of this build, `none` among them.
    package static var builtIn: [CompressionCodec] { allCases.filter(\.isBuiltIn) }

    /// Whether this build can compress with it.
    package var isBuiltIn: Bool {
        switch self {
        case .none, .gzip: return true
        case .snappy:
            #if Snappy
            return true
            #else
            return false
            #endif
        case .lz4:
            #if LZ4
            return true
            #else
            return false
            #endif
        case .zstd:
            #if Zstd
            return true
            #else
            return false
            #endif
        }
    }

    /// Which of two libraries this build has the codec by, or `nil` if there is only one.
    package var library: String? {
        guard self == .gzip else { return nil }
        #if Deflate
        return "libdeflate"
        #else
        return "zlib"
        #endif
    }

    /// What Debian calls the library that a build needs to have the codec, or `nil` if every build
    /// has it.
    package var packageToInstall: String? {
        switch self {
        case .none, .gzip: nil
        case .snappy: "libsnappy-dev"
        case .lz4: "liblz4-dev"
        case .zstd: "libzstd-dev"
        }
    }

    /// The levels to choose from, from the fastest to the smallest, or `nil` if there are none.
    ///
    /// They are the same in every build. libdeflate's above 9 and zstd's negative ones are left
    /// out.
    package var levels: ClosedRange<Int>? {
        switch self {
        case .none, .snappy: nil
        case .gzip: 1...9
        case .lz4: 1...12
        case .zstd: 1...22
        }
    }

    /// The level of a codec where none was chosen: its library's own default.
    var defaultLevel: Int {
        switch self {
        case .none, .snappy: 0
        case .gzip: 6
        case .lz4: 1
        case .zstd: 3
        }
    }
}
