// swift-tools-version: 6.1
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// On Linux libarchive is linked statically: its tar reader needs nothing else, whereas the shared library brings 12
// others (XML, ICU and compressors among them), which cost each start of a program 1.3 ms and 28 MB of address space.
// Debian and Ubuntu ship libarchive.a with the headers; elsewhere RECURRENT_SHARED_LIBARCHIVE=1 takes the shared one.
#if os(Linux)
  let archiveIsStatic = Context.environment["RECURRENT_SHARED_LIBARCHIVE"] == nil
#else
  let archiveIsStatic = false
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
    // SHA-256 of package members: an audited implementation that uses the CPU's instructions.
    .package(url: "https://github.com/apple/swift-crypto", "3.10.0"..<"5.0.0"),
    // Training configurations are TOML files; only `rnnpkg` reads them.
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    // MARK: Foundations
    .target(name: "CRecurrentKernels"),
    .systemLibrary(
      name: "CArchive", pkgConfig: archiveIsStatic ? nil : "libarchive",
      providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
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
        "CArchive", "CZlib", "FileAccess", "StrictJSON", .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: swiftSettings,
      linkerSettings: [.linkedLibrary(archiveIsStatic ? ":libarchive.a" : "archive")]),

    // MARK: The classifier
    .target(
      name: "SequenceClassifier",
      dependencies: ["RecurrentNumerics", "RecurrentCells", "TextEncoding", "ModelPackage", "StrictJSON"],
      swiftSettings: swiftSettings),
    .target(
      name: "ClassifierTraining",
      dependencies: [
        "SequenceClassifier", "RecurrentNumerics", "RecurrentCells", "TextEncoding",
        "TextRecords", "ModelPackage", "FileAccess", "StrictJSON", "CRecurrentKernels",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "ModelConversion",
      dependencies: [
        "ClassifierTraining", "SequenceClassifier", "RecurrentCells", "RecurrentNumerics", "TextEncoding",
        "ModelPackage", "StrictJSON",
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "Recurrent",
      dependencies: [
        "SequenceClassifier", "RecurrentCells", "RecurrentNumerics", "TextEncoding", "ModelPackage",
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
        "Recurrent", "ClassifierTraining", "ModelConversion", "TextRecords", "FileAccess", "StrictJSON",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ], path: "tools/rnnpkg", swiftSettings: swiftSettings),
    .target(name: "MachinePeak", path: "tools/bench/machine-peak"),
    .executableTarget(
      name: "recurrent-bench",
      dependencies: [
        "Recurrent", "RecurrentNumerics", "RecurrentCells", "SequenceClassifier", "ClassifierTraining",
        "ModelPackage", "StrictJSON", "MachinePeak",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "tools/bench/recurrent-bench", swiftSettings: swiftSettings),

    .target(
      name: "FuzzTargets",
      dependencies: [
        "ClassifierTraining", "SequenceClassifier", "RecurrentCells", "RecurrentNumerics", "TextEncoding",
        "TextRecords", "ModelPackage", "FileAccess", "StrictJSON",
      ], path: "tools/fuzz/FuzzTargets", swiftSettings: swiftSettings),

    // MARK: Tests
    .target(
      name: "TestSupport",
      dependencies: ["RecurrentNumerics", "RecurrentCells", "SequenceClassifier", "StrictJSON"],
      path: "Tests/TestSupport", exclude: ["Golden/Files"], swiftSettings: swiftSettings),
    .testTarget(
      name: "StrictJSONTests", dependencies: ["StrictJSON", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "FileAccessTests", dependencies: ["FileAccess", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "RecurrentNumericsTests",
      dependencies: ["RecurrentNumerics", "CRecurrentKernels", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "RecurrentCellsTests", dependencies: ["RecurrentCells", "RecurrentNumerics", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TextEncodingTests", dependencies: ["TextEncoding", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "TextRecordsTests", dependencies: ["TextRecords", "FileAccess", "TestSupport"],
      swiftSettings: swiftSettings),
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
      name: "FuzzReplayTests", dependencies: ["FuzzTargets", "ModelPackage"], exclude: ["Findings"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "CommandTests", dependencies: ["StrictJSON", "FileAccess", "TestSupport"],
      swiftSettings: swiftSettings),
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
  let readers = ["StrictJSON", "FileAccess", "TextRecords", "ModelPackage", "FuzzReplay"].map { $0 + "Tests" }
  package.targets.removeAll { $0.type == .test && !readers.contains($0.name) }
  package.targets.append(
    .executableTarget(
      name: "recurrent-fuzz", dependencies: ["FuzzTargets"], path: "tools/fuzz/recurrent-fuzz",
      swiftSettings: swiftSettings, linkerSettings: [.linkedLibrary(fuzzerLibrary), .linkedLibrary("stdc++")])
  )
}
