// swift-tools-version: 6.2
import PackageDescription

// The sources of kpipe once more, for the fuzzer: docs/TESTING.md, "Fuzzing", says how they are
// built. They are reached by the link `Sources`, and share one package with the targets in
// `Targets`, so that those see what is `package`.

/// What makes code tell the fuzzer where it has been, and find what it does to memory.
///
/// Both in one flag, behind what `swift build` itself says of sanitizers: of several, swiftc takes
/// the last one only, and `--sanitize` twice comes in an order that changes from run to run.
let watched = "-sanitize=fuzzer,address"

/// The same for C.
let watchedC: [CSetting] = [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]

/// The settings of the sources themselves, as in the root's Package.swift.
///
/// Assertions stay in the optimized code: they are what the fuzzer tries to break.
let checked: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .unsafeFlags([watched, "-assert-config", "Debug"]),
]

let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "CZlib"),
        .target(name: "CByteSearch", cSettings: watchedC),
        .target(name: "CKafkaChecksums", cSettings: watchedC),
        .target(name: "CProcessor", cSettings: watchedC),
        .target(name: "CGetopt", cSettings: watchedC),
        .target(name: "CRegex", cSettings: watchedC),
        .target(
            name: "KafkaProtocol",
            dependencies: ["CKafkaChecksums", "CZlib"],
            swiftSettings: checked
        ),
        .target(name: "RecordFraming", dependencies: ["CByteSearch"], swiftSettings: checked),
        .target(name: "RecordRules", dependencies: ["CRegex"], swiftSettings: checked),
        .target(
            name: "KafkaProducer",
            dependencies: ["CProcessor", "KafkaProtocol"],
            swiftSettings: checked
        ),
        .target(
            name: "RecordIntake",
            dependencies: ["KafkaProducer", "RecordFraming", "RecordRules"],
            swiftSettings: checked
        ),
        .target(
            name: "KafkaSimulator",
            dependencies: ["KafkaProducer", "KafkaProtocol", "RecordFraming", "RecordRules"],
            exclude: ["Checkers", "Input", "Mutants", "Simulation"],
            swiftSettings: checked
        ),
        // The command as a library: all but its effects.
        .target(
            name: "kpipe",
            dependencies: [
                "CGetopt", "KafkaProducer", "KafkaProtocol", "RecordFraming", "RecordIntake",
                "RecordRules",
            ],
            exclude: ["Command.swift", "main.swift"],
            swiftSettings: checked + [.defaultIsolation(MainActor.self)]
        ),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "KafkaProducer", "KafkaProtocol", "KafkaSimulator", "RecordFraming", "RecordRules",
                "kpipe",
            ],
            path: "Targets",
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableExperimentalFeature("Lifetimes"),
                .treatAllWarnings(as: .error),
                // The main function is libFuzzer's.
                .unsafeFlags([watched, "-parse-as-library"]),
            ],
            linkerSettings: [.unsafeFlags([watched])]
        ),
    ]
)
