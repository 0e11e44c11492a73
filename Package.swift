// swift-tools-version: 6.2
import PackageDescription

/// The settings that every target shares; docs/STYLE.md says why.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// The targets that touch the world run on the main actor, which is Dispatch's main queue.
let effects: [SwiftSetting] = strict + [.defaultIsolation(MainActor.self)]

/// Tests state expectations rather than handle memory, so they do without the `unsafe` marks.
let tests: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "kpipe",
    products: [
        .executable(name: "kpipe", targets: ["kpipe"]),
        .executable(name: "kpipe-sandbox", targets: ["kpipe-sandbox"]),
    ],
    // What a build may have besides. None is on by default, so that `swift build` needs zlib alone;
    // `make` turns on those whose library is installed (scripts/traits).
    traits: [
        .trait(name: "Deflate", description: "gzip by libdeflate (libdeflate-dev)"),
        .trait(name: "LZ4", description: "the codec lz4 (liblz4-dev)"),
        .trait(name: "PCRE2", description: "the rule pcre: (libpcre2-dev)"),
        .trait(name: "Snappy", description: "the codec snappy (libsnappy-dev)"),
        .trait(name: "Zstd", description: "the codec zstd (libzstd-dev)"),
        .trait(name: "Mutants", description: "known bugs, for kpipe-sim alone (docs/TESTING.md)"),
        .default(enabledTraits: []),
    ],
    targets: [
        // Libraries of the system. The optional ones have no `pkgConfig:`, of which SwiftPM would
        // warn in builds that leave them out; their module maps name what is linked.
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CDeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CLZ4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CSnappy", providers: [.apt(["libsnappy-dev"])]),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),

        // C: what no Swift module gives. Headers, and what is written for a processor's own
        // instructions: checksums and the search for lines.
        .target(name: "CByteSearch"),
        .target(name: "CKafkaChecksums"),
        .target(name: "CInstructionCounter"),
        .target(name: "CLinux"),
        .target(name: "CProcessor"),
        .target(name: "CGetopt"),
        .target(name: "CRegex"),

        // The way of a record, inside out: bytes, decisions, effects, words.
        .target(
            name: "KafkaProtocol",
            dependencies: [
                "CKafkaChecksums", "CZlib",
                .target(name: "CDeflate", condition: .when(traits: ["Deflate"])),
                .target(name: "CLZ4", condition: .when(traits: ["LZ4"])),
                .target(name: "CSnappy", condition: .when(traits: ["Snappy"])),
                .target(name: "CZstd", condition: .when(traits: ["Zstd"])),
            ],
            swiftSettings: strict
        ),
        .target(name: "RecordFraming", dependencies: ["CByteSearch"], swiftSettings: strict),
        .target(
            name: "RecordRules",
            dependencies: [
                "CRegex", .target(name: "CPCRE2", condition: .when(traits: ["PCRE2"])),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "KafkaProducer",
            dependencies: ["CProcessor", "KafkaProtocol"],
            swiftSettings: strict
        ),
        .target(
            name: "RecordIntake",
            dependencies: ["KafkaProducer", "RecordFraming", "RecordRules"],
            swiftSettings: strict
        ),
        .target(
            name: "EventLoop",
            dependencies: [
                "CLinux", "KafkaProducer", "RecordFraming", "RecordIntake", "RecordRules",
            ],
            swiftSettings: effects
        ),
        .executableTarget(
            name: "kpipe",
            dependencies: [
                "CGetopt", "EventLoop", "KafkaProducer", "KafkaProtocol", "RecordFraming",
                "RecordIntake", "RecordRules",
            ],
            swiftSettings: effects
        ),

        // A cluster in memory, and on TCP.
        .target(
            name: "KafkaSimulator",
            dependencies: [
                "KafkaProducer", "KafkaProtocol", "RecordFraming", "RecordIntake", "RecordRules",
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "kpipe-sim",
            dependencies: ["CGetopt", "KafkaProducer", "KafkaSimulator"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "kpipe-sandbox",
            dependencies: [
                "CGetopt", "CLinux", "EventLoop", "KafkaProducer", "KafkaProtocol",
                "KafkaSimulator",
            ],
            swiftSettings: effects
        ),

        // What a record costs, in instructions.
        .executableTarget(
            name: "kpipe-instructions",
            dependencies: [
                "CInstructionCounter", "EventLoop", "KafkaProducer", "KafkaProtocol",
                "KafkaSimulator", "RecordFraming", "RecordIntake", "RecordRules",
            ],
            swiftSettings: strict
        ),

        // Tests.
        .target(name: "CAllocationCounter"),
        .testTarget(
            name: "KafkaProtocolTests",
            dependencies: ["CKafkaChecksums", "KafkaProtocol"],
            resources: [.copy("Fixtures")],
            swiftSettings: tests
        ),
        .testTarget(
            name: "RecordFramingTests",
            dependencies: ["CByteSearch", "RecordFraming"],
            swiftSettings: tests
        ),
        .testTarget(name: "RecordRulesTests", dependencies: ["RecordRules"], swiftSettings: tests),
        .testTarget(
            name: "KafkaProducerTests",
            dependencies: ["KafkaProducer", "KafkaProtocol", "KafkaSimulator"],
            swiftSettings: tests
        ),
        .testTarget(
            name: "KafkaSimulatorTests",
            dependencies: ["KafkaSimulator", "KafkaProducer", "KafkaProtocol"],
            swiftSettings: tests
        ),
        .testTarget(
            name: "EventLoopTests",
            dependencies: ["EventLoop", "KafkaProducer", "KafkaProtocol"],
            swiftSettings: tests
        ),
        .testTarget(
            name: "AllocationTests",
            dependencies: [
                "CAllocationCounter", "EventLoop", "KafkaProducer", "KafkaProtocol",
                "KafkaSimulator",
                "RecordFraming", "RecordIntake", "RecordRules",
            ],
            swiftSettings: tests
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "kpipe", "kpipe-sandbox", "KafkaProducer", "KafkaProtocol", "RecordFraming",
                "RecordRules",
            ],
            resources: [.copy("Snapshots")],
            swiftSettings: tests
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: ["KafkaProtocol", "kpipe"],
            swiftSettings: tests
        ),
        .testTarget(name: "TidyTests", swiftSettings: tests),
    ]
)
