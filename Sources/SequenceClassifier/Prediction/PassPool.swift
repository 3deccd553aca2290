import RecurrentNumerics

/// Working memory that calls borrow and give back, so that threads share a network and memory is kept warm.
package final class PassPool: Sendable {
  private let network: RecurrentNetwork
  /// Tokens of which a pass keeps 64 MiB; of a network that keeps none, those whose ids and places take a few MiB.
  private let keptTokens: Int
  private let free = Guarded<[NetworkPass]>([])

  package init(_ network: RecurrentNetwork) {
    self.network = network
    keptTokens = (64 << 20) / (4 * Swift.max(64, network.keptFloats))
  }

  /// - Parameter tokens: of the texts. What many of them grew is given back to the system.
  package func withPass<Result>(tokens: Int, _ body: (NetworkPass) -> Result) -> Result {
    let pass = free.withLock { $0.popLast() } ?? NetworkPass(network)
    defer { if tokens <= keptTokens { free.withLock { $0.append(pass) } } }
    return body(pass)
  }
}
