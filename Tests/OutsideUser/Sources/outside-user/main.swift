import Recurrent

/// Loads the package named on the command line and checks that it tells praise from blame.
let path = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "zoo/sentiment.rnnpkg"
let classifier = try Classifier(contentsOfFile: path)
let expected = ["A warm, funny film.": "positive", "A dull, lifeless mess.": "negative"]
var failures = 0
for (text, label) in expected.sorted(by: { $0.key < $1.key }) {
  let prediction = try classifier.classify(text)
  print("\(prediction.label)\t\(prediction.score)\t\(text)")
  if prediction.label != label { failures += 1 }
}
if failures > 0 {
  print("\(failures) wrong answers")
}
precondition(failures == 0, "the classifier of \(path) gave \(failures) wrong answers")

// What errors and manifests are made of can be named, too.
do {
  _ = try Classifier(contentsOfFile: "no such package.rnnpkg")
  preconditionFailure("a package that is not there was loaded")
} catch PackageError.file(let error) {
  precondition(error == FileError.notFound(path: "no such package.rnnpkg"), "\(error)")
}
let configuration: JSONValue = classifier.manifest.model.encoder.cell.config
precondition(configuration.objectValue != nil, "the cell's configuration is \(configuration)")
