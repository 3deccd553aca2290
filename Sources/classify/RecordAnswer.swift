import Recurrent
import TextRecords

/// What is written for one record: a prediction, or why there is none.
enum RecordAnswer {
  /// - Parameter isAbstained: whether the best score is too low to be an answer.
  case prediction(Prediction, isAbstained: Bool)
  case fault(RecordError)
}

/// Why a record has no prediction.
struct RecordError: Error {
  /// A stable name for programs.
  let code: String
  /// One line for people.
  let message: String
  /// The exit status of a run that stops here.
  let failureCode: CommandFailure.Code

  init(_ fault: RecordFault) {
    code = fault.code
    message = "\(fault)"
    failureCode = .badInput
  }

  init(_ error: ClassificationError) {
    switch error {
    case .notFinite: (code, failureCode) = ("not_finite", .internalError)
    case .tooManyTokens: (code, failureCode) = (Self.tooManyTokens, .badInput)
    }
    message = "\(error)"
  }

  /// A text that `--truncate error` keeps from being cut.
  init(tokens count: Int, limit: Int) {
    code = Self.tooManyTokens
    message =
      "the text has \(count) tokens, more than the limit of \(limit); raise --max-tokens, or cut it with --truncate head, "
      + "tail or middle"
    failureCode = .badInput
  }

  private static let tooManyTokens = "too_many_tokens"
}
