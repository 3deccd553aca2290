import MachinePeak
import RecurrentNumerics
import StrictJSON
import Synchronization

/// Times of repeated runs of one piece of work, in microseconds.
struct Measurement {
  let samples: [Double]

  /// Runs `body` once to warm up, then for `seconds`, at least three times.
  init(seconds: Double, _ body: () throws -> Void) rethrows {
    try body()
    let clock = ContinuousClock()
    let start = clock.now
    var samples: [Double] = []
    repeat {
      let before = clock.now
      try body()
      samples.append((clock.now - before).microseconds)
    } while samples.count < 3 || (clock.now - start).microseconds < seconds * 1e6
    self.samples = samples.sorted()
  }

  var median: Double { samples[samples.count / 2] }
  var smallest: Double { samples[0] }
  var largest: Double { samples[samples.count - 1] }
}

extension Duration {
  var microseconds: Double { Double(components.seconds) * 1e6 + Double(components.attoseconds) * 1e-12 }
}

/// GFLOP/s of fp32 multiply-adds that this machine reaches on `threads` threads at once.
func measuredPeak(threads: Int) -> Double {
  let pool = WorkerPool(threads: threads)
  var best = 0.0
  for _ in 0..<5 {
    let clock = ContinuousClock()
    let work = Mutex(0.0)
    let start = clock.now
    pool.run(threads) { _ in
      let done = machine_peak_fma(4_000_000)
      work.withLock { $0 += done }
    }
    best = Swift.max(best, work.withLock { $0 } / (clock.now - start).microseconds / 1e3)
  }
  return best
}

/// One line of results, as JSON on standard output.
struct Report {
  private var line = JSONObject()

  init(test: String, threads: Int) {
    self["lib"] = .string("recurrent")
    self["kernels"] = .string(KernelSet.best.level.rawValue)
    self["test"] = .string(test)
    self["threads"] = .integer(Int64(threads))
  }

  subscript(key: String) -> JSONValue? {
    get { line[key] }
    set { line[key] = newValue }
  }

  mutating func add(_ measurement: Measurement) {
    self["us"] = .number(measurement.median)
    self["min_us"] = .number(measurement.smallest)
    self["max_us"] = .number(measurement.largest)
    self["samples"] = .integer(Int64(measurement.samples.count))
  }

  func print() {
    Swift.print(String(decoding: JSONValue.object(line).compactBytes(), as: UTF8.self))
  }
}
