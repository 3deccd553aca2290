import StrictJSON

extension BehaviourSuiteError: CustomStringConvertible {
  /// One line: the file, its line where one is at fault, what is wrong, and mostly what to do.
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .badCase(let path, let line, let fault): "\(path):\(line): \(fault)"
    case .duplicateCase(let path, let line, let first):
      "\(path):\(line): the case of line \(first) again; remove one"
    case .unknownLabel(let path, let line, let label, let known):
      "\(path):\(line): the label \(EscapedText(label)) is none of the package's: "
        + known.prefix(8).map { "\(EscapedText($0))" }.joined(separator: ", ")
        + (known.count > 8 ? ", …" : "")
        + "; write it as the package does"
    case .empty(let path): "\(path): there is no case in it; write one JSON object a line"
    case .unnamed(let path): "\(path): the file has no name before \".jsonl\"; give it one, it names the row"
    case .noFiles(let directory):
      "\(directory): there is no file *.jsonl in it; name another directory or a file"
    case .duplicateName(let path, let name):
      "\(path): another file of the suite is called \(EscapedText(name)) too; rename one, the name is that of the row"
    }
  }
}

extension BehaviourSuiteError.Fault: CustomStringConvertible {
  /// What is wrong with a line and what to do, without the file and the line's number.
  public var description: String {
    switch self {
    case .json(let column, let reason): "column \(column): \(reason); write one JSON object a line"
    case .decoding(.missingKey(_, let key)): "the key \(EscapedText(key)) is missing; add it"
    case .decoding(.unknownKey(_, let key)):
      "the key \(EscapedText(key)) is unknown; use text with label, variant, variants, direction or tolerance"
    case .decoding(let error): "\(error); correct the line"
    case .emptyText: "a text is empty; write one or remove the line"
    case .variantEqualsText: "a variant equals the text; change it or remove it"
    case .noExpectation: "nothing is expected; add \"label\", or \"variant\" or \"variants\""
    case .severalExpectations:
      "\"label\" goes with neither a variant nor a direction, and \"variant\" not with \"variants\"; keep one of them"
    case .variantCount(let count, let limit):
      "\(count) variants; give " + (limit == 1 ? "a direction one \"variant\"" : "1 to \(limit)")
    case .direction(let text):
      "the direction \(EscapedText(text)) is none; write a label with -up or -down, such as positive-up"
    case .tolerance(let value): "the tolerance \(value) is not from 0 to below 1; correct it"
    case .toleranceWithoutDirection: "\"tolerance\" goes with \"direction\"; add that or remove it"
    }
  }
}
