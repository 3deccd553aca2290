/// The numbers that matrix products multiply. Sums, states and everything else are `Float` at every precision.
public enum Precision: String, CaseIterable, Codable, Sendable {
  case float32 = "f32"
  /// Weights and activations as 8-bit integers with a scale for each row: inference only.
  case int8
  /// Both operands rounded to 8 significant bits: quicker training on CPUs with bf16 instructions.
  case bfloat16 = "bf16"
}
