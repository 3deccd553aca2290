extension Duration {
  /// The same in seconds, rounded to a Double.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
