import RecurrentCells
import RecurrentNumerics

/// What the first level takes from each word, computed once a word instead of once a place in a text.
///
/// The input product b + x W_ihᵀ depends on the token alone. The words of a batch share one product over those that are
/// new. At inference the first ones seen, most of them frequent, stay for later batches; in training weights change, so
/// none do, and on the way back the gradients of a word's places are summed before they go through the product. A row of
/// a product does not depend on its neighbours, so logits are the same bits as without the table.
///
/// A table never has more rows than the vocabulary, and at inference no batch more than 128 MiB of rows: one that would need more goes
/// without. At inference a batch of many words gives back what it took (`trim`); in
/// training it may not, for the next batch would only take it again.
final class TokenProjections {
  /// For each direction, `[words, projectionWidth]`.
  private var tables: [Matrix]
  /// The table's row of each token of the vocabulary; −1 for those without.
  private var rowOfToken: [Int32]
  /// Tokens of the rows that stay, in order.
  private var kept: [Int32] = []
  /// Tokens of the rows after them, which the next batch overwrites.
  private var passing: ArraySlice<Int32> = []
  private var index: [Int32] = []
  private var reversedIndex: [Int32] = []
  /// x of the words that the last batch added.
  private var input = Matrix()
  private let gradient = Matrix()
  private let inputGradient = Matrix()
  private weak var owner: BoundNetwork.Identity?

  private let keptBytes: Int
  private let largestBytes: Int

  /// - Parameters:
  ///   - keptBytes: of each table, those that later batches read.
  ///   - largestBytes: of all tables together, while a batch is under way.
  init(_ network: RecurrentNetwork, keptBytes: Int, largestBytes: Int = .max) {
    self.keptBytes = keptBytes
    self.largestBytes = largestBytes
    tables = (0..<network.directionCount).map { _ in Matrix() }
    rowOfToken = [Int32](repeating: -1, count: network.vocabularySize)
  }

  /// Makes the rows that a batch needs.
  /// - Parameters:
  ///   - largestShare: of the batch's tokens; with more new words than that, nothing is made.
  ///   - multiplier: of a word's whole vector.
  /// - Returns: whether the batch has its rows.
  func prepare(
    _ bound: BoundNetwork, _ batch: TokenBatch, largestShare: Double = 1,
    multiplier: ((Int32) -> Float)? = nil
  ) -> Bool {
    forget(passing)
    passing = []
    if owner !== bound.identity {
      forget(kept[...])
      kept.removeAll(keepingCapacity: true)
      owner = bound.identity
    }
    var new: [Int32] = []
    index.removeAll(keepingCapacity: true)
    index.reserveCapacity(batch.tokens.count)
    for token in batch.tokens {
      var row = rowOfToken[Int(token)]
      if row < 0 {
        row = Int32(kept.count + new.count)
        rowOfToken[Int(token)] = row
        new.append(token)
      }
      index.append(row)
    }
    passing = new[...]
    guard Double(new.count) <= largestShare * Double(batch.tokens.count) else { return false }
    let width = bound.cells[0].reduce(0) { $0 + $1.projectionWidth }
    guard kept.count + new.count <= largestBytes / (4 * Swift.max(1, width)) else { return false }
    if bound.network.readsBackwards {
      reversedIndex.removeAll(keepingCapacity: true)
      reversedIndex.reserveCapacity(index.count)
      for row in batch.reversedRows { reversedIndex.append(index[Int(row)]) }
    }
    guard !new.isEmpty else { return true }
    input.reshape(rows: new.count, columns: bound.network.embeddingSize)
    bound.embed(new, into: input)
    if let multiplier {
      for (row, token) in new.enumerated() {
        bound.kernels.scale(input.row(row), by: multiplier(token), count: input.columns)
      }
    }
    var staying = new.count
    for (direction, kernel) in bound.cells[0].enumerated() {
      let width = kernel.projectionWidth
      grow(direction, rows: kept.count + new.count, width: width)
      kernel.project(input, into: tables[direction], firstRow: kept.count)
      staying = Swift.min(staying, Swift.max(0, keptRows(width: width) - kept.count))
    }
    kept += new.prefix(staying)
    passing = new.dropFirst(staying)
    return true
  }

