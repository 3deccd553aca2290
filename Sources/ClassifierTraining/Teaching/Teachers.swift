import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// Packages whose answers a network learns for texts that nobody labelled: self-training with one teacher,
/// distillation of an ensemble with several.
///
///     q(x) = Σ_t softmax(z_t(x) / T_t) / count
///
/// z_t are the logits of teacher t, its partner's share included, T_t its temperature. The soft answers say more than the
/// label alone: Hinton, Vinyals, Dean 2015, arXiv:1503.02531; for texts: Tang et al. 2019, arXiv:1903.12136.
public struct Teachers: Sendable {
  /// A teacher, and where in its scores the labels of the data stand.
  private struct Teacher: Sendable {
    let name: String
    let classifier: Classifier
    let positions: [Int]
  }

  private let teachers: [Teacher]
  private let labelCount: Int

  /// Loads packages.
  /// - Parameters:
  ///   - labels: of the data; every teacher must have the same, in any order.
  ///   - cells: those that the packages may name.
  ///   - readouts: likewise.
  public init(
    _ paths: [String], labels: [String], cells: CellRegistry = .standard,
    readouts: ReadoutRegistry = .standard, kernels: KernelSet
  ) throws {
    labelCount = labels.count
    teachers = try paths.map { path in
      let package: ModelPackage
      let classifier: Classifier
      do {
        package = try ModelPackage(contentsOfFile: path)
        classifier = try Classifier(package, cells: cells, readouts: readouts, kernels: kernels)
      } catch {
        throw TeacherError.package(path: path, error)
      }
      guard let order = LabelOrder(of: labels, in: classifier.labels) else {
        throw TeacherError.labels(path: path, classifier.labels, expected: labels)
      }
      return Teacher(
        name: "\(package.manifest.name)@\(package.manifest.version)", classifier: classifier,
        positions: order.places)
    }
  }

  /// What the teachers say of texts: the mean of their probabilities, the same bits for any number of threads.
  /// - Parameter note: told how far it is, every half minute.
  public func answers(
    to texts: [String], pool: WorkerPool, note: (String) -> Void = { _ in }
  ) throws -> [ExampleTarget] {
    var sums = [[Double]](repeating: [Double](repeating: 0, count: labelCount), count: texts.count)
    let clock = ContinuousClock()
    var last = clock.now
    for teacher in teachers {
      for start in stride(from: 0, to: texts.count, by: 2_048) {
        let part = Array(texts[start..<Swift.min(texts.count, start + 2_048)])
        let predictions = try teacher.classifier.classify(part, pool: pool)
        for (index, prediction) in predictions.enumerated() {
          let shares = softmax(prediction.logits, temperature: teacher.classifier.temperature)
          for (label, position) in teacher.positions.enumerated() {
            sums[start + index][label] += Double(shares[position])
          }
        }
        if clock.now - last > .seconds(30) {
          last = clock.now
          note("\(teacher.name) has answered \(start + part.count) of \(texts.count) texts")
        }
      }
    }
    return sums.map { .shares($0.map { Float($0 / Double(teachers.count)) }) }
  }
}
