import KafkaProducer
import Testing

/// The hashes that place keys, against vectors of the clients we have to agree with.
@Suite("Key hashes")
struct KeyHashTests {
    /// A key and its three hashes.
    struct Vector: CustomTestStringConvertible {
        let key: String
        let murmur2: UInt32
        let crc32: UInt32
        let fnv1a: UInt32

        init(_ key: String, _ murmur2: UInt32, _ crc32: UInt32, _ fnv1a: UInt32) {
            self.key = key
            self.murmur2 = murmur2
            self.crc32 = crc32
            self.fnv1a = fnv1a
        }

        var testDescription: String { String(key.prefix(40)) }
    }

    /// The table `partitioners` of the project's misc.json, which was computed independently and
    /// then checked against librdkafka's six partitioners.
    static let vectors = [
        Vector("", 0x106e_08d9, 0x0000_0000, 0x811c_9dc5),
        Vector("a", 0xa2d0_b27c, 0xe8b7_be43, 0xe40c_292c),
        Vector("1", 0x892e_6f8f, 0x83dc_efb7, 0x340c_a71c),
        Vector("key", 0xbfa1_76a9, 0x8a90_aba9, 0x6815_c86c),
        Vector("kafka", 0xd067_cf64, 0x5bbc_7517, 0x0d33_c4e1),
        Vector("foobar", 0xd0e4_7bbe, 0x9ef6_1f95, 0xbf9c_f968),
        Vector("21", 0xc5f2_f8ec, 0xfd77_46b4, 0x8cf2_97ec),
        Vector("user-1", 0x53b1_36cc, 0x7e26_4614, 0xf553_7974),
        Vector("user-2", 0xeca1_2be0, 0xe72f_17ae, 0xf853_7e2d),
        Vector("00000000-0000-0000-0000-000000000001", 0xa9d5_245a, 0xf656_ea1f, 0xbd47_8d3e),
        Vector("\u{e9}", 0x0b24_f487, 0x0e04_8d3e, 0x1e9d_e8c1),
        Vector("\u{4e2d}\u{6587}", 0x4005_d34d, 0x5a09_ed37, 0xc488_f045),
        Vector("a-little-bit-long-string", 0xc53b_1da0, 0xee71_cd62, 0xdda3_0828),
        Vector(String(repeating: "x", count: 1000), 0xc050_b11e, 0x3b41_c9e6, 0x07d1_8165),
        Vector("\0b", 0x8e79_cde6, 0xe265_128b, 0x6f77_2bc7),
    ]

    @Test("are those of the other clients", arguments: vectors)
    func agree(_ vector: Vector) {
        let key = Array(vector.key.utf8)
        #expect(Murmur2.hash(key.span) == vector.murmur2)
        #expect(CRC32.hash(key.span) == vector.crc32)
        #expect(FNV1a.hash(key.span) == vector.fnv1a)
    }

    /// Of each length of what is left over behind the last four bytes: what `Utils.murmur2` of
    /// kafka-clients 4.3.1 says.
    @Test("are those of Kafka's client, whatever is left over behind four bytes")
    func javaLengths() {
        let expected: [(String, UInt32)] = [
            ("kafka-78", 0x29c9_3328),
            ("kafka", 0xd067_cf64),
            ("kafka-", 0x5fe8_7f68),
            ("kafka-7", 0xd70f_ed56),
            ("abcdefghijk", 0xf226_0453),
            // Bytes of more than seven bits: Java's are signed.
            ("user=\u{e4}\u{f6}\u{fc}!", 0xcd2e_1673),
            ("key-longer\u{ff}\u{fe}7", 0xc0ee_ec1a),
            ("caf\u{e9}", 0xaf0e_73b2),
            ("kafk\u{e9}", 0x3817_567f),
            ("z\u{fc}rich-1", 0xf7f8_de77),
            // Nothing but what is left over.
            ("\u{4e2d}", 0x1f80_7644),
            ("k\u{e9}", 0xbd75_8393),
            ("\u{e9}a", 0x62a2_e658),
        ]
        expect(expected)
    }

    @Test("are those of Kafka's own test of murmur2")
    func java() {
        let expected: [(String, Int32)] = [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ]
        expect(expected.map { ($0, UInt32(bitPattern: $1)) })
    }

    private func expect(_ murmur2: [(key: String, hash: UInt32)]) {
        for (key, hash) in murmur2 {
            let bytes = Array(key.utf8)
            #expect(Murmur2.hash(bytes.span) == hash, "\(key)")
        }
    }
}
