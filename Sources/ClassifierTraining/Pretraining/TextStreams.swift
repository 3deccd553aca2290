/// Deals texts out to parallel streams, and cuts them into windows of steps.
///
/// A stream reads one text after another. A window holds at most one piece of each stream, so that every text begins
/// with the first state, as it will in a classifier, and a long one goes on where the window before left it.
package struct TextStreams {
  /// A part of a text in one window.
  package struct Piece: Equatable, Sendable {
    package let stream: Int
    package let text: Int
    package let start: Int
    package let count: Int

    package init(stream: Int, text: Int, start: Int, count: Int) {
      self.stream = stream
      self.text = text
      self.start = start
      self.count = count
    }
  }

  private let lengths: [Int]
  private var waiting: ArraySlice<Int>
  /// For each stream its text and where to go on in it; nil where it has run dry.
  private var reading: [(text: Int, start: Int)?]

  /// - Parameter order: positions in `lengths`, in the order of reading; texts without tokens are left out.
  package init(lengths: [Int], order: [Int], streams: Int) {
    self.lengths = lengths
    waiting = order.filter { lengths[$0] > 0 }[...]
    reading = [(text: Int, start: Int)?](repeating: nil, count: streams)
    for stream in reading.indices { takeText(stream) }
  }

  private mutating func takeText(_ stream: Int) {
    reading[stream] = waiting.popFirst().map { ($0, 0) }
  }

  /// The pieces of the next window, longest first and in the order of their streams; nil at the end.
  package mutating func next(steps: Int) -> [Piece]? {
    var pieces: [Piece] = []
    for stream in reading.indices {
      guard let (text, start) = reading[stream] else { continue }
      let count = Swift.min(steps, lengths[text] - start)
      pieces.append(Piece(stream: stream, text: text, start: start, count: count))
      if start + count == lengths[text] {
        takeText(stream)
      } else {
        reading[stream] = (text, start + count)
      }
    }
    guard !pieces.isEmpty else { return nil }
    return pieces.sorted { ($0.count, $1.stream) > ($1.count, $0.stream) }
  }
}
