// swift-tools-version: 6.1
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// On Linux libarchive and libcrypto are linked statically: what is used of them needs nothing else, whereas shared libarchive
// brings 12 others (XML, ICU and compressors among them), which cost each start of a program 1.3 ms and 28 MB of address space.
// Debian and Ubuntu ship both with the headers; elsewhere RECURRENT_SHARED_LIBRARIES=1 takes the shared ones.
#if os(Linux)
  let isStatic = Context.environment["RECURRENT_SHARED_LIBRARIES"] == nil
#else
  let isStatic = false
#endif

let package = Package(
  name: "Recurrent",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Recurrent", targets: ["Recurrent"]),
    .library(name: "ClassifierTraining", targets: ["ClassifierTraining"]),
    .executable(name: "classify", targets: ["classify"]),
    .executable(name: "rnnpkg", targets: ["rnnpkg"]),
  ],
  dependencies: [
    // Command lines: usage errors, help and completions as users expect them.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    // Training configurations are TOML files; only `rnnpkg` reads them.
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    // MARK: Foundations
    .target(name: "CRecurrentKernels"),
    .systemLibrary(
      name: "CArchive", pkgConfig: isStatic ? nil : "libarchive",
      providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    // OpenSSL's libcrypto, for SHA-256 and Ed25519 on Linux; on macOS both are CryptoKit's. swift-crypto would be BoringSSL
    // compiled by each user: two minutes of a first build of five.
    .systemLibrary(
      name: "CCrypto", pkgConfig: isStatic ? nil : "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "Cryptography", dependencies: [.target(name: "CCrypto", condition: .when(platforms: [.linux]))],
      swiftSettings: swiftSettings,
      linkerSettings: [.linkedLibrary(isStatic ? ":libcrypto.a" : "crypto", .when(platforms: [.linux]))]),
    .target(name: "StrictJSON", swiftSettings: swiftSettings),
    .target(name: "FileAccess", dependencies: ["StrictJSON"], swiftSettings: swiftSettings),
    .target(
      name: "RecurrentNumerics", dependencies: ["CRecurrentKernels"],
      swiftSettings: swiftSettings),

    // MARK: Cells, text, packages
    .target(
      name: "RecurrentCells", dependencies: ["CRecurrentKernels", "RecurrentNumerics"],
      swiftSettings: swiftSettings),
    .target(name: "TextEncoding", swiftSettings: swiftSettings),
    .target(
      name: "TextRecords", dependencies: ["CZlib", "FileAccess", "StrictJSON"],
      swiftSettings: swiftSettings),
    .target(
      name: "ModelPackage",
      dependencies: [
        "CArchive", "CZlib", "Cryptography", "FileAccess", "StrictJSON",
      ], swiftSettings: swiftSettings,
      linkerSettings: [.linkedLibrary(isStatic ? ":libarchive.a" : "archive")]),

    // MARK: The classifier
    .target(
      name: "SequenceClassifier",
      dependencies: ["RecurrentNumerics", "RecurrentCells", "TextEncoding", "ModelPackage", "StrictJSON"],
      swiftSettings: swiftSettings),
    .target(
      name: "ClassifierTraining",
      dependencies: [
        "SequenceClassifier", "RecurrentNumerics", "RecurrentCells", "TextEncoding",
        "TextRecords", "ModelPackage", "Cryptography", "FileAccess", "StrictJSON", "CRecurrentKernels",
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "ModelConversion",
      dependencies: [
        "ClassifierTraining", "SequenceClassifier", "RecurrentCells", "RecurrentNumerics", "TextEncoding",
        "ModelPackage", "Cryptography", "StrictJSON",
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "Recurrent",
      dependencies: [
        "SequenceClassifier", "RecurrentCells", "RecurrentNumerics", "TextEncoding", "ModelPackage",
        "FileAccess",
        "StrictJSON",
      ],
      swiftSettings: swiftSettings),

    // MARK: Programs
    .executableTarget(
      name: "classify",
      dependencies: [
        "Recurrent", "TextRecords", "FileAccess", "StrictJSON",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swiftSettings),
    .executableTarget(
      name: "rnnpkg",
      dependencies: [
        "Recurrent", "ClassifierTraining", "ModelConversion", "SequenceClassifier", "RecurrentCells",
        "RecurrentNumerics", "ModelPackage", "TextEncoding", "TextRecords", "Cryptography", "FileAccess",
        "StrictJSON",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ], path: "tools/rnnpkg", swiftSettings: swiftSettings),
    .target(name: "MachinePeak", path: "tools/bench/machine-peak"),
    .executableTarget(
      name: "recurrent-bench",
      dependencies: [
        "RecurrentNumerics", "RecurrentCells", "SequenceClassifier", "ClassifierTraining", "StrictJSON",
        "MachinePeak",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "tools/bench/recurrent-bench", swiftSettings: swiftSettings),

    .target(
      name: "FuzzTargets",
      dependencies: [
        "ClassifierTraining", "SequenceClassifier", "RecurrentCells", "RecurrentNumerics", "TextEncoding",
        "TextRecords", "ModelPackage", "FileAccess", "StrictJSON", "CZlib",
      ], path: "tools/fuzz/FuzzTargets", swiftSettings: swiftSettings),

    // MARK: Tests
    .target(
      name: "TestSupport", dependencies: ["RecurrentNumerics", "RecurrentCells", "SequenceClassifier"],
      path: "Tests/TestSupport", exclude: ["Golden/Files"], swiftSettings: swiftSettings),
    .testTarget(
      name: "StrictJSONTests", dependencies: ["StrictJSON"], swiftSettings: swiftSettings),
    .testTarget(
      name: "FileAccessTests", dependencies: ["FileAccess", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: swiftSettings),
    .testTarget(
      name: "RecurrentNumericsTests",
      dependencies: ["RecurrentNumerics", "CRecurrentKernels", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "RecurrentCellsTests", dependencies: ["RecurrentCells", "RecurrentNumerics", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TextEncodingTests", dependencies: ["TextEncoding"], swiftSettings: swiftSettings),
    .testTarget(
      name: "TextRecordsTests", dependencies: ["TextRecords", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "ModelPackageTests",
      dependencies: ["ModelPackage", "StrictJSON", "FileAccess", "CZlib", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SequenceClassifierTests",
      dependencies: [
        "SequenceClassifier", "RecurrentCells", "RecurrentNumerics", "TextEncoding", "ModelPackage",
        "StrictJSON", "TestSupport",
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "ClassifierTrainingTests",
      dependencies: [
        "ClassifierTraining", "SequenceClassifier", "RecurrentCells", "RecurrentNumerics", "TextEncoding",
        "ModelPackage", "TextRecords", "FileAccess", "StrictJSON", "TestSupport",
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "ModelConversionTests",
      dependencies: [
        "ModelConversion", "ClassifierTraining", "SequenceClassifier", "RecurrentCells", "RecurrentNumerics",
        "TextEncoding", "ModelPackage", "StrictJSON", "TestSupport",
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "FuzzReplayTests", dependencies: ["FuzzTargets"], exclude: ["Findings"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "CommandTests", dependencies: ["StrictJSON", "TestSupport"], swiftSettings: swiftSettings),
  ],
  cLanguageStandard: .c11
)

// Readers of strangers' bytes alone, for tools/fuzz/run and tools/sanitize, which set the variable: their tests and none else, and
// the fuzzer. The tools say where the toolchain keeps libFuzzer, which is C++.
if Context.environment["RECURRENT_READERS"] != nil {
  #if arch(arm64)
    let fuzzerLibrary = ":libclang_rt.fuzzer_no_main-aarch64.a"
  #else
    let fuzzerLibrary = ":libclang_rt.fuzzer_no_main-x86_64.a"
  #endif
  let readers = [
    "StrictJSON", "FileAccess", "Cryptography", "TextEncoding", "TextRecords", "ModelPackage",
    "SequenceClassifier", "FuzzReplay",
  ].map { $0 + "Tests" }
  package.targets.removeAll { $0.type == .test && !readers.contains($0.name) }
  // The table of a partner is read in its tests; the others run networks, for minutes where they are instrumented.
  for target in package.targets where target.name == "SequenceClassifierTests" {
    target.sources = ["Partner"]
  }
  package.targets.append(
    .executableTarget(
      name: "recurrent-fuzz", dependencies: ["FuzzTargets"], path: "tools/fuzz/recurrent-fuzz",
      swiftSettings: swiftSettings, linkerSettings: [.linkedLibrary(fuzzerLibrary), .linkedLibrary("stdc++")])
  )
}
