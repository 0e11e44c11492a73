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
    traits: [
        // Known bugs, to be switched on in kpipe-sim: docs/TESTING.md, "Mutants".
        .trait(name: "Mutants"),
        .default(enabledTraits: []),
    ],
    targets: [
        // C: what no Swift module gives. Headers, and one file of checksums.
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKafkaChecksums"),
        .target(name: "CLinux"),
        .target(name: "CGetopt"),
        .target(name: "CRegex"),

        // The way of a record, inside out: bytes, decisions, effects, words.
        .target(
            name: "KafkaProtocol",
            dependencies: ["CKafkaChecksums", "CZlib"],
            swiftSettings: strict
        ),
        .target(name: "RecordFraming", swiftSettings: strict),
        .target(name: "RecordRules", dependencies: ["CRegex"], swiftSettings: strict),
        .target(name: "KafkaProducer", dependencies: ["KafkaProtocol"], swiftSettings: strict),
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
            dependencies: ["RecordFraming"],
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
            dependencies: ["EventLoop", "KafkaProducer"],
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
        .testTarget(name: "IntegrationTests", dependencies: ["kpipe"], swiftSettings: tests),
        .testTarget(name: "TidyTests", swiftSettings: tests),
    ]
)
