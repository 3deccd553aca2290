// swift-tools-version: 6.1
import PackageDescription

// A user's package: depends on Recurrent by path, with no flags and no set-up of its own.
let package = Package(
  name: "OutsideUser",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Recurrent", path: "../..")],
  targets: [
    .executableTarget(
      name: "outside-user", dependencies: [.product(name: "Recurrent", package: "Recurrent")]),
    .executableTarget(
      name: "outside-trainer", dependencies: [.product(name: "ClassifierTraining", package: "Recurrent")]),
  ]
)
