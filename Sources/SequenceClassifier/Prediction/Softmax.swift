/// Probabilities of logits: softmax(z / t), in Double, so that they sum to 1 within Float rounding.
package func softmax(_ logits: [Float], temperature: Double = 1) -> [Float] {
  let exponentials = LogSumExp(logits.map { Double($0) / temperature })
  return exponentials.terms.map { Float($0 / exponentials.sum) }
}