  /// The projections of one direction for packed rows from `firstRow` on, in its reading order; until the next `prepare`
  /// or `trim`.
  func withProjection(
    direction: Int, isReversed: Bool, firstRow: Int, _ body: (InputProjection) -> Void
  ) {
    (isReversed ? reversedIndex : index).withUnsafeBufferPointer { index in
      guard let start = index.baseAddress else { return }
      body(InputProjection(tables[direction], index: start + firstRow))
    }
  }

  // MARK: Memory

  /// Forgets the words that only the last batch needed, and gives back what a large batch took. What stays is copied then:
  /// that is little beside the products of so many words.
  func trim() {
    forget(passing)
    passing = []
    for direction in tables.indices where tables[direction].rows > restingRows(tables[direction].columns) {
      let width = tables[direction].columns
      resize(direction, rows: restingRows(width), width: width)
      input = Matrix()
    }
  }

  /// Bytes of all tables.
  var tableBytes: Int { tables.reduce(0) { $0 + 4 * $1.count } }

  /// Rows that stay for later batches.
  private func keptRows(width: Int) -> Int { keptBytes / (4 * width) }

  /// Rows of a table between batches: room for as many that pass as stay, so that ordinary batches need no new table.
  private func restingRows(_ width: Int) -> Int {
    Swift.min(2 * keptRows(width: Swift.max(1, width)), rowOfToken.count)
  }

  /// Makes room for `rows` rows, at most the vocabulary's, and for more where the table may rest with them.
  private func grow(_ direction: Int, rows: Int, width: Int) {
    let current = tables[direction].rows
    guard current < rows else { return }
    resize(direction, rows: Swift.max(rows, Swift.min(2 * current, restingRows(width))), width: width)
  }

  /// Replaces a table by one of `rows` rows; those kept stay.
  private func resize(_ direction: Int, rows: Int, width: Int) {
    let table = Matrix()
    table.reshape(rows: rows, columns: width)
    table.pointer.update(from: tables[direction].pointer, count: kept.count * width)
    tables[direction] = table
  }

  // MARK: Backward, where nothing is kept

  /// Starts the way back through one direction.
  func beginBackward(width: Int) {
    gradient.reshape(rows: passing.count, columns: width)
    gradient.setToZero()
  }

  /// Adds ∂L/∂(projection) of packed rows from `firstRow` on to those of their words.
  func accumulate(_ rows: Matrix, isReversed: Bool, firstRow: Int, kernels: KernelSet) {
    let index = isReversed ? reversedIndex : index
    for row in 0..<rows.rows {
      kernels.add(rows.row(row), count: rows.columns, to: gradient.row(Int(index[firstRow + row])))
    }
  }

  /// Takes the summed gradients through the product, adding to `gradients` and to the words' rows of `embedding`.
  func finishBackward(
    _ kernel: any CellKernel, tape: Tape, multiplier: ((Int32) -> Float)?, kernels: KernelSet,
    gradients: inout ParameterSet, embedding: EmbeddingGradient
  ) {
    guard !passing.isEmpty else { return }
    inputGradient.reshape(rows: passing.count, columns: input.columns)
    kernel.projectBackward(
      gradient, input: input, inputGradient: inputGradient, tape: tape, gradients: &gradients)
    for (row, token) in passing.enumerated() {
      embedding.add(
        inputGradient.row(row), multiplier: multiplier?(token) ?? 1, token: token, kernels: kernels)
    }
  }

  private func forget(_ tokens: ArraySlice<Int32>) {
    for token in tokens { rowOfToken[Int(token)] = -1 }
  }
}
