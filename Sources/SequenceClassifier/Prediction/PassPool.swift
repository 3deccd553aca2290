import RecurrentNumerics

/// Working memory that calls borrow and give back, so that threads share a network and memory is kept warm.
package final class PassPool: Sendable {
  private let network: RecurrentNetwork
  private static let keptTokens = 1 << 18
  private let free = Guarded<[NetworkPass]>([])

  package init(_ network: RecurrentNetwork) { self.network = network }

  /// - Parameter tokens: of the texts. What many of them grew is given back to the system.
  package func withPass<Result>(tokens: Int, _ body: (NetworkPass) -> Result) -> Result {
    let pass = free.withLock { $0.popLast() } ?? NetworkPass(network)
    defer { if tokens <= PassPool.keptTokens { free.withLock { $0.append(pass) } } }
    return body(pass)
  }
}
