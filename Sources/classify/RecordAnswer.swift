import Recurrent
import TextRecords

/// What is written for one record: a prediction, or why there is none.
enum RecordAnswer {
  case prediction(Prediction)
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
    case .tooManyTokens: (code, failureCode) = ("too_many_tokens", .badInput)
    }
    message = "\(error)"
  }
}
