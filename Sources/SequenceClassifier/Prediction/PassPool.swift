import RecurrentNumerics

/// Working memory that calls borrow and give back, so that threads share a classifier and memory is kept warm.
final class PassPool: Sendable {
  private let network: RecurrentNetwork
  private let free = Guarded<[NetworkPass]>([])

  init(_ network: RecurrentNetwork) { self.network = network }

  func withPass<Result>(_ body: (NetworkPass) -> Result) -> Result {
    let pass = free.withLock { $0.popLast() } ?? NetworkPass(network)
    defer { free.withLock { $0.append(pass) } }
    return body(pass)
  }
}
