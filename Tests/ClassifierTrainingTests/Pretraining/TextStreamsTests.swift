import ClassifierTraining
import Testing

@Suite struct TextStreamsTests {
  private func windows(_ lengths: [Int], streams: Int, steps: (Int) -> Int) -> [[TextStreams.Piece]] {
    var reader = TextStreams(lengths: lengths, order: Array(lengths.indices.reversed()), streams: streams)
    var windows: [[TextStreams.Piece]] = []
    while let pieces = reader.next(steps: steps(windows.count)) { windows.append(pieces) }
    return windows
  }

  @Test(arguments: [1, 3, 8], [1, 4, 50])
  func everyTokenIsReadOnceAndInOrder(_ streams: Int, _ steps: Int) {
    let lengths = [5, 0, 12, 1, 7, 7, 30, 2, 4]
    var read = [Int](repeating: 0, count: lengths.count)
    for pieces in windows(lengths, streams: streams, steps: { steps + $0 % 2 }) {
      for piece in pieces {
        #expect(piece.start == read[piece.text])
        read[piece.text] += piece.count
      }
    }
    #expect(read == lengths)
  }

  @Test func aTextStaysInItsStreamUntilItEnds() {
    var streamOfText: [Int: Int] = [:]
    for pieces in windows([9, 3, 11, 6, 2, 8], streams: 2, steps: { _ in 4 }) {
      #expect(Set(pieces.map(\.stream)).count == pieces.count)
      for piece in pieces {
        if piece.start == 0 { #expect(streamOfText[piece.text] == nil) }
        #expect(streamOfText[piece.text, default: piece.stream] == piece.stream)
        streamOfText[piece.text] = piece.stream
      }
    }
    #expect(streamOfText.count == 6)
  }

  @Test func piecesStandLongestFirstAndInTheOrderOfStreams() {
    for pieces in windows([3, 9, 9, 1, 5], streams: 3, steps: { _ in 4 }) {
      for (left, right) in zip(pieces, pieces.dropFirst()) {
        #expect((left.count, right.stream) > (right.count, left.stream))
      }
    }
  }
}
