import ClassifierTraining

/// Trains a classifier on the table named on the command line, and checks that it learnt something: every type that this takes can
/// be named with one import.
let format: RecordFormat = .tsv
let cells: CellRegistry = .standard
let pool: WorkerPool = WorkerPool(threads: 1)
var configuration = TrainingConfiguration()
configuration.data.train = [CommandLine.arguments[1]]
configuration.model.hidden = 8
configuration.model.embedding = 8
configuration.training.epochs = 20
configuration.training.learningRate = 0.02
let texts = try LabelledTexts(
  files: configuration.data.train, textField: "text", labelField: "label", format: format)
let kernels: KernelSet = .best
let run = try TrainingRun(configuration, cells: cells, pool: pool, kernels: kernels)
var state: TrainingState = run.start
_ = try run.train(&state)
guard let made = try run.makePackage(state, sources: [], created: nil) else {
  preconditionFailure("no package")
}
let package: ModelPackage = made.package
let classifier: Classifier = try Classifier(package)
let right = try zip(texts.texts, texts.targets).count { text, target in
  try classifier.classify(text).label == texts.labels[target]
}
print("\(package.manifest.reference) knows \(right) of \(texts.count) texts")
precondition(right > texts.count * 3 / 4, "it learnt too little")
let refusal = Result {
  try LabelledTexts(files: ["no such table"], textField: "text", labelField: "label", format: format)
}
guard case .failure(let error as DataError) = refusal else {
  preconditionFailure("a table that is not there was read")
}
precondition(error == DataError.unreadable(RecordReaderError.notFound(path: "no such table")), "\(error)")
