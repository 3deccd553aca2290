import FuzzTargets

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What `RECURRENT_FUZZ_TARGET` names.
private let target: FuzzTarget = {
  guard let value = getenv("RECURRENT_FUZZ_TARGET"), let target = FuzzTarget(rawValue: String(cString: value))
  else {
    print("RECURRENT_FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))")
    exit(64)
  }
  return target
}()

/// Inputs that the target took. libFuzzer calls from one thread.
nonisolated(unsafe) private var acceptedCount = 0

/// libFuzzer's first call. Where `RECURRENT_FUZZ_SEEDS` names a folder, the targets' own seeds are written there, and that
/// is all.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _: UnsafeMutablePointer<CInt>?,
  _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
  if let folder = getenv("RECURRENT_FUZZ_SEEDS") {
    do {
      for target in FuzzTarget.allCases { try target.writeSeeds(in: String(cString: folder)) }
      exit(0)
    } catch {
      print("\(error)")
      exit(74)
    }
  }
  atexit { print("accepted: \(acceptedCount)") }
  return 0
}

/// libFuzzer's entry: one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  if target.run(Array(UnsafeBufferPointer(start: start, count: count))) { acceptedCount += 1 }
  return 0
}
