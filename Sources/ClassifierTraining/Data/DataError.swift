import FileAccess
import ModelPackage
import StrictJSON
import TextRecords

/// Why data cannot train or test a classifier.
public enum DataError: Error, Equatable {
  case unreadable(RecordReaderError)
  /// A folder, or a file in one.
  case file(FileError)
  case badRecord(path: String, line: Int, fault: RecordFault)
  /// A file that is to be one text holds a NUL byte.
  case nulInText(path: String, line: Int)
  /// A folder without folders, where each is to hold the texts of a label.
  case noFolders(path: String)
  /// A folder where files are to be texts.
  case folderAmongTexts(path: String)
  /// Files and folders side by side, where either may be the texts.
  case mixedFolder(folder: String, file: String)
  /// A name in a folder under which nothing is found.
  case lostName(path: String)
  /// A folder that is to hold texts.
  case emptyFolder(path: String)
  /// A file that is read in a format without labels.
  case unlabelledFormat(path: String, format: RecordFormat)
  /// A table without a header whose rows are a text alone.
  case unlabelledRows(path: String, line: Int)
  /// A row whose cell in the column of the label is empty.
  case emptyLabel(path: String, line: Int, column: String)
  /// A JSON object without a label.
  case missingLabel(path: String, line: Int, field: String)
  /// A fastText line that does not begin with a label.
  case unmarkedLine(path: String, line: Int)
  /// A label that no package may have.
  case badLabel(DataPlace, label: String)
  case severalLabels(path: String, line: Int, labels: [String])
  case unknownLabel(DataPlace, label: String, known: [String])
  /// A map that gives a label of the data a name that no known label has.
  case unknownTarget(label: String, target: String, known: [String])
  case empty(path: String)
  /// All texts that were to teach without labels are dev texts.
  case onlyDevTexts(path: String, count: Int)
  /// The share held out as dev data leaves no text on one side.
  case uselessShare(Double, count: Int)
  /// The same of texts without labels, of which a share is all that can be held out.
  case uselessTextShare(Double, count: Int)
  /// So many labels, most of which occur once, that texts were likely taken for labels.
  case scatteredLabels(Int, count: Int)
  /// More labels than a package may have.
  case tooManyLabels(Int, limit: Int, count: Int)
}

extension DataError: CustomStringConvertible {
  /// One line: the file and line at fault where there is one, what is wrong, and mostly what to do.
  public var description: String {
    switch self {
    case .unreadable(let error):
      // A header that was guessed to be one.
      if case .missingColumn(_, .text, RecordReaderOptions().textField, _) = error {
        "\(error), or put a row of names above it where it is no such row"
      } else {
        "\(error)"
      }
    case .file(let error): "\(error)"
    case .badRecord(let path, let line, let fault): "\(Self.named(path)):\(line): \(fault)"
    case .nulInText(let path, let line):
      "\(Self.named(path)):\(line): there is a NUL byte in it; in a folder of texts each file is plain text, UTF-8"
    case .noFolders(let path):
      "\(Self.named(path)): a folder of labelled texts holds a folder for each label, and a file in it for each text; there is no "
        + "folder in this one; name the folder above it, or a file"
    case .folderAmongTexts(let path):
      "\(Self.named(path)): a folder where each file is to be a text; move it away, or name "
        + "\(Self.named(FileAccess.directory(of: path))) where its folders are the labels"
    case .mixedFolder(let folder, let file):
      "\(Self.named(folder)): a folder beside files, such as \(EscapedText.unquoted(FileAccess.name(of: file))); where texts have no "
        + "labels a folder holds texts, or folders of them, not both; move one away"
    case .lostName(let path):
      "\(Self.named(path)): it is not found under the name that the folder gives it, which may not be UTF-8; rename it"
    case .emptyFolder(let path):
      "\(Self.named(path)): there is no text in this folder; remove it, or put its texts in"
    case .unlabelledFormat(let path, let format):
      "\(Self.named(path)): read as \(format.rawValue), texts without labels, because its name does not end as those of other formats "
        + "do (.tsv, .csv, .jsonl, .ft); say how it is written: --format tsv for rows of label, tab, text, or --format csv, "
        + "jsonl or fasttext"
    case .unlabelledRows(let path, let line):
      "\(Self.named(path)):\(line): the row is one column, which is the text, and has no label; give rows of label and text, or a first "
        + "row that names the columns"
    case .emptyLabel(let path, let line, let column):
      "\(Self.named(path)):\(line): the label is empty (column \(EscapedText(column))); fill it in or remove the row"
    case .missingLabel(let path, let line, let field):
      "\(Self.named(path)):\(line): the object has no label under the key \(EscapedText(field)); add it, or name its key with "
        + "--label-field"
    case .unmarkedLine(let path, let line):
      "\(Self.named(path)):\(line): the line has no label; begin it with __label__ and the label's name"
    case .badLabel(let place, let label):
      "\(place): the label \(EscapedText(label)) cannot stand in a package: a label has \(Manifest.labelRule); "
        + "\(place.remedy)"
    case .severalLabels(let path, let line, let labels):
      "\(Self.named(path)):\(line): the record has \(labels.count) labels (\(LabelOrder.shown(labels))); this version trains "
        + "on one label a text"
    case .unknownLabel(let place, let label, let known):
      "\(place): the label \(EscapedText(label)) is not among the \(known.count) known ones: "
        + "\(LabelOrder.shown(known)); "
        + "\(place.remedy), or say with --label-map which of them is meant (`rnnpkg test`, `diff`, `partner`, `quantize` and "
        + "`average` have it)"
    case .unknownTarget(let label, let target, let known):
      "--label-map gives \(EscapedText(label)) the label \(EscapedText(target)), which is not among the \(known.count) known "
        + "ones: \(LabelOrder.shown(known)); name one of them"
    case .empty(let path): "\(Self.named(path)): there is no record in it"
    case .onlyDevTexts(let path, let count):
      "\(Self.named(path)): all \(count) texts stand among the dev texts, which must not be learnt from; give others"
    case .uselessShare(let share, let count):
      "a share of \(share) of \(count) texts, label by label, leaves no text for the dev data; give "
        + "more texts, another --valid share or a --valid file"
    case .uselessTextShare(let share, let count):
      "a share of \(share) of \(count) texts with a word leaves none to learn from or none to hold out; give more texts or "
        + "another --valid share"
    case .scatteredLabels(let labels, let count):
      "\(labels) different labels in \(count) texts; are the columns swapped? Rows without a header are label, then text; "
        + "in a header --label-field and --text-field name the columns"
    case .tooManyLabels(let labels, let limit, let count):
      "\(labels) different labels in \(count) texts, and a classifier has at most \(limit); are the columns swapped? Rows "
        + "without a header are label, then text; in a header --label-field and --text-field name the columns"
    }
  }

  /// A file as messages call it.
  private static func named(_ path: String) -> String { RecordReader.displayName(of: path) }
}
