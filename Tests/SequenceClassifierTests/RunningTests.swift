import SequenceClassifier
import Testing

@Suite struct RunningTests {
  @Test func aKindHasItsLengthOrNone() {
    #expect(Running(kind: "continuous", length: nil) == .continuous)
    #expect(Running(kind: "continuous", length: 1) == nil)
    #expect(Running(kind: "chopped", length: 1) == .chopped(length: 1))
    #expect(Running(kind: "windowed", length: 1) == .windowed(length: 1))
    for kind in ["chopped", "windowed"] {
      for length in [nil, 0, -1] { #expect(Running(kind: kind, length: length) == nil) }
    }
    #expect(Running(kind: "other", length: 1) == nil)
  }
}
