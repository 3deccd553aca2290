import FuzzTargets

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// libFuzzer as a library (its `FuzzerInterface.h`): runs until its options or a finding end it.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ testOneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What one process fuzzes. libFuzzer calls from one thread.
private enum Fuzzing {
  /// What `RECURRENT_FUZZ_TARGET` names.
  static let target: FuzzTarget = {
    guard let value = getenv("RECURRENT_FUZZ_TARGET"),
      let target = FuzzTarget(rawValue: String(cString: value))
    else {
      print("RECURRENT_FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))")
      exit(64)
    }
    return target
  }()
  /// Inputs that it took.
  nonisolated(unsafe) static var acceptedCount = 0
}

// Where `RECURRENT_FUZZ_SEEDS` names a folder, the targets' own seeds are written there, and that is all.
if let folder = getenv("RECURRENT_FUZZ_SEEDS") {
  do {
    for target in FuzzTarget.allCases { try target.writeSeeds(in: String(cString: folder)) }
    exit(0)
  } catch {
    print("\(error)")
    exit(74)
  }
}
atexit { print("accepted: \(Fuzzing.acceptedCount)") }
var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(
  runFuzzer(&count, &arguments) { start, length in
    if Fuzzing.target.run(Array(UnsafeBufferPointer(start: start, count: length))) {
      Fuzzing.acceptedCount += 1
    }
    return 0
  })
