import CRecurrentKernels
import Foundation
import RecurrentNumerics
import TestSupport
import Testing

/// What the tests of the kernels share: the tables of this machine, odd sizes and random numbers.
enum KernelFixture {
  /// Every level that this build and CPU offer.
  static let levels = KernelSet.supportedLevels
  /// Tails of every vector width, and more than one vector.
  static let oddSizes = [1, 7, 16, 17, 33, 100, 257, 300]

  static func kernels(_ level: KernelLevel) throws -> rk_kernels {
    try #require(KernelSet(level: level)?.functions.pointee)
  }

  static func random(_ count: Int, in range: Range<Double> = -2..<2, seed: UInt64) -> [Float] {
    var random = ReferenceRandom(seed: seed)
    return (0..<count).map { _ in Float(random.uniform(in: range)) }
  }

  /// Floats of every exponent and sign, neither NaN nor infinite.
  static func randomBits(_ count: Int, seed: UInt64) -> [Float] {
    var random = ReferenceRandom(seed: seed)
    return (0..<count).map { _ in
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next() >> 32))
      return value.isFinite ? value : 0
    }
  }
}

/// Floats that end where an unreadable page begins: reading or writing past the last one ends the test run.
///
/// The start is aligned no better than `count` makes it, as the kernels allow. Keep it in a constant with a name while
/// `start` is in use: a temporary may be gone before the call that it is an argument of.
final class EdgeFloats {
  let count: Int
  let start: UnsafeMutablePointer<Float>
  private let memory: UnsafeMutableRawPointer
  private let bytes: Int

  init(_ count: Int) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let whole = (count * 4 + page - 1) / page * page
    self.count = count
    bytes = whole + page
    guard
      let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
      memory != MAP_FAILED,
      mprotect(memory + whole, page, PROT_NONE) == 0
    else { preconditionFailure("no memory for \(count) floats before a guarded page") }
    self.memory = memory
    start = (memory + whole - count * 4).bindMemory(to: Float.self, capacity: count)
  }

  convenience init(_ values: [Float]) {
    self.init(values.count)
    set(values)
  }

  deinit { munmap(memory, bytes) }

  func set(_ values: [Float]) {
    precondition(values.count == count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { start.update(from: base, count: count) }
    }
  }

  var values: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }
}

extension Array where Element == Float {
  /// Bits, so that equality tells −0 from 0 and NaN equals itself.
  var bits: [UInt32] { map(\.bitPattern) }
  var doubles: [Double] { map(Double.init) }
}

/// Fails where a value is farther than `absolute` + `relative`·|expected| from the expected one.
func expectClose(
  _ found: [Float], _ expected: [Double], absolute: Double, relative: Double, _ name: String,
  location: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, sourceLocation: location)
  for (index, pair) in zip(found, expected).enumerated() {
    let difference = abs(Double(pair.0) - pair.1)
    if !(difference <= absolute + relative * abs(pair.1)) {
      Issue.record("\(name)[\(index)]: found \(pair.0), expected \(pair.1)", sourceLocation: location)
      return
    }
  }
}
