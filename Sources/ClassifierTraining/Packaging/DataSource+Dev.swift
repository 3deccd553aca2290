import FileAccess
import ModelPackage
import TextRecords

extension Manifest.DataSource {
  /// What a manifest says of dev data from a file or folder: "dev (reviews.tsv)".
  package init(dev path: String, rows: Int? = nil, sha256: String?) {
    let name =
      path == RecordReader.standardInputPath
      ? RecordReader.displayName(of: path) : FileAccess.entryName(of: path)
    self.init(name: "dev (\(name))", rows: rows, sha256: sha256)
  }
}
